package kb

import (
	"cmp"
	"slices"
)

// neighbours finds how close a text comes to known ones, by the cosine of
// their vectors.
type neighbours struct {
	first []int32     // of the texts of each label, and one more: texts are in the order of their labels
	by    [][]posting // feature → texts that have it, in order
}

type posting struct {
	text  int32
	value float32
}

func newNeighbours(texts []vector, labelOf []int, labels, features int) *neighbours {
	n := &neighbours{first: make([]int32, labels+1), by: make([][]posting, features)}
	order := make([]int, len(texts))
	for t, l := range labelOf {
		order[t] = t
		n.first[l+1]++
	}
	for l := range labels {
		n.first[l+1] += n.first[l]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(labelOf[a], labelOf[b]) })
	for i, t := range order {
		for k, f := range texts[t].index {
			n.by[f] = append(n.by[f], posting{int32(i), texts[t].value[k]})
		}
	}
	return n
}

// closest is the cosine of the text of a label that comes closest.
func (n *neighbours) closest(v vector, label int) float32 {
	from, to := n.first[label], n.first[label+1]
	cosines := make([]float32, to-from)
	for k, f := range v.index {
		have := n.by[f]
		i, _ := slices.BinarySearchFunc(have, from, func(p posting, text int32) int { return cmp.Compare(p.text, text) })
		for ; i < len(have) && have[i].text < to; i++ {
			cosines[have[i].text-from] += have[i].value * v.value[k]
		}
	}
	var best float32
	for _, c := range cosines {
		best = max(best, c)
	}
	return best
}
