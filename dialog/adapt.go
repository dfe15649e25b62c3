package dialog

import (
	"maps"
	"slices"

	"supportbot"
)

// Adapt takes a session that another version of the content has left behind to
// this one: renamed flows and steps get their new names, and answers that are
// none any more are forgotten. A frame that can no longer stand where it stood
// has no step after it; Step runs such a flow again on the answers that are
// left.
func Adapt(book *Book, s Session) Session {
	if s.Version == book.Version {
		return s
	}
	s = s.clone()
	for i := range s.Stack {
		book.adapt(&s.Stack[i])
	}
	return s
}

func (b *Book) adapt(f *Frame) {
	if now, ok := b.was[f.Flow]; ok {
		f.Flow = now
	}
	flow := b.flows[f.Flow]
	if flow == nil {
		return
	}
	renamed := func(id string) string {
		if now, ok := flow.was[id]; ok {
			return now
		}
		return id
	}
	f.Step = renamed(f.Step)
	for i := range f.Trail {
		f.Trail[i] = renamed(f.Trail[i])
	}
	f.forget(func(id string) bool { return flow.question(id) == nil })
	for i := range f.Said {
		f.Said[i] = renamed(f.Said[i])
	}
	done := map[string]string{}
	for id, how := range f.Done {
		if flow.step(renamed(id)) != nil {
			done[renamed(id)] = how
		}
	}
	f.Done = done
	if f.Proof != nil {
		if f.Proof.Step = renamed(f.Proof.Step); flow.step(f.Proof.Step) == nil {
			f.Proof = nil
		}
	}
	maps.DeleteFunc(f.Slots, func(name, value string) bool { return !flow.holds(name, value) })
	if !flow.sound(f) {
		f.Step = ""
	}
}

// holds tells whether a slot can still have a value.
func (f *Flow) holds(name, value string) bool {
	slot := f.Slots[name]
	if slot == nil {
		return false
	}
	switch slot.Type {
	case supportbot.SlotEnum, supportbot.SlotBool:
		return slices.ContainsFunc(slot.Options, func(o supportbot.Option) bool { return o.Value == value })
	}
	return true
}

// sound tells whether all is known that is certain on every way to where the
// frame stands.
func (f *Flow) sound(frame *Frame) bool {
	if f.step(frame.Step) == nil {
		return false
	}
	for name := range f.sure[frame.Step] {
		if name == identity && frame.Proof == nil || name != identity && frame.Slots[name] == "" {
			return false
		}
	}
	return true
}

// Stands tells whether a conversation can go on where it stands under this
// content.
func Stands(book *Book, s Session) bool {
	t := &turn{book: book, s: &s}
	depth := len(s.Stack)
	return !t.mend() && len(s.Stack) == depth && len(t.out.Replies) == 0 && !t.out.Leave
}

// mend makes the stack one on which the engine can run: a flow that cannot go on
// where it stood begins again on the answers that are left, one that the content
// no longer has is closed, and whoever waits for an agent goes on waiting. It
// tells whether the current flow begins again.
func (t *turn) mend() (again bool) {
	*t.s = Adapt(t.book, *t.s)
	old, frozen, kept, gone := t.s.Stack, -1, false, false
	if t.s.Case != nil {
		frozen = t.s.Case.Frame
	}
	t.s.Stack = nil
	for i, end := 0, 0; i < len(old); i = end {
		for end = i + 1; end < len(old) && old[end].Called; end++ {
		}
		block, at := old[i:end], len(t.s.Stack)
		waits := frozen >= i && frozen < end
		again = false
		switch {
		case t.book.stands(block, waits, frozen-i):
			t.s.Stack = append(t.s.Stack, block...)
			at += frozen - i
		case waits:
			t.s.Stack = append(t.s.Stack, t.book.queue())
		case t.book.flows[block[0].Flow] != nil:
			t.s.Stack = append(t.s.Stack, block[0].restarted(t.book))
			again = true
		default:
			gone = true
		}
		if waits {
			t.s.Case.Frame, kept = at, true
		}
	}
	if t.s.Case != nil && !kept {
		t.s.Case, t.out.Leave = nil, true
	}
	if gone {
		t.say(t.book.flow(patternLost))
	}
	return again
}

// stands tells whether the content still has all flows and steps at which
// frames stand, and a handoff where one of them waits for an agent.
func (b *Book) stands(frames []Frame, waits bool, frozen int) bool {
	for i, f := range frames {
		flow := b.flows[f.Flow]
		if flow == nil || flow.step(f.Step) == nil {
			return false
		}
		do := flow.step(f.Step).do
		if _, ok := do.(*handoff); waits && i == frozen {
			return ok
		}
		if c, ok := do.(*call); i+1 < len(frames) && (!ok || c.flow != frames[i+1].Flow) {
			return false
		}
	}
	return true
}

// queue is where somebody waits for an agent whose own flow is gone.
func (b *Book) queue() Frame {
	f := Frame{Flow: flowAgent}
	for _, s := range b.flow(flowAgent).Steps {
		if _, ok := s.do.(*handoff); ok {
			f.Step = s.ID
		}
	}
	return f
}

// restarted is the frame at its flow's beginning, on the answers that it has.
func (f Frame) restarted(b *Book) Frame {
	return Frame{
		Flow: f.Flow, Step: b.flow(f.Flow).Steps[0].ID, Again: true,
		Slots: f.Slots, Done: f.Done, Proof: f.Proof, Pick: f.Pick,
	}
}

// goOn continues a flow that begins again, since the content has changed under
// its open question: what was said may have been an answer to that, so only
// what steers the conversation is heeded.
func (t *turn) goOn() {
	t.say(t.book.flow(patternChanged))
	var steering []supportbot.Command
	for _, c := range t.said() {
		if c.Kind != supportbot.CmdFill && c.Kind != supportbot.CmdCorrect {
			steering = append(steering, c)
		}
	}
	if len(steering) > 0 {
		t.apply(steering)
		return
	}
	t.advance()
}

// rename reads under which names flows and steps stood before.
func (b *Book) rename(problems *Problems) {
	for _, name := range b.names {
		f := b.flows[name]
		for _, old := range f.Was {
			if b.flows[old] != nil || b.was[old] != "" {
				problems.add(f.pos, "flow %s was %q, but another flow bears or bore that name; take it out", name, old)
			}
			b.was[old] = name
		}
		for _, s := range f.Steps {
			for _, old := range s.Was {
				if f.step(old) != nil || f.was[old] != "" {
					problems.add(s.pos, "step %s was %q, but another step of flow %s bears or bore that id; take it out", s.ID, old, name)
				}
				f.was[old] = s.ID
			}
		}
	}
}
