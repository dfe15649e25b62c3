package explore

import (
	"maps"
	"slices"
	"strings"
)

// coverage counts what was done where.
type coverage struct {
	tried   map[string]map[string]int // place → what was done → how often; 0: it could have been
	leads   map[string]string         // place and what was done there → where that led the last time
	turns   map[string]int            // place → how many turns began there
	visited map[string]bool           // steps, "flow/step"
	probed  map[string]int            // places from which it was looked for a way out
}

func newCoverage() *coverage {
	return &coverage{map[string]map[string]int{}, map[string]string{}, map[string]int{}, map[string]bool{}, map[string]int{}}
}

// count adds n to what was done at a place.
func (c *coverage) count(place, what string, n int) {
	if c.tried[place] == nil {
		c.tried[place] = map[string]int{}
	}
	c.tried[place][what] += n
}

func (c *coverage) add(other *coverage) {
	for place, actions := range other.tried {
		for what, n := range actions {
			c.count(place, what, n)
		}
	}
	for place, n := range other.turns {
		c.turns[place] += n
	}
	for place, n := range other.probed {
		c.probed[place] += n
	}
	maps.Copy(c.leads, other.leads)
	maps.Copy(c.visited, other.visited)
}

// untried lists what could have been done at a place that counts and never was,
// and counts both.
func (c *coverage) untried(counts func(place string) bool) (lines []string, tried, all int) {
	for _, place := range slices.Sorted(maps.Keys(c.tried)) {
		if !counts(place) {
			continue
		}
		var never []string
		for _, what := range slices.Sorted(maps.Keys(c.tried[place])) {
			if c.tried[place][what] == 0 {
				never = append(never, what)
			}
		}
		all += len(c.tried[place])
		tried += len(c.tried[place]) - len(never)
		if len(never) > 0 {
			lines = append(lines, place+": "+strings.Join(never, ", "))
		}
	}
	return lines, tried, all
}
