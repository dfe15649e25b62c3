package kb

import (
	"cmp"
	"math"
	"slices"
)

// likeness is the cosine from which on two messages say the same in other words.
const likeness = 0.3

// maxLeaders is how many groups a feature may lead to. One that is in more says
// nothing, and this bounds the work.
const maxLeaders = 500

// Alike groups messages that say much the same, whatever their marks, typos and
// characters of one sound. It returns their places in texts: the largest group
// first, in each the most typical message first. The same texts in the same
// order always give the same groups.
func Alike(texts []string) [][]int {
	said := map[string]*saying{}
	var all []*saying
	for i, text := range texts {
		normal := first(normalise(first(text)))
		key := bare(normal)
		s := said[key]
		if s == nil {
			s = &saying{list: together(features(normal))}
			said[key] = s
			all = append(all, s)
		}
		s.at = append(s.at, i)
	}
	// What is said most leads the others.
	slices.SortStableFunc(all, func(a, b *saying) int { return cmp.Compare(len(b.at), len(a.at)) })
	weigh(all)

	l := leaders{by: map[uint64][]lead{}}
	for _, s := range all {
		if _, near := l.nearest(s); near < likeness {
			l.add(s)
		}
	}
	led := make([][]*saying, len(l.all))
	for _, s := range all {
		if i, near := l.nearest(s); near >= likeness {
			s.near = near
			led[i] = append(led[i], s)
		} else { // marks alone, or features that lead to too many
			led = append(led, []*saying{s})
		}
	}
	var groups [][]int
	for _, group := range led {
		slices.SortStableFunc(group, func(a, b *saying) int { return cmp.Compare(b.near, a.near) })
		var places []int
		for _, s := range group {
			places = append(places, s.at...)
		}
		if len(places) > 0 {
			groups = append(groups, places)
		}
	}
	slices.SortStableFunc(groups, func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(slices.Min(a), slices.Min(b)))
	})
	return groups
}

// saying is what one or more messages say in the same words.
type saying struct {
	at     []int // the messages
	list   []feature
	values []float64 // of list: a vector of length one
	near   float64   // to its leader
}

// together counts pairs of words with the words, and leaves out those that only
// stand close: among few messages they would weigh too much.
func together(list []feature) []feature {
	list = slices.DeleteFunc(list, func(f feature) bool { return f.group == byCompany })
	for i, f := range list {
		if f.group == byOrder {
			list[i].group = byWord
		}
	}
	return list
}

// weigh makes vectors of what is said: rare features weigh more, and each group of
// them the same.
func weigh(all []*saying) {
	in := map[uint64]int{}
	for _, s := range all {
		slices.SortFunc(s.list, func(a, b feature) int { return cmp.Compare(a.hash, b.hash) })
		s.list = slices.CompactFunc(s.list, func(a, b feature) bool { return a.hash == b.hash })
		for _, f := range s.list {
			in[f.hash]++
		}
	}
	for _, s := range all {
		var squares [groups]float64
		s.values = make([]float64, len(s.list))
		for i, f := range s.list {
			s.values[i] = 1 + math.Log(float64(len(all))/float64(in[f.hash]))
			squares[f.group] += s.values[i] * s.values[i]
		}
		used := 0
		for _, square := range squares {
			if square > 0 {
				used++
			}
		}
		for i, f := range s.list {
			s.values[i] /= math.Sqrt(squares[f.group] * float64(used))
		}
	}
}

// leaders are sayings around which groups form, to be found by their features.
type leaders struct {
	all []*saying
	by  map[uint64][]lead
}

type lead struct {
	to    int // in all
	value float64
}

func (l *leaders) add(s *saying) {
	for i, f := range s.list {
		if have := l.by[f.hash]; len(have) < maxLeaders {
			l.by[f.hash] = append(have, lead{len(l.all), s.values[i]})
		}
	}
	l.all = append(l.all, s)
}

// nearest is the leader with the greatest cosine, the first of several; -1 if none
// has anything in common with s.
func (l *leaders) nearest(s *saying) (leader int, cosine float64) {
	cosines := make([]float64, len(l.all))
	for i, f := range s.list {
		for _, to := range l.by[f.hash] {
			cosines[to.to] += to.value * s.values[i]
		}
	}
	leader = -1
	for i, c := range cosines {
		if c > cosine {
			leader, cosine = i, c
		}
	}
	return leader, cosine
}
