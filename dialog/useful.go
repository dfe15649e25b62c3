package dialog

// maxQuestions is how many questions a flow may ask before it helps: before a
// step that teaches, an article, or an agent.
const maxQuestions = 6

// proveUseful refuses a flow that asks too much before it helps. It returns the
// most questions on any way to the first help; questions holds those of the
// flows that it calls.
func (f *Flow) proveUseful(questions map[string]int, problems *Problems) int {
	most, open := 0, map[string]bool{}
	reported := false
	var walk func(s *step, asked int)
	walk = func(s *step, asked int) {
		most = max(most, asked)
		if s.helps() || open[s.ID] {
			return
		}
		switch do := s.do.(type) {
		case *call:
			most = max(most, asked+questions[do.flow])
			return // what follows comes after the help that the other flow gave
		case *ask:
			if asked++; asked > maxQuestions {
				if !reported {
					problems.add(s.pos, "question %s is number %d of flow %s before anything helpful; teach something first (teaches: […]), give an article, or bring an agent", s.ID, asked, f.Name)
				}
				reported = true
				return
			}
		}
		open[s.ID] = true
		for _, e := range f.edges(s) {
			if to := f.step(e.to); to != nil && e.why != failing && e.why != asking {
				walk(to, asked)
			}
		}
		open[s.ID] = false
	}
	walk(f.Steps[0], 0)
	return most
}

// helps tells whether a step teaches something or brings a human.
func (s *step) helps() bool {
	if len(s.Teaches) > 0 {
		return true
	}
	switch do := s.do.(type) {
	case *say:
		return do.article != ""
	case *handoff:
		return true
	}
	return false
}
