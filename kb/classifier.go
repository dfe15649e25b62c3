package kb

import (
	"cmp"
	"math"
	"slices"
)

// classifier tells which label a text has. It is the model together with what
// is needed to judge its guesses.
type classifier struct {
	labels     []string
	none       int // the index of the label for out of scope
	vocabulary *vocabulary
	model      *model
	neighbours *neighbours
}

// example is a text with its label.
type example struct {
	features []feature
	label    int
	units    int
}

func newClassifier(labels []string, none int, examples []example) *classifier {
	lists := make([][]feature, len(examples))
	labelOf := make([]int, len(examples))
	for i, e := range examples {
		lists[i], labelOf[i] = e.features, e.label
	}
	c := &classifier{labels: labels, none: none, vocabulary: newVocabulary(lists)}
	vectors := make([]vector, len(examples))
	for i, list := range lists {
		vectors[i] = c.vocabulary.vector(list)
	}
	features := len(c.vocabulary.weight)
	c.model = train(vectors, labelOf, len(labels), features)
	c.neighbours = newNeighbours(vectors, labelOf, len(labels), features)
	return c
}

// ranking is what a classifier makes of a text: the labels in scope that are not
// barred, best first, and how far to trust that.
type ranking struct {
	labels        []int
	probabilities []float32 // by label
	signals       signals
}

func (c *classifier) rank(list []feature, units int, barred []string) ranking {
	v := c.vocabulary.vector(list)
	p := make([]float32, len(c.labels))
	c.model.probabilities(v, p)
	order := make([]int, 0, len(p))
	for l := range p {
		if l != c.none && !slices.Contains(barred, c.labels[l]) {
			order = append(order, l)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	log := func(p float32) float64 { return math.Log(float64(p) + 1e-6) }
	first, second := order[0], order[min(1, len(order)-1)]
	return ranking{order, p, signals{
		log(p[first]),
		log(p[first]) - log(p[second]),
		log(p[first]) - log(p[c.none]),
		float64(c.neighbours.closest(v, first) - c.neighbours.closest(v, c.none)),
		v.known,
		math.Log(float64(1 + units)),
	}}
}

// prefer puts a label first.
func (r *ranking) prefer(label int) {
	i := slices.Index(r.labels, label)
	copy(r.labels[1:i+1], r.labels[:i])
	r.labels[0] = label
}
