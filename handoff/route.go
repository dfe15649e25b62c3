package handoff

import (
	"cmp"
	"slices"

	"supportbot"
)

// Offer is a case and who is to be asked to take it.
type Offer struct {
	Case  string
	Agent string
}

// Route shares waiting cases out: the most urgent first, then who waits longest.
// Among the agents who suit a case and are free, those come first who have its
// skill, then who has the most room, then who was asked the longest ago. A case that
// suits nobody holds up no other. Route changes neither argument.
func Route(waiting []supportbot.Case, staff []Staff) []Offer {
	waiting, staff = slices.Clone(waiting), slices.Clone(staff)
	slices.SortStableFunc(waiting, First)
	var offers []Offer
	for _, c := range waiting {
		if c.State != supportbot.CaseWaiting {
			continue
		}
		best := -1
		for i, s := range staff {
			if s.free() > 0 && s.suits(c) && (best < 0 || before(c, s, staff[best]) < 0) {
				best = i
			}
		}
		if best < 0 {
			continue
		}
		offers = append(offers, Offer{c.ID, staff[best].Name})
		staff[best].Cases++
	}
	return offers
}

// First orders cases as they should be taken.
func First(a, b supportbot.Case) int {
	return cmp.Or(cmp.Compare(a.Priority.Rank(), b.Priority.Rank()), a.QueuedAt.Compare(b.QueuedAt), cmp.Compare(a.ID, b.ID))
}

// before compares two agents for a case.
func before(c supportbot.Case, a, b Staff) int {
	rank := func(s Staff) int {
		if s.skilled(c) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.free(), a.free()), a.OfferedAt.Compare(b.OfferedAt), cmp.Compare(a.Name, b.Name))
}
