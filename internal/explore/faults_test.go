package explore

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/transcript"
)

// fault is a mistake of the engine's, planted around its turns: before may
// change what goes in, after what has come out.
type fault struct {
	before func(*transcript.Player, *transcript.Turn)
	after  func(*transcript.Player, dialog.Session, transcript.Turn) error
}

func (f fault) around(next play) play {
	return func(p *transcript.Player, t transcript.Turn) (transcript.Turn, supportbot.Outcome, error) {
		asked, before := t, session(p)
		if f.before != nil {
			f.before(p, &t)
		}
		got, out, err := next(p, t)
		if f.after != nil && err == nil {
			err = f.after(p, before, asked)
		}
		got.User, got.Choice = asked.User, asked.Choice
		return got, out, err
	}
}

// session is what a player keeps between turns.
func session(p *transcript.Player) (s dialog.Session) {
	if len(p.Thread.Session) > 0 {
		if err := json.Unmarshal(p.Thread.Session, &s); err != nil {
			panic(err)
		}
	}
	return s
}

// keep puts a session in its place.
func keep(p *transcript.Player, s dialog.Session) {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	p.Thread.Session = data
}

// edits is a fault that changes the session after turns that end at a place.
func edits(at string, change func(*dialog.Frame)) fault {
	return fault{after: func(p *transcript.Player, _ dialog.Session, _ transcript.Turn) error {
		if s := session(p); place(s) == at {
			change(&s.Stack[len(s.Stack)-1])
			keep(p, s)
		}
		return nil
	}}
}

// misspeaks is a fault that changes what the bot has said last at a place.
func misspeaks(at string, change func(*supportbot.Message)) fault {
	return fault{after: func(p *transcript.Player, _ dialog.Session, _ transcript.Turn) error {
		if n := len(p.Transcript); place(session(p)) == at && n > 0 {
			p.Transcript = slices.Clone(p.Transcript)
			change(&p.Transcript[n-1])
		}
		return nil
	}}
}

// mishears is a fault that takes one input at a place for another.
func mishears(at string, hear func(s dialog.Session, t *transcript.Turn)) fault {
	return fault{before: func(p *transcript.Player, t *transcript.Turn) {
		if s := session(p); place(s) == at {
			hear(s, t)
		}
	}}
}

// fails is a fault of turns that end at a place.
func fails(at string, how func() error) fault {
	return fault{after: func(p *transcript.Player, _ dialog.Session, _ transcript.Turn) error {
		if place(session(p)) == at {
			return how()
		}
		return nil
	}}
}

// everywhere is a fault that changes the session after any turn.
func everywhere(change func(p *transcript.Player, before dialog.Session, s *dialog.Session, t transcript.Turn)) fault {
	return fault{after: func(p *transcript.Player, before dialog.Session, t transcript.Turn) error {
		if s := session(p); len(p.Thread.Session) > 0 {
			change(p, before, &s, t)
			keep(p, s)
		}
		return nil
	}}
}

// plantedFaults are mistakes of the engine, the invariant that they break, and
// how many turns show it, the probe aside.
var plantedFaults = map[string]struct {
	fault
	invariant string
	turns     int
}{
	"a panic at one deep step": {
		fails("errand/number", func() error { panic("index out of range") }), turnSucceeds, 5},
	"an error of a turn": {
		fails("errand/happy", func() error { return errors.New("cannot write") }), turnSucceeds, 5},
	"a flow that is not there": {
		edits("errand/number", func(f *dialog.Frame) { f.Flow = "gone" }),
		"something is asked, somebody is waited for, or nothing is open", 5},
	"a way that is lost": {
		fault{before: func(p *transcript.Player, _ *transcript.Turn) {
			if s := session(p); place(s) == "errand/number" {
				s.Stack[len(s.Stack)-1].Flow = "gone"
				keep(p, s)
			}
		}},
		"every turn finds its way", 6},
	"attempts are not counted": {
		edits("errand/place", func(f *dialog.Frame) { f.NoMatch, f.NoInput = 0, 0 }),
		"attempts are bounded", 7},
	"silence changes nothing": {
		mishears("second/colour", func(_ dialog.Session, t *transcript.Turn) {
			if t.Event == "silence" {
				t.Event = "open"
			}
		}),
		"whoever is only silent is led to an end or an agent", 3},
	"mumbling changes nothing": {
		mishears("second/colour", func(s dialog.Session, t *transcript.Turn) {
			if t.User == mumble[s.Language] {
				*t = happens("open")
			}
		}),
		"whoever only mumbles is led to an end or an agent", 3},
	"a case that nothing waits for": {
		everywhere(func(_ *transcript.Player, _ dialog.Session, s *dialog.Session, t transcript.Turn) {
			if t.Agent == "release" {
				s.Case = nil
			}
		}),
		"something is asked, somebody is waited for, or nothing is open", 3},
	"a proof that nobody gave": {
		edits("errand/place", func(f *dialog.Frame) { f.Proof = &dialog.Proof{Step: "agent", Until: time.Unix(2e9, 0)} }),
		"what requires identity has a verdict", 4},
	"an outcome that nobody gave": {
		edits("errand/place", func(f *dialog.Frame) { f.Done = map[string]string{"agent": "verified"} }),
		"what requires identity has a verdict", 4},
	"a forged button that is believed": {
		fault{before: func(p *transcript.Player, t *transcript.Turn) {
			if s := session(p); t.Choice == "outcome=verified" && s.Case != nil {
				s.Stack[s.Case.Frame].Proof = &dialog.Proof{Step: "agent", Until: time.Unix(2e9, 0)}
				keep(p, s)
			}
		}},
		"what requires identity has a verdict", 3},
	"an expired proof that is taken": {
		fault{before: func(p *transcript.Player, _ *transcript.Turn) {
			if s := session(p); place(s) == "errand/happy" {
				s.Stack[len(s.Stack)-1].Proof.Until = time.Unix(2e9, 0)
				keep(p, s)
			}
		}},
		"what requires identity has a verdict", 6},
	"a bot that speaks beside the agent": {
		everywhere(func(p *transcript.Player, before dialog.Session, s *dialog.Session, t transcript.Turn) {
			if before.Case != nil && before.Case.Agent != "" && s.Case != nil && t.User != "" {
				p.Transcript = append(p.Transcript, supportbot.Message{From: supportbot.FromBot, Text: "请等客服 Please wait"})
			}
		}),
		"the bot is silent while an agent is there", 4},
	"a placeholder left open": {
		misspeaks("errand/model", func(m *supportbot.Message) { m.Text += " {brand}" }),
		"no placeholder is left open", 3},
	"another language than that of the person": {
		misspeaks("third/size", func(m *supportbot.Message) { m.Text, m.Spoken = "Which size", "" }),
		"every reply is in the language of the conversation", 2},
	"a reply without words": {
		misspeaks("third/size", func(m *supportbot.Message) { m.Text, m.Spoken = "", "" }),
		"every reply is in the language of the conversation", 2},
	"a button that is not understood": {
		mishears("errand/place", func(_ dialog.Session, t *transcript.Turn) {
			if t.Choice == "place=shop" {
				t.Choice = "place=shed"
			}
		}),
		"every choice that is offered can be taken", 4},
	"a key that is taken for another": {
		mishears("errand/place", func(_ dialog.Session, t *transcript.Turn) {
			if t.Digits == "2" {
				t.Digits = "1"
			}
		}),
		"every choice that is offered can be taken", 4},
	"an agent who cannot be had": {
		mishears("errand/brand", func(s dialog.Session, t *transcript.Turn) {
			if t.User == wantsAgent[s.Language] {
				*t = happens("open")
			}
		}),
		"whoever wants an agent gets one", 2},
	"a flow that outlives its cancelling": {
		everywhere(func(_ *transcript.Player, before dialog.Session, s *dialog.Session, t transcript.Turn) {
			if place(before) == "errand/model" && t.User != "" && len(s.Stack) == 0 {
				s.Stack = before.Stack
			}
		}),
		"cancel leaves nothing of the flow open", 4},
	"a correction that calls the agent again": {
		fault{before: func(p *transcript.Player, _ *transcript.Turn) {
			if s := session(p); place(s) == "errand/happy" {
				s.Stack[len(s.Stack)-1].Done = nil
				keep(p, s)
			}
		}, after: edits("errand/happy", func(f *dialog.Frame) { f.Behind = 0 }).after},
		"a correction repeats no handoff", 9},
	"a session that grows": {
		edits("second/colour", func(f *dialog.Frame) { f.Said = append(f.Said, strings.Repeat("step", 1000)) }),
		"a session is small", 5},
	"a second case for a second tap": {
		everywhere(func(_ *transcript.Player, before dialog.Session, s *dialog.Session, t transcript.Turn) {
			if t.Choice == "control:contact" && before.Case != nil {
				s.Cases++
			}
		}),
		"a button pressed twice does no harm", 2},
	"a step that a second tap skips": {
		mishears("errand/model", func(_ dialog.Session, t *transcript.Turn) {
			if t.Choice == "brand=red" {
				*t = says("A920")
			}
		}),
		"a button pressed twice does no harm", 4},
}

func TestPlantedFaultsAreFound(t *testing.T) {
	sound := explorer(t, tiny)
	for name, planted := range plantedFaults {
		t.Run(name, func(t *testing.T) {
			e := *sound
			e.play = planted.around(e.play)
			finds(t, &e, planted.invariant, planted.turns)
		})
	}
}

// finds wants a walk that breaks an invariant, of so many turns before the probe,
// give or take one: which walk is shrunk depends on the words that are drawn.
func finds(t *testing.T, e *Explorer, invariant string, turns int) {
	t.Helper()
	for seed, events := range []int{1000, 6000, 12_000, 12_000, 12_000, 30_000} {
		for _, f := range e.Explore(t.Context(), uint64(seed)+1, events).Findings {
			if f.Invariant != invariant {
				continue
			}
			if f.prefix > turns+1 {
				t.Errorf("shrunk to %d turns, %d are enough:\n%s\n%s", f.prefix, turns, f.Saw, f.yaml())
			}
			return
		}
	}
	t.Error("not found")
}

// TestFlawedContentIsFound: flows that load, and are wrong all the same.
func TestFlawedContentIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		flow      string
		invariant string
		turns     int
	}{
		"an agent only after an answer": {`
flow: asks-first
goal: {zh: 先问, en: ask first}
start: {menu: "4", label: {zh: 先问, en: Ask first}}
agent: number
slots: {number: {type: digits, min: 4, max: 6}}
ladders:
  no_match: [{goto: agent}]
  no_input: {voice: [{goto: agent}], chat: [{after: 1h, end: expired}]}
steps:
- ask: number
  say: {zh: 几号, en: Which number}
- id: agent
  handoff: {}
  say: {zh: 请等客服, en: Please wait}
  outcomes: {handled: {end: handled}, unavailable: {end: unavailable}}
`, "whoever wants an agent gets one", 2},
		"an answer that is repeated at length": {`
flow: repeats
goal: {zh: 复述, en: repeat}
start: {menu: "4", label: {zh: 复述, en: Repeat}}
slots: {note: {type: text, max: 150}}
ladders:
  no_match: [{end: given-up}]
  no_input: {voice: [{end: given-up}], chat: [{after: 1h, end: expired}]}
steps:
- ask: note
  say: {zh: 怎么了, en: What is the matter}
- say: {zh: "您说：{note}", en: "You said: {note}"}
- end: done
`, "the limits of the channel are kept", 3},
	} {
		t.Run(name, func(t *testing.T) {
			finds(t, explorer(t, with(t, c.flow)), c.invariant, c.turns)
		})
	}
}

// with are the tiny flows and another one.
func with(t *testing.T, flow string) fs.FS {
	t.Helper()
	files := fstest.MapFS{"flows/another.yaml": {Data: []byte(flow)}}
	for _, name := range []string{"flows/errand.yaml", "flows/needed.yaml"} {
		data, err := fs.ReadFile(tiny, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}
