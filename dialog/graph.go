package dialog

// edge is a way from one step to another, or to an end.
type edge struct {
	from    *step
	to      string // a step's id; "" if it ends the flow
	end     string
	why     edgeKind
	outcome string // of a handoff or a call
	known   string // of a branch: the slot that is filled on this way
}

type edgeKind int

const (
	onward  edgeKind = iota // after the step did its work: for a question, answered
	branchy                 // a branch of an if, an outcome, a return
	failing                 // a rung of a ladder
	asking                  // the person asks for an agent at a question
)

// edges lists every way out of a step.
func (f *Flow) edges(s *step) []edge {
	var list []edge
	add := func(x Exit, why edgeKind, outcome string) {
		if x.Goto != "" || x.End != "" {
			list = append(list, edge{from: s, to: x.Goto, end: x.End, why: why, outcome: outcome})
		}
	}
	switch do := s.do.(type) {
	case *handoff:
		for verdict, x := range do.outcomes {
			add(x, branchy, string(verdict))
		}
	case *call:
		for ending, x := range do.returns {
			add(x, branchy, ending)
		}
		if f.Agent != "" {
			add(Exit{Goto: f.Agent, pos: s.pos}, asking, "")
		}
	case *ask:
		for _, x := range do.exits() {
			add(x, failing, "")
		}
		if f.Agent != "" {
			add(Exit{Goto: f.Agent, pos: s.pos}, asking, "")
		}
	case *branch:
		add(do.otherwise, branchy, "")
		for _, c := range do.cases {
			add(c.exit, branchy, "")
			list[len(list)-1].known = c.known
		}
	default:
		for _, x := range do.exits() {
			add(x, branchy, "")
		}
	}
	if s.do.passes() {
		add(Exit{Goto: f.after(s), pos: s.pos}, onward, "")
	}
	return list
}

// cycle finds a way from a step back to itself along the edges that follow
// allows, nil if there is none.
func (f *Flow) cycle(follow func(edge) bool) []string {
	const (
		unseen = iota
		open
		done
	)
	state := map[string]int{}
	var trail []string
	var visit func(id string) []string
	visit = func(id string) []string {
		state[id] = open
		trail = append(trail, id)
		for _, e := range f.edges(f.step(id)) {
			if e.to == "" || !follow(e) {
				continue
			}
			if state[e.to] == open {
				for i, at := range trail {
					if at == e.to {
						return append(append([]string{}, trail[i:]...), e.to)
					}
				}
			}
			if state[e.to] == unseen {
				if found := visit(e.to); found != nil {
					return found
				}
			}
		}
		state[id] = done
		trail = trail[:len(trail)-1]
		return nil
	}
	for _, s := range f.Steps {
		if state[s.ID] == unseen {
			if found := visit(s.ID); found != nil {
				return found
			}
		}
	}
	return nil
}

// reachable returns the steps that a conversation can come to.
func (f *Flow) reachable() map[string]bool {
	seen := map[string]bool{}
	next := []string{f.Steps[0].ID}
	for len(next) > 0 {
		id := next[0]
		next = next[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, e := range f.edges(f.step(id)) {
			if e.to != "" {
				next = append(next, e.to)
			}
		}
	}
	return seen
}
