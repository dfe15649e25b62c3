package kb

import (
	"cmp"
	"slices"
)

// neighbours finds how close a text comes to known ones, by the cosine of
// their vectors.
type neighbours struct {
	first []int32 // of the texts of each label, and one more: texts are in the order of their labels
	from  []int32 // of the entries of each feature, and one more
	text  []int32 // of an entry, ascending for each feature
	value []float32
}

func newNeighbours(texts []vector, labelOf []int, labels, features int) *neighbours {
	n := &neighbours{first: make([]int32, labels+1), from: make([]int32, features+1)}
	order := make([]int, len(texts))
	for t, l := range labelOf {
		order[t] = t
		n.first[l+1]++
		for _, f := range texts[t].index {
			n.from[f+1]++
		}
	}
	for l := range labels {
		n.first[l+1] += n.first[l]
	}
	for f := range features {
		n.from[f+1] += n.from[f]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(labelOf[a], labelOf[b]) })
	n.text, n.value = make([]int32, n.from[features]), make([]float32, n.from[features])
	next := slices.Clone(n.from)
	for i, t := range order {
		for k, f := range texts[t].index {
			n.text[next[f]], n.value[next[f]] = int32(i), texts[t].value[k]
			next[f]++
		}
	}
	return n
}

// closest is the cosine of the text of a label that comes closest.
func (n *neighbours) closest(v vector, label int) float32 {
	from, to := n.first[label], n.first[label+1]
	cosines := make([]float32, to-from)
	for k, f := range v.index {
		texts, values := n.text[n.from[f]:n.from[f+1]], n.value[n.from[f]:n.from[f+1]]
		i, _ := slices.BinarySearch(texts, from)
		for ; i < len(texts) && texts[i] < to; i++ {
			cosines[texts[i]-from] += values[i] * v.value[k]
		}
	}
	var best float32
	for _, c := range cosines {
		best = max(best, c)
	}
	return best
}
