package dialog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"supportbot"
)

// Session is all that the engine remembers of a conversation. It is a value of
// plain data: JSON between turns, small, and enough to go on from on any
// machine.
type Session struct {
	Channel   supportbot.Channel  `json:"channel"`
	Language  supportbot.Language `json:"lang"`
	Stack     []Frame             `json:"stack,omitempty"` // the open flows, the current one last
	Topic     string              `json:"topic,omitempty"` // of the article given last
	Known     map[string]Known    `json:"known,omitempty"` // answers that other flows take over, by slot
	Repeats   int                 `json:"repeats,omitempty"`
	Clarified int                 `json:"clarified,omitempty"` // how often in a row it was asked back what is meant
	Cases     int                 `json:"cases,omitempty"`     // how many cases were opened so far
	Case      *Frozen             `json:"case,omitempty"`      // the live case; while there is one, the stack is frozen
	Version   string              `json:"version,omitempty"`   // of the content that the open flows run on; "" if none is open that would notice
	Ended     bool                `json:"ended,omitempty"`     // the last turn closed the last open flow
	Rating    Rating              `json:"rating,omitzero"`
	Unclear   *Unclear            `json:"unclear,omitempty"` // what the person may yet say in other words; Step leaves it alone
}

// Frame is one open flow.
type Frame struct {
	Flow    string            `json:"flow"`
	Step    string            `json:"step"`
	Called  bool              `json:"called,omitempty"` // by the step of the frame below
	Slots   map[string]string `json:"slots,omitempty"`
	Trail   []string          `json:"trail,omitempty"`    // the questions answered on the way, in order
	Behind  int               `json:"behind,omitempty"`   // how many of them lie behind a handoff: nobody goes back there
	NoMatch int               `json:"no_match,omitempty"` // how often the open question was not understood
	NoInput int               `json:"no_input,omitempty"` // and how often it got no answer
	Again   bool              `json:"again,omitempty"`    // runs from its start on the answers that it has, up to the next question
	Said    []string          `json:"said,omitempty"`     // the steps that were said on the way to the open question
	Done    map[string]string `json:"done,omitempty"`     // how handoffs and calls ended: never done twice by a correction
	Proof   *Proof            `json:"proof,omitempty"`
	Pick    []string          `json:"pick,omitempty"` // the candidates of a pick
}

// Unclear is what was said and not understood, until it shows what was meant.
type Unclear struct {
	Rows []int64   `json:"rows"` // of the inbox, in order
	At   time.Time `json:"at"`   // of the last of them
}

// Known is an answer that was given in one flow and serves others.
type Known struct {
	Value string    `json:"value"`
	At    time.Time `json:"at"`
}

// Proof is a verified identity: which step has it from a human, and how long
// it holds.
type Proof struct {
	Step  string    `json:"step"`
	Until time.Time `json:"until"`
}

// Frozen is what the engine knows of a live case.
type Frozen struct {
	Frame    int       `json:"frame"`              // the place in the stack of the flow that waits for it
	Verifies bool      `json:"verifies,omitempty"` // the agent was asked to verify the person's identity
	Agent    string    `json:"agent,omitempty"`    // who owns the conversation; "" while waiting
	ToldAt   time.Time `json:"told,omitzero"`      // when the person was last told to wait
	Mail     bool      `json:"mail,omitempty"`     // the person may be answered by e-mail
	Contact  bool      `json:"contact,omitempty"`  // the person left a telephone number
	Away     bool      `json:"away,omitempty"`     // the desk is closed or full: nobody comes before it opens
	Call     bool      `json:"call,omitempty"`     // the person waits to be called back, or is about to leave a number for it
}

// UnmarshalJSON reads a session that was kept, and refuses one that no turn could
// have left.
func (s *Session) UnmarshalJSON(data []byte) error {
	type plain Session
	if err := json.Unmarshal(data, (*plain)(s)); err != nil {
		return err
	}
	for i, f := range s.Stack {
		if f.Behind < 0 || f.Behind > len(f.Trail) {
			return fmt.Errorf("dialog: damaged session: %d of %d questions of flow %d lie behind a handoff", f.Behind, len(f.Trail), i)
		}
	}
	if s.Case != nil && (s.Case.Frame < 0 || s.Case.Frame >= len(s.Stack)) {
		return fmt.Errorf("dialog: damaged session: flow %d of %d waits for an agent", s.Case.Frame, len(s.Stack))
	}
	return nil
}

// clone returns a copy that shares nothing that Step changes.
func (s Session) clone() Session {
	s.Known = maps.Clone(s.Known)
	s.Stack = slices.Clone(s.Stack)
	for i := range s.Stack {
		f := &s.Stack[i]
		f.Slots = maps.Clone(f.Slots)
		f.Trail = slices.Clone(f.Trail)
		f.Said = slices.Clone(f.Said)
		f.Done = maps.Clone(f.Done)
		if f.Proof != nil {
			proof := *f.Proof
			f.Proof = &proof
		}
	}
	if s.Case != nil {
		frozen := *s.Case
		s.Case = &frozen
	}
	return s
}

// clear forgets the answer to a slot and all that depends on it, and with the
// identity the handoffs and calls that proved it.
func (f *Frame) clear(flow *Flow, slot string) {
	if slot == identity {
		f.Proof = nil
		for id := range f.Done {
			if s := flow.step(id); s != nil && proves(s) {
				delete(f.Done, id)
			}
		}
		return
	}
	delete(f.Slots, slot)
	f.forget(func(id string) bool {
		q := flow.question(id)
		return q == nil || q.slot == slot
	})
	f.invalidate(flow, slot)
}

// invalidate clears what depends on a slot. The load refuses slots that
// invalidate each other in a circle.
func (f *Frame) invalidate(flow *Flow, slot string) {
	if s := flow.Slots[slot]; s != nil {
		for _, dependent := range s.Invalidates {
			f.clear(flow, dependent)
		}
	}
}

// set answers a slot and forgets what depended on another answer.
func (f *Frame) set(flow *Flow, slot, value string) {
	if f.Slots[slot] == value {
		return
	}
	f.invalidate(flow, slot)
	if f.Slots == nil {
		f.Slots = map[string]string{}
	}
	f.Slots[slot] = value
}

// goTo moves the frame to another step, where the counting begins anew.
func (f *Frame) goTo(step string) {
	f.Step, f.NoMatch, f.NoInput = step, 0, 0
}

// forget takes questions out of the trail.
func (f *Frame) forget(drop func(id string) bool) {
	behind := len(slices.DeleteFunc(slices.Clone(f.Trail[:f.Behind]), drop))
	f.Trail = slices.DeleteFunc(f.Trail, drop)
	f.Behind = behind
}

// Standing is a session in the middle of a flow, as a test may begin with it. A
// proof of identity holds until the time given, if it is not zero.
func Standing(book *Book, flow, step string, slots map[string]string, proven time.Time) Session {
	f := Frame{Flow: flow, Step: step, Slots: maps.Clone(slots)}
	if known := book.flows[flow]; known != nil && !proven.IsZero() {
		for _, s := range known.Steps {
			if proves(s) {
				f.Proof = &Proof{Step: s.ID, Until: proven}
			}
		}
	}
	return Session{Stack: []Frame{f}, Version: book.Version}
}
