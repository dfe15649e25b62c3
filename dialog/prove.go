package dialog

import (
	"maps"
	"slices"
	"strings"
)

// prove shows of every flow that it cannot loop by itself, that whoever never
// answers still reaches an end or an agent, that nobody is questioned without
// being helped, that nothing is read before it is set, and that nothing that
// requires an identity is reached without one. The flows have passed check, so
// every goto resolves.
func (b *Book) prove(problems *Problems) {
	proven, waits := map[string]map[string]bool{}, map[string]map[string]bool{}
	idle, questions := map[string]map[string]bool{}, map[string]questioning{}
	for _, name := range b.callOrder() {
		f := b.flows[name]
		waits[name] = f.waits(waits)
		idle[name] = f.idleEndings(idle)
		f.proveSteps(waits, idle, problems)
		f.proveReads(b, problems)
		questions[name] = f.proveUseful(questions, problems)
		proven[name] = f.proveIdentity(proven, problems)
	}
}

func (f *Flow) proveSteps(waits, idle map[string]map[string]bool, problems *Problems) {
	reachable := f.reachable()
	for _, s := range f.Steps {
		if !reachable[s.ID] {
			problems.add(s.pos, "step %s of flow %s is never reached; lead to it with a goto, or take it out", s.ID, f.Name)
		}
	}
	filled := f.filled()
	loop := f.cycle(func(e edge) bool { return e.why != asking && !f.waited(e, filled, waits) })
	if loop != nil {
		problems.add(f.step(loop[0]).pos, "%s goes in a circle without a question; it would talk for ever. Ask something on the way", strings.Join(loop, " → "))
		return
	}
	// Follow a person who never answers: whoever asks for an agent, or answers,
	// has left this path.
	loop = f.cycle(func(e edge) bool { return e.idle(idle, filled) })
	if loop != nil {
		problems.add(f.step(loop[0]).pos, "%s asks for ever when it is never answered; let a ladder lead to an agent or an end", strings.Join(loop, " → "))
	}
}

// idle tells whether an edge is taken also if the person never answers and no
// agent comes; endings holds those to which a called flow comes then, filled the
// slots whose questions may be passed.
func (e edge) idle(endings map[string]map[string]bool, filled map[string]bool) bool {
	switch do := e.from.do.(type) {
	case *handoff:
		return false
	case *ask:
		return e.why == failing || e.why == onward && filled[do.slot]
	case *call:
		if e.outcome != "" {
			return endings[do.flow][e.outcome]
		}
		for ending := range endings[do.flow] {
			if _, named := do.returns[ending]; !named {
				return e.why != asking
			}
		}
		return false
	}
	return e.why != asking
}

// idleEndings lists the endings to which a flow comes if the person never
// answers and no agent comes.
func (f *Flow) idleEndings(called map[string]map[string]bool) map[string]bool {
	endings, seen, filled := map[string]bool{}, map[string]bool{}, f.filled()
	for next := []string{f.Steps[0].ID}; len(next) > 0; next = next[1:] {
		if seen[next[0]] {
			continue
		}
		seen[next[0]] = true
		for _, e := range f.edges(f.step(next[0])) {
			switch {
			case !e.idle(called, filled):
			case e.to == "":
				endings[e.end] = true
			default:
				next = append(next, e.to)
			}
		}
	}
	return endings
}

// filled lists the slots that set steps fill, other flows, or the words that
// start this one: a question for one
// of them may be passed without asking.
func (f *Flow) filled() map[string]bool {
	slots := map[string]bool{}
	for name, s := range f.Slots {
		slots[name] = s.Remember || len(s.Early) > 0
	}
	for _, s := range f.Steps {
		if do, ok := s.do.(*set); ok {
			for _, a := range do.values {
				slots[a.slot] = slots[a.slot] || a.value != ""
			}
		}
	}
	return slots
}

// checkCalls refuses unknown flows, returns that never come, and flows that
// call each other in a circle.
func (b *Book) checkCalls(problems *Problems) {
	for _, name := range b.names {
		for _, s := range b.flows[name].Steps {
			c, ok := s.do.(*call)
			if !ok {
				continue
			}
			callee := b.flows[c.flow]
			if callee == nil {
				problems.add(s.pos, "call %q: there is no such flow%s", c.flow, didYouMean(c.flow, b.names))
				continue
			}
			endings := callee.endings()
			for ending, x := range c.returns {
				if !slices.Contains(endings, ending) {
					problems.add(x.pos, "flow %s never ends with %q%s; its endings are %s", c.flow, ending, didYouMean(ending, endings), oneOf(endings))
				}
			}
			if b.callsItself(name, c.flow, map[string]bool{}) {
				problems.add(s.pos, "flow %s calls itself by way of %s; break the circle", name, c.flow)
			}
		}
	}
}

func (b *Book) callsItself(name, at string, seen map[string]bool) bool {
	if at == name {
		return true
	}
	if seen[at] || b.flows[at] == nil {
		return false
	}
	seen[at] = true
	return slices.ContainsFunc(b.flows[at].callees(), func(callee string) bool { return b.callsItself(name, callee, seen) })
}

// endings lists the names under which a flow can end.
func (f *Flow) endings() []string {
	seen := map[string]bool{}
	for _, s := range f.Steps {
		for _, e := range f.edges(s) {
			if e.end != "" {
				seen[e.end] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (f *Flow) callees() []string {
	var names []string
	for _, s := range f.Steps {
		if c, ok := s.do.(*call); ok {
			names = append(names, c.flow)
		}
	}
	return names
}

// callOrder lists the flows so that each comes after those that it calls.
func (b *Book) callOrder() []string {
	var order []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, callee := range b.flows[name].callees() {
			visit(callee)
		}
		order = append(order, name)
	}
	for _, name := range b.names {
		visit(name)
	}
	return order
}
