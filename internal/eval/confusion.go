package eval

import (
	"cmp"
	"maps"
	"slices"

	"supportbot"
)

// Confusion is a label that was taken for another.
type Confusion struct {
	Label, Taken string
	Examples     []string // what was misunderstood, in the order of the phrases
}

// Confusions lists what was taken for what, the most frequent first. What was
// given up is taken for none; none stands for out of scope on both sides.
func Confusions(outcomes []Outcome, none string) []Confusion {
	by := map[[2]string]*Confusion{}
	for _, o := range outcomes {
		taken := none
		if o.Reading.Decision != supportbot.None {
			taken = o.Reading.Topic
		}
		if taken == o.Phrase.Label {
			continue
		}
		key := [2]string{o.Phrase.Label, taken}
		if by[key] == nil {
			by[key] = &Confusion{Label: o.Phrase.Label, Taken: taken}
		}
		by[key].Examples = append(by[key].Examples, o.Phrase.Text)
	}
	return slices.SortedFunc(func(yield func(Confusion) bool) {
		for c := range maps.Values(by) {
			if !yield(*c) {
				return
			}
		}
	}, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(len(b.Examples), len(a.Examples)), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Taken, b.Taken))
	})
}
