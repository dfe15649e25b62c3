// Package transcript holds conversations as tests: what was said, and what the
// bot must answer, word for word. Saving a chat makes one; running one steps
// the same turns as a real conversation, with a clock of its own.
package transcript

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
)

// Transcript is one conversation.
type Transcript struct {
	Shows    string              `yaml:"transcript"` // what it is there to show
	Channel  supportbot.Channel  `yaml:"channel"`
	Language supportbot.Language `yaml:"language"`
	From     *From               `yaml:"from,omitempty"` // where it begins, if not at the greeting
	Turns    []Turn              `yaml:"turns"`
}

// From is a place in the middle of a flow.
type From struct {
	Flow  string            `yaml:"flow"`
	Step  string            `yaml:"step"`
	Slots map[string]string `yaml:"slots,omitempty,flow"`
	Proof string            `yaml:"proof,omitempty"` // how long a proof of identity still holds: 30m
}

// Turn is what came in, exactly one of the first six, and what came of it.
type Turn struct {
	User   string `yaml:"user,omitempty"`
	Choice string `yaml:"choice,omitempty"`
	Digits string `yaml:"digits,omitempty"`
	Event  string `yaml:"event,omitempty"`     // open, silence, hangup, sms, whatsapp or sms-keyed
	Agent  string `yaml:"agent,omitempty"`     // claim, release, close, message TEXT or outcome VERDICT
	Wait   string `yaml:"wait,omitempty"`      // lets time pass: 20m
	Desk   *Desk  `yaml:"desk,omitempty,flow"` // how the agents' desk stands from now on

	Quotes []Quote `yaml:"quotes,omitempty"` // of user: with what a language model answered, as the log of the turn has it

	Bot     []string             `yaml:"bot,omitempty"`
	Choices []string             `yaml:"choices,omitempty,flow"` // values of the last reply's buttons
	At      string               `yaml:"at,omitempty"`           // the open flow and step
	Case    supportbot.CaseState `yaml:"case,omitempty"`
	Ended   bool                 `yaml:"ended,omitempty"`
}

// Quote is a sentence of an article with which a language model answers a question.
type Quote struct {
	Topic string `yaml:"topic"`
	Text  string `yaml:"text"`
}

// Desk is how the agents' desk stands. Without one nobody knows.
type Desk struct {
	Opens string `yaml:"opens,omitempty"` // closed for so long: 15h; the desk's clock is that of Shanghai
	Full  bool   `yaml:"full,omitempty"`
	Ahead int    `yaml:"ahead,omitempty"` // who are before the person
	Mail  bool   `yaml:"mail,omitempty"`  // who is on the web may be answered by e-mail
	Pace  string `yaml:"pace,omitempty"`  // between two claims: 4m
}

// shanghai has no summer time.
var shanghai = time.FixedZone("CST", 8*60*60)

// at is the desk at a time.
func (d Desk) at(now time.Time) (*supportbot.Desk, error) {
	stands := supportbot.Desk{Full: d.Full, Mail: d.Mail}
	stands.Waiting[supportbot.Urgent.Rank()] = d.Ahead
	for _, length := range []string{d.Opens, d.Pace} {
		if _, err := time.ParseDuration(length); err != nil && length != "" {
			return nil, fmt.Errorf("desk: %q is no time like 20m", length)
		}
	}
	if opens, _ := time.ParseDuration(d.Opens); opens > 0 {
		stands.OpensAt = now.Add(opens).Truncate(time.Minute).In(shanghai)
	}
	stands.Pace, _ = time.ParseDuration(d.Pace)
	return &stands, nil
}

// Write writes a transcript.
func (t Transcript) Write(w io.Writer) error {
	d, err := yaml.NewDumper(w, yaml.WithIndent(2), yaml.WithLineWidth(-1), yaml.WithUnicode(true))
	if err != nil {
		return fmt.Errorf("transcript: %w", err)
	}
	if err := d.Dump(t); err != nil {
		return fmt.Errorf("transcript: write: %w", err)
	}
	return d.Close()
}

// began is when every transcript begins: a Tuesday, in office hours.
var began = time.Date(2026, time.January, 6, 2, 0, 0, 0, time.UTC)

// Player steps a conversation for a transcript.
type Player struct {
	turn.Rehearsal
	Visited map[string]bool // "flow/step"
	clock   time.Time
	address supportbot.Address
	lang    supportbot.Language
	count   int
}

// NewPlayer makes a player for a new conversation.
func NewPlayer(c turn.Content, channel supportbot.Channel, lang supportbot.Language) *Player {
	return &Player{
		Rehearsal: turn.Rehearsal{Content: c},
		Visited:   map[string]bool{},
		clock:     began,
		address:   supportbot.Address{Channel: channel, Peer: "transcript"},
		lang:      lang,
	}
}

// Begin puts a new conversation into the middle of a flow.
func (p *Player) Begin(from From) error {
	var proven time.Time
	if from.Proof != "" {
		d, err := time.ParseDuration(from.Proof)
		if err != nil {
			return fmt.Errorf("from: proof: %q is no time like 30m", from.Proof)
		}
		proven = p.clock.Add(d)
	}
	s := dialog.Standing(p.Content.Book, from.Flow, from.Step, from.Slots, proven)
	s.Channel, s.Language = p.address.Channel, p.lang
	session, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("from: %w", err)
	}
	p.Thread.Session = session
	return nil
}

// Play takes one turn and returns it with what came of it.
func (p *Player) Play(t Turn) (Turn, error) {
	result, _, err := p.PlayOutcome(t)
	return result, err
}

// PlayOutcome is Play for those who also need the outcome itself.
func (p *Player) PlayOutcome(t Turn) (Turn, supportbot.Outcome, error) {
	p.clock = p.clock.Add(time.Second)
	if t.Desk != nil {
		desk, err := t.Desk.at(p.clock)
		if err != nil {
			return t, supportbot.Outcome{}, err
		}
		p.Content.Desk = desk
	}
	before := len(p.Transcript)
	in, err := p.inbound(t)
	if err != nil {
		return t, supportbot.Outcome{}, err
	}
	if len(t.Quotes) > 0 {
		defer func(r turn.Reader) { p.Content.Reader = r }(p.Content.Reader)
		if p.Content.Reader, err = quoting(p.Content, t.Quotes); err != nil {
			return t, supportbot.Outcome{}, err
		}
	}
	var out supportbot.Outcome
	if t.Wait != "" {
		out, err = p.wait(t.Wait)
	} else {
		out, err = p.handle(in)
	}
	if err != nil {
		return t, supportbot.Outcome{}, err
	}
	if out.Agent != nil && out.Agent.Refused {
		return t, out, fmt.Errorf("agent %s: refused, there is no case that it fits", t.Agent)
	}
	return p.result(t, out, p.Transcript[before:]), out, nil
}

func (p *Player) handle(in supportbot.Inbound) (supportbot.Outcome, error) {
	p.count++
	in.Address, in.Language, in.At = p.address, p.lang, p.clock
	in.ID = fmt.Sprint(p.count)
	out, err := p.Handle(in)
	if in.Kind == supportbot.InMove {
		p.address.Channel = cmp.Or(in.To, supportbot.SMS) // what is said is read from now on
	}
	for _, id := range p.LastVisited() {
		p.Visited[id] = true
	}
	return out, err
}

// result fills in what came of a turn.
func (p *Player) result(t Turn, out supportbot.Outcome, said []supportbot.Message) Turn {
	t.Bot, t.Choices, t.At, t.Case, t.Ended = nil, nil, "", "", out.Ended
	for _, m := range said {
		if m.From != supportbot.FromBot {
			continue
		}
		t.Bot = append(t.Bot, m.Text)
		if m.Spoken != "" && p.address.Channel.IsVoice() {
			t.Bot[len(t.Bot)-1] = m.Spoken
		}
		t.Choices = nil
		for _, c := range m.Choices {
			t.Choices = append(t.Choices, c.Value)
		}
	}
	if out.Flow != "" {
		t.At = out.Flow + "/" + out.Step
	}
	if out.Case != nil {
		t.Case = out.Case.State
	}
	return t
}

// wait lets time pass and fires what comes due on the way.
func (p *Player) wait(length string) (out supportbot.Outcome, err error) {
	d, err := time.ParseDuration(length)
	if err != nil {
		return out, fmt.Errorf("wait: %q is no time like 20m", length)
	}
	until := p.clock.Add(d)
	for {
		due, ok := p.nextTimer(until)
		if !ok {
			p.clock = until
			return out, nil
		}
		p.clock = due.Due
		if out, err = p.handle(supportbot.Inbound{Kind: supportbot.InTimer, Timer: &due}); err != nil {
			return out, err
		}
	}
}

func (p *Player) nextTimer(until time.Time) (first supportbot.Timer, ok bool) {
	for _, t := range p.Thread.Timers {
		if !t.Due.After(until) && (!ok || t.Due.Before(first.Due)) {
			first, ok = t, true
		}
	}
	return first, ok
}

var errTurn = errors.New("a turn needs one of user, choice, digits, event, agent, wait")

// events are the names of what is neither said nor chosen.
var events = map[string]supportbot.InboundKind{
	"open": supportbot.InOpen, "silence": supportbot.InSilence, "hangup": supportbot.InHangup,
}

// moves are the events by which a caller goes on in writing.
var moves = map[string]supportbot.Inbound{
	"sms":       {Kind: supportbot.InMove},
	"whatsapp":  {Kind: supportbot.InMove, To: supportbot.WhatsApp},
	"sms-keyed": {Kind: supportbot.InMove, To: supportbot.SMS, Keyed: true},
}

func (p *Player) inbound(t Turn) (supportbot.Inbound, error) {
	if in, ok := t.Inbound(); ok {
		return in, nil
	}
	switch {
	case t.Event != "":
		return supportbot.Inbound{}, fmt.Errorf("event: %q is none of open, silence, hangup, sms, whatsapp, sms-keyed", t.Event)
	case t.Agent != "":
		return p.act(t.Agent)
	case t.Wait != "":
		return supportbot.Inbound{}, nil
	}
	return supportbot.Inbound{}, errTurn
}

// Inbound is what the person said or did in a turn; false for what an agent
// did, for time, and for nothing.
func (t Turn) Inbound() (in supportbot.Inbound, ok bool) {
	switch {
	case t.User != "":
		return supportbot.Inbound{Kind: supportbot.InText, Text: t.User}, true
	case t.Choice != "":
		return supportbot.Inbound{Kind: supportbot.InChoice, Choice: t.Choice}, true
	case t.Digits != "":
		return supportbot.Inbound{Kind: supportbot.InDigits, Digits: t.Digits}, true
	}
	if move, ok := moves[t.Event]; ok {
		return move, true
	}
	kind, ok := events[t.Event]
	return supportbot.Inbound{Kind: kind}, ok
}

// act reads what the agent does: the one agent of a transcript.
func (p *Player) act(what string) (supportbot.Inbound, error) {
	kind, rest, _ := strings.Cut(what, " ")
	act := supportbot.AgentAct{Kind: supportbot.ActKind(kind), Agent: "Lin"}
	switch act.Kind {
	case supportbot.ActClaim, supportbot.ActRelease, supportbot.ActClose, supportbot.ActCallback:
	case supportbot.ActMessage:
		act.Text = rest
	case supportbot.ActOutcome:
		act.Verdict = supportbot.Verdict(rest)
	default:
		return supportbot.Inbound{}, fmt.Errorf("agent: %q is none of claim, release, close, callback, message TEXT, outcome VERDICT", what)
	}
	if c := p.Thread.Case; c != nil {
		act.Case, act.Fence = c.ID, c.Fence
	}
	return supportbot.Inbound{Kind: supportbot.InAgent, Agent: &act}, nil
}
