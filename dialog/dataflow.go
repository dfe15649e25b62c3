package dialog

import (
	"maps"
	"slices"

	"supportbot"
)

// facts is what is certain on every path to a step.
type facts map[string]bool

// certain computes, for every step, the facts that hold on all paths to it:
// a forward must-analysis. flow gives the facts after an edge from those before
// its step.
func (f *Flow) certain(start facts, flow func(before facts, e edge) facts) map[string]facts {
	at := map[string]facts{f.Steps[0].ID: start}
	work := []string{f.Steps[0].ID}
	for len(work) > 0 {
		id := work[0]
		work = work[1:]
		for _, e := range f.edges(f.step(id)) {
			if e.to == "" {
				continue
			}
			after := flow(at[id], e)
			known, seen := at[e.to]
			if seen {
				after = intersect(known, after)
				if maps.Equal(known, after) {
					continue
				}
			}
			at[e.to] = after
			work = append(work, e.to)
		}
	}
	return at
}

func intersect(a, b facts) facts {
	both := facts{}
	for k := range a {
		if b[k] {
			both[k] = true
		}
	}
	return both
}

// proveReads refuses a slot that is read where some path has not set it.
func (f *Flow) proveReads(b *Book, problems *Problems) {
	start := facts{}
	for name, s := range f.Slots {
		if s.Given {
			start[name] = true
		}
	}
	at := f.certain(start, f.assigned)
	f.sure = at
	for _, s := range f.Steps {
		for _, name := range f.reads(s) {
			if known := at[s.ID]; known != nil && !known[name] {
				problems.add(s.pos, "step %s reads slot %s, which is not set on every way here; ask for it first, or branch on known: %s", s.ID, name, name)
			}
		}
	}
}

// assigned gives the slots that are set after an edge.
func (f *Flow) assigned(before facts, e edge) facts {
	after := maps.Clone(before)
	var drop func(slot string)
	drop = func(slot string) {
		delete(after, slot)
		if s := f.Slots[slot]; s != nil {
			for _, dependent := range s.Invalidates {
				drop(dependent)
			}
		}
	}
	switch do := e.from.do.(type) {
	case *ask:
		drop(do.slot)
		if e.why == onward {
			after[do.slot] = true
		}
	case *set:
		for _, a := range do.values {
			drop(a.slot)
			if a.value != "" {
				after[a.slot] = true
			}
		}
	case *branch:
		if e.known != "" {
			after[e.known] = true
		}
	}
	return after
}

// reads lists the slots that a step needs.
func (f *Flow) reads(s *step) []string {
	var names []string
	if b, ok := s.do.(*branch); ok {
		for _, c := range b.cases {
			if c.slot != "" && c.slot != c.known {
				names = append(names, c.slot)
			}
		}
	}
	for _, text := range allTexts(s) {
		for _, form := range []map[supportbot.Language]string{text.Written, text.Spoken} {
			for _, words := range form {
				for _, m := range placeholder.FindAllStringSubmatch(words, -1) {
					if f.Slots[m[1]] != nil {
						names = append(names, m[1])
					}
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// waited tells whether an edge is taken only after the person or an agent did
// something: after a question that was really asked, a handoff, or a call of a
// flow in which that is so.
func (f *Flow) waited(e edge, filled map[string]bool, waits map[string]map[string]bool) bool {
	switch do := e.from.do.(type) {
	case *ask:
		return e.why != onward || !filled[do.slot]
	case *handoff:
		return e.outcome != string(supportbot.Unavailable) // which may be known at once
	case *call:
		if e.outcome != "" {
			return waits[do.flow][e.outcome]
		}
		for _, all := range waits[do.flow] {
			if !all {
				return false
			}
		}
		return len(waits[do.flow]) > 0
	}
	return false
}

// waits tells of each ending whether the flow comes to it only after somebody
// did something; waits holds the same of the flows that it calls.
func (f *Flow) waits(waits map[string]map[string]bool) map[string]bool {
	const somebody = "somebody acted"
	filled := f.filled()
	after := func(before facts, e edge) facts {
		if before[somebody] || f.waited(e, filled, waits) {
			return facts{somebody: true}
		}
		return facts{}
	}
	return f.endingsWith(f.certain(facts{}, after), after, somebody)
}

// endingsWith tells of each ending whether a fact is certain there.
func (f *Flow) endingsWith(at map[string]facts, after func(facts, edge) facts, fact string) map[string]bool {
	endings := map[string]bool{}
	for _, s := range f.Steps {
		for _, e := range f.edges(s) {
			if e.end == "" || at[s.ID] == nil {
				continue
			}
			holds, seen := endings[e.end]
			endings[e.end] = (holds || !seen) && after(at[s.ID], e)[fact]
		}
	}
	return endings
}

// proveIdentity refuses a step that requires an identity where some path to it
// has none. It returns the endings at which the identity is always proven, so
// that a caller may rely on them; proven holds those of the flows called.
func (f *Flow) proveIdentity(proven map[string]map[string]bool, problems *Problems) map[string]bool {
	after := func(before facts, e edge) facts {
		out := maps.Clone(before)
		switch do := e.from.do.(type) {
		case *handoff:
			if do.verifies {
				delete(out, identity)
				if e.outcome == string(supportbot.Verified) {
					out[identity] = true
				}
			}
		case *call:
			if e.outcome != "" && proven[do.flow][e.outcome] {
				out[identity] = true
			}
		case *ask:
			if f.unproves(do.slot) {
				delete(out, identity)
			}
		case *set:
			for _, a := range do.values {
				if f.unproves(a.slot) {
					delete(out, identity)
				}
			}
		}
		return out
	}
	at := f.certain(facts{}, after)
	for id, known := range at {
		if known[identity] && f.sure[id] != nil {
			f.sure[id] = maps.Clone(f.sure[id])
			f.sure[id][identity] = true
		}
	}
	for _, s := range f.Steps {
		if known := at[s.ID]; s.Requires != "" && known != nil && !known[identity] {
			problems.add(s.pos, "step %s requires %s, and some way to it has no verified outcome; put a handoff that verifies it before", s.ID, s.Requires)
		}
	}
	return f.endingsWith(at, after, identity)
}

// unproves tells whether another answer to a slot costs the identity.
func (f *Flow) unproves(slot string) bool {
	s := f.Slots[slot]
	return slot == identity || s != nil && slices.ContainsFunc(s.Invalidates, f.unproves)
}
