package dialog

import (
	"time"

	"supportbot"
)

// Flow is one guided conversation.
type Flow struct {
	Name      string
	Goal      supportbot.Text // what the person wants; named when the flow is stopped or waits
	Topics    []string        // starting one of these starts the flow
	MenuKey   string          // its key in the main menu, "" if it is not there
	MenuLabel supportbot.Text
	Agent     string   // the step that brings a human, who is asked for in the middle of this flow; "" is talk-to-agent
	Was       []string // names that it had in earlier versions of the content
	Transient bool     // gives way to whatever starts next, instead of waiting for it to end
	Slots     map[string]*Slot
	Steps     []*step
	ladders   ladders // for questions without their own

	pos
	index map[string]int
	was   map[string]string // the ids of steps, by those that they had
	sure  map[string]facts  // what is known on every way to a step
}

// step is one step of a flow. What it does is its action; one kind of action is
// one file.
type step struct {
	ID       string
	Requires string   // proof that must be in force: "identity"
	Teaches  []string // ids of the guide's facts
	Was      []string // ids that it had in earlier versions of the content
	Goto     string   // where to go on; "" is the next step
	do       action

	pos
}

// action is what a step does.
type action interface {
	// run does it. The frame on top of t's stack stands at s.
	run(t *turn, s *step) result
	// exits lists every way out but Step.Goto.
	exits() []Exit
	// passes tells whether the step can go on to Step.Goto or the next step.
	passes() bool
	// texts lists all that it may say, its exits' words left out.
	texts() []supportbot.Text
}

// result tells the engine how to go on after an action.
type result int

const (
	next  result = iota // at Step.Goto or the next step
	moved               // where the action has put the stack
	wait                // for the person, or for an agent
)

// Exit is a way out of a step: a rung of a ladder, a branch, an outcome.
type Exit struct {
	Say    supportbot.Text
	Repeat bool          // ask again; only in ladders
	Goto   string        // a step of the same flow
	End    string        // or the end of the flow, by this name
	After  time.Duration // of chat silence: since the question was asked
	pos
}

// Slot is a typed variable of a flow.
type Slot struct {
	supportbot.Slot
	Title       supportbot.Text // what agents see it called
	Invalidates []string        // slots whose answers depend on this one, or "identity"
	Given       bool            // filled by the engine before the flow starts
	Early       []string        // answers that the words which start the flow may hold
	Remember    bool            // asked once in a conversation: another flow takes the answer over
	From        string          // of a pick: "menu", "candidates" or "waiting"
	Topics      []string        // or the topics that it offers
	pos
}

// identity is the proof that a handoff can give and a step can require.
const identity = "identity"

// ladders say what happens when a question is not answered: one rung a time,
// and the last rung leaves the question. Mumbling and silence are counted
// apart, and together they are capped, so that alternating them defers nothing.
type ladders struct {
	noMatch []Exit
	voice   []Exit // silence on the phone
	chat    []Exit // silence in a chat
}

func (l ladders) silence(voice bool) []Exit {
	if voice {
		return l.voice
	}
	return l.chat
}

// totalCap is how often one question may go unanswered for whatever reasons,
// before the last rung of its no-match ladder is taken.
const totalCap = 4

// pos is where something stands in its file.
type pos struct {
	file string
	line int
}

// step returns the step with an id, nil if there is none.
func (f *Flow) step(id string) *step {
	if i, ok := f.index[id]; ok {
		return f.Steps[i]
	}
	return nil
}

// after returns the id of the step that s passes on to, "" at the end.
func (f *Flow) after(s *step) string {
	if s.Goto != "" {
		return s.Goto
	}
	if i := f.index[s.ID] + 1; i < len(f.Steps) {
		return f.Steps[i].ID
	}
	return ""
}

// question returns the question that a step asks, nil if it asks none.
func (f *Flow) question(id string) *ask {
	if s := f.step(id); s != nil {
		if q, ok := s.do.(*ask); ok {
			return q
		}
	}
	return nil
}
