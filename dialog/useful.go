package dialog

// maxQuestions is how many questions a flow may ask before it helps: before a
// step that teaches, an article, or an agent.
const maxQuestions = 6

// questioning is how much a flow asks before it helps.
type questioning struct {
	most     int // on any way
	unhelped int // on any way to an end without help; -1 if there is none
}

// proveUseful refuses a flow that asks too much before it helps; called holds
// what is known of the flows that it calls.
func (f *Flow) proveUseful(called map[string]questioning, problems *Problems) questioning {
	result := questioning{unhelped: -1}
	open, walked := map[string]bool{}, map[string]int{}
	reported := false
	tooMany := func(s *step, asked int) bool {
		if asked > maxQuestions && !reported {
			reported = true
			problems.add(s.pos, "step %s comes to question number %d of flow %s before anything helpful; teach something first (teaches: […]), give an article, or bring an agent", s.ID, asked, f.Name)
		}
		return asked > maxQuestions
	}
	var walk func(s *step, asked int)
	walk = func(s *step, asked int) {
		if before, seen := walked[s.ID]; open[s.ID] || seen && before >= asked {
			return
		}
		walked[s.ID] = asked
		result.most = max(result.most, asked)
		if s.helps() {
			return
		}
		switch do := s.do.(type) {
		case *ask:
			asked++
		case *call:
			if callee := called[do.flow]; tooMany(s, asked+callee.most) || callee.unhelped < 0 {
				result.most = max(result.most, asked+callee.most)
				return
			}
			asked += called[do.flow].unhelped
		}
		if tooMany(s, asked) {
			return
		}
		open[s.ID] = true
		for _, e := range f.edges(s) {
			switch to := f.step(e.to); {
			case e.why == failing || e.why == asking:
			case to != nil:
				walk(to, asked)
			default:
				result.unhelped = max(result.unhelped, asked)
			}
		}
		open[s.ID] = false
	}
	walk(f.Steps[0], 0)
	return result
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
