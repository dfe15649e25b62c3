package kb

// neighbours finds how close a text comes to known ones, by the cosine of
// their vectors.
type neighbours struct {
	labelOf []int
	by      [][]posting // feature → texts that have it
}

type posting struct {
	text  int32
	value float32
}

func newNeighbours(texts []vector, labelOf []int, features int) *neighbours {
	n := &neighbours{labelOf: labelOf, by: make([][]posting, features)}
	for t, v := range texts {
		for k, f := range v.index {
			n.by[f] = append(n.by[f], posting{int32(t), v.value[k]})
		}
	}
	return n
}

// closest returns, for every label, the cosine of the text that comes closest.
func (n *neighbours) closest(v vector, labels int) []float32 {
	cosines := make([]float32, len(n.labelOf))
	for k, f := range v.index {
		for _, p := range n.by[f] {
			cosines[p.text] += p.value * v.value[k]
		}
	}
	best := make([]float32, labels)
	for t, c := range cosines {
		best[n.labelOf[t]] = max(best[n.labelOf[t]], c)
	}
	return best
}
