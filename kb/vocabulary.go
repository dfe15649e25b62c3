package kb

import (
	"math"
	"slices"
)

// vector is a sparse text: indexes ascending, length at most one. What the
// vocabulary does not know is missing from it but counts in its length, so a
// text full of unknown words is short.
type vector struct {
	index []int32
	value []float32
	known float64 // share of the weight that the vocabulary knows
	hash  uint64  // of its features
}

// vocabulary numbers the features of a training set and weighs them by how
// rare they are.
type vocabulary struct {
	index  map[uint64]int32
	weight []float32
	unseen float32 // weight of a feature that no training text has

	concepts bool // whether concepts count
}

func newVocabulary(texts [][]feature, concepts bool) *vocabulary {
	v := &vocabulary{index: map[uint64]int32{}, concepts: concepts}
	var in []int32 // number of texts with the feature
	var last []int // the last such text
	for t, list := range texts {
		for _, f := range list {
			if v.ignores(f.group) {
				continue
			}
			i, ok := v.index[f.hash]
			if !ok {
				i = int32(len(in))
				v.index[f.hash] = i
				in, last = append(in, 0), append(last, -1)
			}
			if last[i] != t {
				in[i]++
				last[i] = t
			}
		}
	}
	rarity := func(n int32) float32 { return float32(1 + math.Log(float64(1+len(texts))/float64(1+n))) }
	v.weight = make([]float32, len(in))
	for i, n := range in {
		v.weight[i] = rarity(n)
	}
	v.unseen = rarity(0)
	return v
}

// ignores tells which groups do not count. Where concepts mislead, the company
// that words keep stands in for them.
func (v *vocabulary) ignores(group uint8) bool {
	return group == byMeaning && !v.concepts || group == byCompany && v.concepts
}

// strength is the share of each group in the squared length of a text. Concepts
// are few and of much weight each, spelling is many and of little.
var strength = [groups]float64{byCharacter: 1, bySound: 1, byWord: 1, byOrder: 1, byCompany: 1, bySpelling: 1.5, byMeaning: 0.3}

// vector weighs the features of a text.
func (v *vocabulary) vector(list []feature) vector {
	type entry struct {
		index int32
		group uint8
	}
	entries := make([]entry, 0, len(list))
	var squares [groups]float64
	var unseen, total float64
	var out vector
	for _, f := range list {
		if v.ignores(f.group) {
			continue
		}
		if i, ok := v.index[f.hash]; ok {
			entries = append(entries, entry{i, f.group})
			out.hash += f.hash
			total += float64(v.weight[i])
		} else {
			squares[f.group] += float64(v.unseen * v.unseen)
			unseen += float64(v.unseen)
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return int(a.index - b.index) })
	var group []uint8
	for i, e := range entries {
		if i > 0 && entries[i-1].index == e.index {
			continue // how often does not matter in a short text
		}
		w := v.weight[e.index]
		out.index, out.value, group = append(out.index, e.index), append(out.value, w), append(group, e.group)
		squares[e.group] += float64(w * w)
	}
	var used float64
	for g, s := range squares {
		if s > 0 {
			used += strength[g]
		}
	}
	for i, g := range group {
		out.value[i] *= float32(math.Sqrt(strength[g] / (squares[g] * used)))
	}
	if unseen+total > 0 {
		out.known = total / (unseen + total)
	}
	return out
}
