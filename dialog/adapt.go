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
	f.Done = flow.stillDone(f.Done, renamed)
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

// stillDone keeps how handoffs and calls ended under their present names; of two
// that have become one, the one that has the name already.
func (f *Flow) stillDone(done map[string]string, renamed func(string) string) map[string]string {
	kept := map[string]string{}
	for _, same := range []bool{true, false} {
		for _, id := range slices.Sorted(maps.Keys(done)) {
			now := renamed(id)
			s := f.step(now)
			if _, taken := kept[now]; taken || s == nil || (now == id) != same {
				continue
			}
			switch s.do.(type) {
			case *handoff, *call:
				kept[now] = done[id]
			}
		}
	}
	return kept
}

// holds tells whether a slot can still have a value.
func (f *Flow) holds(name, value string) bool {
	slot := f.Slots[name]
	if slot == nil {
		return false
	}
	if slot.Type == supportbot.SlotPick {
		return true // its choices come from the conversation
	}
	_, ok := normal(slot.Slot, slot, value)
	return ok
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
	t.mend()
	return t.unsound == 0
}

// mend makes the stack one on which the engine can run: a flow that cannot go on
// where it stood begins again on the answers that are left, one that the content
// no longer has is closed, and whoever waits for an agent goes on waiting. It
// tells whether the current flow begins again.
func (t *turn) mend() (again bool) {
	*t.s = Adapt(t.book, *t.s)
	old, frozen := t.s.Stack, -1
	if t.s.Case != nil {
		frozen = t.s.Case.Frame
	}
	t.s.Stack = nil
	gone, kept := false, false
	for i, end := 0, 0; i < len(old); i = end {
		for end = i + 1; end < len(old) && old[end].Called; end++ {
		}
		waits := frozen >= i && frozen < end
		stack, how := t.book.mended(old[i:end], waits, frozen-i)
		t.s.Stack = append(t.s.Stack, stack...)
		if waits {
			t.s.Case.Frame, kept = len(t.s.Stack)-1, true
		}
		if how != stood {
			t.unsound++
		}
		gone, again = gone || how == lost, how == restarted
	}
	if t.s.Case != nil && !kept {
		t.s.Case, t.out.Leave = nil, true
		t.unsound++
	}
	if gone {
		t.say(t.book.flow(patternLost))
	}
	return again
}

// fate is what becomes of an open flow when the content changes.
type fate int

const (
	stood     fate = iota
	restarted      // begins again
	requeued       // its person waits for an agent in another flow
	lost           // the content no longer has it
)

// mended is an open flow, with those that it called, as it goes on. With waits
// the frame at frozen waits for an agent, and the last one returned will.
func (b *Book) mended(frames []Frame, waits bool, frozen int) ([]Frame, fate) {
	n, handsOver := b.standing(frames), false
	if waits {
		_, handsOver = b.at(frames[frozen]).(*handoff)
	}
	switch {
	case waits && n > frozen && handsOver:
		return frames[:frozen+1], stood
	case !waits && n == len(frames):
		return frames, stood
	case waits && b.flows[frames[0].Flow] == nil:
		return []Frame{b.queue()}, requeued
	case waits:
		return []Frame{frames[0].restarted(b), b.queue()}, requeued
	case n < len(frames) && b.flows[frames[n].Flow] != nil:
		return append(frames[:n:n], frames[n].restarted(b)), restarted
	case b.flows[frames[0].Flow] != nil:
		return []Frame{frames[0].restarted(b)}, restarted
	}
	return nil, lost
}

// standing counts the frames, from the first, that stand at a step which the
// content still has and, if another follows, calls that one's flow.
func (b *Book) standing(frames []Frame) int {
	for i, f := range frames {
		do := b.at(f)
		if do == nil {
			return i
		}
		if c, ok := do.(*call); i+1 < len(frames) && (!ok || c.flow != frames[i+1].Flow) {
			return i
		}
	}
	return len(frames)
}

// at is what the step does at which a frame stands, nil if there is none.
func (b *Book) at(f Frame) action {
	if flow := b.flows[f.Flow]; flow != nil && flow.step(f.Step) != nil {
		return flow.step(f.Step).do
	}
	return nil
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
		Flow: f.Flow, Step: b.flow(f.Flow).Steps[0].ID, Called: f.Called, Again: true,
		Slots: f.Slots, Done: f.Done, Proof: f.Proof, Pick: f.Pick,
	}
}

// replays tells whether a flow that runs again takes what a handoff or call came
// to from its memory: once, since what leads back to it is done anew.
func (t *turn) replays(f *Frame, s *step) bool {
	key := f.Flow + "/" + s.ID
	if !f.Again || t.replayed[key] {
		return false
	}
	if t.replayed == nil {
		t.replayed = map[string]bool{}
	}
	t.replayed[key] = true
	return true
}

// arrived ends the running again of the current flow and of those that called
// it: somebody is waited for.
func (t *turn) arrived() {
	for i := t.base(); i < len(t.s.Stack); i++ {
		t.s.Stack[i].Again = false
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
