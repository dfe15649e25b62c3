package replay

import (
	"cmp"
	"maps"
	"slices"
)

// Summary counts what many comparisons have shown.
type Summary struct {
	Conversations int           `json:"conversations"`
	Turns         int           `json:"turns"`
	Same          int           `json:"same"`      // conversations; see Comparison.Same
	Different     int           `json:"different"` // the others
	Lost          int           `json:"lost_cases"`
	New           int           `json:"new_cases"`
	Flows         []FlowSummary `json:"flows"`      // by name
	Steps         []StepSummary `json:"lost_steps"` // the most often run first

	flows       map[string]*FlowSummary
	before, now map[string]int // how often each step was run
}

// FlowSummary tells in how many conversations a flow was run, and in how many of
// them it is the first to say something else.
type FlowSummary struct {
	Flow          string `json:"flow"`
	Conversations int    `json:"conversations"`
	Different     int    `json:"different"`
}

// StepSummary is a step that was run before and never would be now.
type StepSummary struct {
	Step   string `json:"step"` // "flow/step"
	Before int    `json:"before"`
}

// Add counts one comparison.
func (s *Summary) Add(c Comparison) {
	if s.flows == nil {
		s.flows, s.before, s.now = map[string]*FlowSummary{}, map[string]int{}, map[string]int{}
	}
	s.Conversations++
	s.Turns += len(c.Turns)
	s.Lost += len(c.Lost)
	s.New += len(c.New)
	if c.Same() {
		s.Same++
	} else {
		s.Different++
	}
	ran := map[string]bool{}
	for _, step := range c.before {
		s.before[step]++
		ran[flowOf(step)] = true
	}
	for _, step := range c.now {
		s.now[step]++
	}
	for flow := range ran {
		if s.flows[flow] == nil {
			s.flows[flow] = &FlowSummary{Flow: flow}
		}
		s.flows[flow].Conversations++
		if c.First >= 0 && c.Flow == flow {
			s.flows[flow].Different++
		}
	}
}

// Done fills in Flows and Steps.
func (s *Summary) Done() {
	s.Flows, s.Steps = []FlowSummary{}, []StepSummary{}
	for _, flow := range slices.Sorted(maps.Keys(s.flows)) {
		s.Flows = append(s.Flows, *s.flows[flow])
	}
	for step, n := range s.before {
		if s.now[step] == 0 {
			s.Steps = append(s.Steps, StepSummary{step, n})
		}
	}
	slices.SortFunc(s.Steps, func(a, b StepSummary) int {
		return cmp.Or(cmp.Compare(b.Before, a.Before), cmp.Compare(a.Step, b.Step))
	})
}
