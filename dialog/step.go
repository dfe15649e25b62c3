package dialog

import (
	"slices"
	"time"

	"supportbot"
)

// Step takes a session through one event: it returns the next session and what
// is to be done. It is pure and total: it has no clock, no randomness and no
// I/O, it changes nothing that it was given, and it accepts any event in any
// session, also one that another version of the content has left behind.
func Step(book *Book, s Session, e Event) (Session, Effects) {
	s = s.clone()
	t := &turn{book: book, s: &s, e: e, fuel: maxMoves}
	t.begin()
	t.handle()
	t.finish()
	return s, t.out
}

// turn is one run of Step.
type turn struct {
	book *Book
	s    *Session
	e    Event
	out  Effects

	fuel     int             // moves left, so that a mistake in a proof cannot hang a server
	closed   bool            // a flow that the person started was closed
	farewell bool            // the person said goodbye
	repeated bool            // the person asked to hear it again
	changed  bool            // the content has changed under the current flow, which begins again
	unsound  int             // how many open flows could not stay where they stood
	replayed map[string]bool // "flow/step" of handoffs and calls that were taken from memory
	mark     int             // of a flow that runs again: replies from here on are dropped at the next stored answer
}

// maxMoves bounds one turn. The longest path between two questions in any
// sensible flow is far shorter, and the proofs refuse cycles without one.
const maxMoves = 500

func (t *turn) begin() {
	t.s.Ended = false
	if t.e.Language.Valid() {
		t.s.Language = t.e.Language
	}
	if !t.s.Language.Valid() {
		t.s.Language = supportbot.Chinese
	}
	t.changed = t.mend()
	t.expire()
}

// expire marks the proofs that have run out, so that a clock that is set back
// does not make them good again.
func (t *turn) expire() {
	for _, f := range t.s.Stack {
		if f.Proof != nil && t.e.At.After(f.Proof.Until) {
			f.Proof.Until = time.Time{}
		}
	}
}

func (t *turn) handle() {
	if t.e.Kind == HungUp {
		t.hangUp()
		return
	}
	if t.e.Kind == Moved {
		t.move()
		return
	}
	if t.s.Case != nil {
		t.whileFrozen()
		return
	}
	if t.changed {
		t.goOn()
		return
	}
	t.skipRating()
	switch t.e.Kind {
	case Opened:
		t.opened()
	case Said, Pressed:
		if t.e.Unseen != "" {
			t.pattern(unseen(t.e.Unseen), nil)
		}
		t.apply(t.said())
	case Sent:
		t.sent()
	case Chose:
		t.choose(t.said())
	case Silence:
		t.noInput()
	}
}

// opened greets who comes to an empty conversation, and leads who comes for
// something, by a link, to it.
func (t *turn) opened() {
	switch {
	case t.e.Choice != "":
		if len(t.s.Stack) == 0 {
			t.pattern(patternOpen, nil)
		}
		t.choose(t.chosen(t.e.Choice))
	case len(t.s.Stack) == 0:
		t.greet(patternOpen)
	default:
		t.advance()
	}
}

// hangUp ends a call. Whoever has left a number is called back and keeps the
// place in the queue. A chat that is closed stays as it is: the person finds it,
// and the agent's answer, when it is opened again.
func (t *turn) hangUp() {
	switch {
	case !t.s.Channel.IsVoice():
	case t.s.Case != nil && t.s.Case.Contact:
		t.s.Stack = t.s.Stack[:t.s.Case.Frame+1]
		t.pattern(patternHungUp, nil)
	default:
		t.out.Leave = t.s.Case != nil
		t.s.Case, t.s.Stack, t.s.Known = nil, nil, nil
	}
}

// advance runs steps until one waits or nothing is open.
func (t *turn) advance() { t.advanceTo(0) }

// advanceTo runs steps until one waits or only floor frames are left.
func (t *turn) advanceTo(floor int) {
	for len(t.s.Stack) > floor && !t.frozenAtTop() {
		if t.fuel--; t.fuel < 0 {
			t.s.Stack = nil
			t.say(t.book.flow(patternLost))
			return
		}
		f, flow := t.top()
		s := flow.step(f.Step)
		if f.Again && s == flow.Steps[0] {
			t.mark = len(t.out.Replies)
		}
		if s.Requires != "" && !t.proven(f) {
			continue
		}
		t.out.Visited = append(t.out.Visited, flow.Name+"/"+s.ID)
		switch s.do.run(t, s) {
		case wait:
			return
		case next:
			f, _ = t.top()
			f.goTo(flow.after(s))
		}
	}
}

// proven tells whether the proof that a step requires is in force. If it has
// run out, the flow goes back to the step that can renew it.
func (t *turn) proven(f *Frame) bool {
	switch {
	case f.Proof == nil: // only after a change of content: deny
		t.s.Stack = nil
		t.say(t.book.flow(patternLost))
		return false
	case t.e.At.After(f.Proof.Until):
		f.goTo(f.Proof.Step)
		f.Proof, f.Again, f.Trail = nil, false, f.Trail[:f.Behind]
		t.say(t.book.flow(patternExpired))
		return false
	}
	return true
}

// offerMore adds buttons to the last words of a matter that is settled in a
// chat, so that nobody is left in front of an empty field. Goodbye needs none.
func (t *turn) offerMore() {
	n := len(t.out.Replies)
	if !t.closed || n == 0 || !t.s.Channel.HasButtons() || t.s.Case != nil || len(t.out.Replies[n-1].Choices) > 0 || t.farewell {
		return
	}
	for i, value := range []string{"control:menu", "control:agent"} {
		t.out.Replies[n-1].Choices = append(t.out.Replies[n-1].Choices,
			supportbot.Choice{Label: ChoiceLabel(t.book, *t.s, value), Value: value, Key: string(rune('1' + i))})
	}
}

func (t *turn) finish() {
	if t.closed && t.s.Channel.IsVoice() && t.e.Kind != HungUp && t.mayRate() {
		t.rate()
	}
	t.s.Ended = t.s.Case == nil && (t.e.Kind == HungUp || t.closed && len(t.s.Stack) == 0)
	if !t.repeated {
		t.s.Repeats = 0
	}
	t.out.Topic = t.s.Topic
	t.s.Version = ""
	lasting := func(f Frame) bool { return !t.book.flow(f.Flow).Transient } // a menu can change at any time
	if slices.ContainsFunc(t.s.Stack, lasting) {
		t.s.Version = t.book.Version
	}
	if len(t.s.Stack) == 0 {
		t.offerMore()
		if !t.s.Channel.IsVoice() && t.mayRate() {
			t.out.Silence = rateAfter
		}
		return
	}
	f, flow := t.top()
	if topics := t.book.flow(t.reason()).Topics; len(topics) > 0 {
		t.out.Topic = topics[0]
	}
	if q, ok := flow.step(f.Step).do.(*ask); ok && !t.s.Channel.IsVoice() && f.NoInput < len(q.ladders.chat) {
		t.out.Silence = q.ladders.chat[f.NoInput].After
		if f.NoInput > 0 {
			t.out.Silence -= q.ladders.chat[f.NoInput-1].After
		}
	}
}
