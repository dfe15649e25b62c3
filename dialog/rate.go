package dialog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"supportbot"
)

// Rating is when a person may be asked what they thought of an agent's help, and
// when they were asked last.
type Rating struct {
	Due   time.Time `json:"due,omitzero"` // a case ended then, and nobody has been asked yet
	Asked time.Time `json:"asked,omitzero"`
}

const (
	slotScore = "score"

	rateAfter  = time.Minute         // of silence in a chat, so that the question is in nobody's way
	rateWithin = time.Hour           // of the end of the case: later nobody remembers
	rateEvery  = 30 * 24 * time.Hour // at most
)

// helped notes that an agent has ended the case that is live. Who loses money
// has other worries than to give marks.
func (t *turn) helped() {
	urgent := func(f Frame) bool { return t.book.flow(f.Flow).urgent() }
	if !slices.ContainsFunc(t.s.Stack, urgent) && (t.s.Rating.Asked.IsZero() || t.e.At.Sub(t.s.Rating.Asked) >= rateEvery) {
		t.s.Rating.Due = t.e.At
	}
}

// urgent tells whether a flow asks for an agent because money is being lost.
func (f *Flow) urgent() bool {
	return slices.ContainsFunc(f.Steps, func(s *step) bool {
		h, ok := s.do.(*handoff)
		return ok && h.priority == supportbot.Urgent
	})
}

// mayRate tells whether nothing is in the way of the question.
func (t *turn) mayRate() bool {
	return !t.s.Rating.Due.IsZero() && t.e.At.Sub(t.s.Rating.Due) < rateWithin && t.s.Case == nil && len(t.s.Stack) == 0 && !t.farewell
}

// rate asks for a mark, once for the case.
func (t *turn) rate() {
	t.s.Rating = Rating{Asked: t.e.At}
	t.startPattern(patternRate)
}

// skipRating forgets the question if something else was said, which goes on as
// if it had not been asked.
func (t *turn) skipRating() {
	if len(t.s.Stack) == 0 || t.started() != patternRate || t.e.Kind == Silence {
		return
	}
	answers := func(c supportbot.Command) bool {
		return c.Kind == supportbot.CmdRepeat || c.Kind == supportbot.CmdFill && c.Slot == slotScore
	}
	if !slices.ContainsFunc(t.said(), answers) {
		t.s.Stack = t.s.Stack[:t.base()]
	}
}

// rated takes the mark, mark-1 to mark-5, out of the flow that asked for it. On the
// phone the call is over with it.
func (t *turn) rated(f Frame) {
	t.out.Score, _ = strconv.Atoi(strings.TrimPrefix(f.Slots[slotScore], "mark-")) // 0 for none
	t.closed = true
}
