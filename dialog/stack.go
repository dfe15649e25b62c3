package dialog

import (
	"time"

	"supportbot"
)

// top returns the current frame and its flow.
func (t *turn) top() (*Frame, *Flow) {
	f := &t.s.Stack[len(t.s.Stack)-1]
	return f, t.book.flow(f.Flow)
}

func (t *turn) push(name string, f Frame) {
	if t.book.flow(name).urgent() {
		t.s.Rating.Due = time.Time{}
	}
	f.Flow, f.Step = name, t.book.flow(name).Steps[0].ID
	t.s.Stack = append(t.s.Stack, f)
}

func (t *turn) pop() Frame {
	f := t.s.Stack[len(t.s.Stack)-1]
	t.s.Stack = t.s.Stack[:len(t.s.Stack)-1]
	return f
}

// base is the place in the stack of the flow that the person started: the top
// one, or the one that called it.
func (t *turn) base() int {
	i := len(t.s.Stack) - 1
	for i > 0 && t.s.Stack[i].Called {
		i--
	}
	return i
}

// dropTransient closes flows that give way to what starts next.
func (t *turn) dropTransient() {
	for len(t.s.Stack) > 0 && t.book.flow(t.started()).Transient {
		t.s.Stack = t.s.Stack[:t.base()]
	}
}

// waiting lists the flows that the person started and that wait to go on, the
// newest first.
func (t *turn) waiting() []string {
	var flows []string
	for i := len(t.s.Stack) - 1; i >= 0; i-- {
		if f := t.s.Stack[i]; !f.Called && !t.book.flow(f.Flow).Transient {
			flows = append(flows, f.Flow)
		}
	}
	return flows
}

// raise brings an open flow, with those that it called, to the top. It returns
// false if the flow is not open.
func (t *turn) raise(name string) bool {
	for i := range t.s.Stack {
		if t.s.Stack[i].Flow != name || t.s.Stack[i].Called {
			continue
		}
		end := i + 1
		for end < len(t.s.Stack) && t.s.Stack[end].Called {
			end++
		}
		block := append([]Frame(nil), t.s.Stack[i:end]...)
		t.s.Stack = append(append(t.s.Stack[:i:i], t.s.Stack[end:]...), block...)
		return true
	}
	return false
}

// everything is the ending that closes all open flows.
const everything = "everything"

// leave takes an exit of the current step.
func (t *turn) leave(x Exit) result {
	t.sayText(x.Say)
	if x.Goto != "" {
		f, _ := t.top()
		f.goTo(x.Goto)
		return moved
	}
	t.close(x.End)
	return moved
}

// close ends the current flow.
func (t *turn) close(ending string) {
	f := t.pop()
	flow := t.book.flow(f.Flow)
	switch {
	case ending == everything:
		t.s.Stack = nil
		t.closed = true
	case f.Called && len(t.s.Stack) > 0:
		caller, callerFlow := t.top()
		s := callerFlow.step(caller.Step)
		if c, ok := s.do.(*call); ok {
			c.returned(t, s, ending, f.Proof)
		}
	case flow.asksContact():
		t.out.Contact = f.Slots[slotContact]
		if t.s.Case != nil && t.out.Contact != "" && !supportbot.IsEmail(t.out.Contact) {
			t.s.Case.Contact = true
		}
		t.numberLeft()
	case flow.Name == patternRate:
		t.rated(f)
	case !flow.Transient:
		t.closed = true
		if len(t.waiting()) > 1 {
			t.push(patternResume, Frame{Pick: t.waiting()})
		}
	}
}

// question returns the question that is open, if one is.
func (t *turn) question() (*ask, *Slot, bool) {
	if len(t.s.Stack) == 0 || t.frozenAtTop() {
		return nil, nil, false
	}
	f, flow := t.top()
	q, ok := flow.step(f.Step).do.(*ask)
	if !ok {
		return nil, nil, false
	}
	return q, flow.Slots[q.slot], true
}

// options are the choices of a slot; those of a pick are made from where it
// picks, with the slot's own after them.
func (t *turn) options(f *Frame, slot *Slot) []supportbot.Option {
	if slot.Type != supportbot.SlotPick {
		return slot.Options
	}
	return t.book.pick(slot, f.Pick)
}

// seal makes that nobody goes back behind what a human decided, neither in the
// current flow nor in those that called it.
func (t *turn) seal() {
	for i := t.base(); i < len(t.s.Stack); i++ {
		t.s.Stack[i].Behind = len(t.s.Stack[i].Trail)
	}
}
