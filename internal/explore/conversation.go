package explore

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/transcript"
	"supportbot/internal/turn"
)

// conversation is a walk so far, with what the invariants must know of its past.
type conversation struct {
	player   transcript.Player
	listener *listener
	channel  supportbot.Channel
	language supportbot.Language // that it began in
	turns    []transcript.Turn   // with the answers

	session   dialog.Session
	asks      supportbot.Question // what is open now
	choices   []supportbot.Choice // of the last reply
	choicesIn supportbot.Language // the language of their labels
	offered   []string            // values of all buttons that were ever shown, the newest last

	elapsed    time.Duration
	verified   time.Duration      // until when the last verdict "verified" holds
	proofs     map[time.Time]bool // ends of the proofs that verdicts gave
	unanswered int                // how often in a row the open question got words that are no answer, or silence
	silent     int                // how many of these were silence
}

func (e *Explorer) begin(channel supportbot.Channel, lang supportbot.Language) *conversation {
	c := &conversation{
		listener: &listener{memory: e.reader},
		channel:  channel,
		language: lang,
		session:  dialog.Session{Channel: channel, Language: lang},
		verified: -1,
		proofs:   map[time.Time]bool{},
	}
	c.player = *transcript.NewPlayer(turn.Content{Book: e.book, Reader: c.listener}, channel, lang)
	return c
}

// fork returns a copy that can go another way.
func (c *conversation) fork() *conversation {
	f := *c
	f.listener = &listener{memory: c.listener.memory}
	f.player.Content.Reader = f.listener
	f.player.Transcript = slices.Clip(c.player.Transcript)
	f.player.Thread.Timers = slices.Clone(c.player.Thread.Timers)
	f.turns = slices.Clip(c.turns)
	f.offered = slices.Clip(c.offered)
	f.proofs = maps.Clone(c.proofs)
	return &f
}

// place names where the conversation stands, for the counts.
func (c *conversation) place() string {
	at := fmt.Sprintf("%s [%s %s]", place(c.session), c.channel, c.session.Language)
	switch {
	case len(c.session.Stack) == 0:
		return "nothing open" + at[1:]
	case c.session.Case == nil || c.session.Case.Frame < len(c.session.Stack)-1:
		return at
	case c.session.Case.Agent != "":
		return at + " with an agent"
	}
	return at + " waiting"
}

// remember takes over what a turn has changed.
func (c *conversation) remember(e *Explorer, m *moment) {
	c.session, c.asks = m.after, m.asks
	if !sameQuestion(m.before, m.after) {
		c.choices = nil
	}
	c.elapsed += time.Second
	if d, err := time.ParseDuration(m.turn.Wait); err == nil {
		c.elapsed += d
	}
	for _, said := range m.said {
		if said.From != supportbot.FromBot {
			continue
		}
		c.choices, c.choicesIn = said.Choices, m.after.Language
		for _, choice := range said.Choices {
			if at := slices.Index(c.offered, choice.Value); at >= 0 {
				c.offered = slices.Delete(slices.Clone(c.offered), at, at+1)
			}
			c.offered = append(c.offered, choice.Value)
		}
	}
	if m.turn.Agent == "outcome "+string(supportbot.Verified) && m.held != nil && m.held.State == supportbot.CaseActive && m.held.Packet.Verifies != "" {
		c.verified = c.elapsed + e.promises.validity(m.held.Packet.Flow+"/"+m.held.Packet.Step)
		for _, f := range m.after.Stack {
			if f.Proof != nil {
				c.proofs[f.Proof.Until] = true
			}
		}
	}
	c.countUnanswered(m)
}

// countUnanswered counts while the question stays the same. Time that passes in
// a chat and mere courtesies neither count nor begin the count anew.
func (c *conversation) countUnanswered(m *moment) {
	switch {
	case m.asks.Queued || !sameQuestion(m.before, m.after):
		c.unanswered, c.silent = 0, 0
	case m.turn.Event == "silence":
		c.unanswered++
		c.silent++
	case m.heard != nil && len(m.heard.Commands) == 0:
		c.unanswered++
	case m.turn.Wait != "" || m.heard != nil && courteous(m.heard.Commands):
	default:
		c.unanswered, c.silent = 0, 0
	}
}

func courteous(commands []supportbot.Command) bool {
	return !slices.ContainsFunc(commands, func(c supportbot.Command) bool {
		return c.Kind != supportbot.CmdGreet && c.Kind != supportbot.CmdThanks && c.Kind != supportbot.CmdWait
	})
}

// sameQuestion tells whether two sessions stand at one question, asked once.
func sameQuestion(a, b dialog.Session) bool {
	if len(a.Stack) != len(b.Stack) || len(a.Stack) == 0 {
		return false
	}
	x, y := top(a), top(b)
	return x.Flow == y.Flow && x.Step == y.Step && slices.Equal(x.Trail, y.Trail)
}
