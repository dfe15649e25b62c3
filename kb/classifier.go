package kb

import (
	"cmp"
	"math"
	"slices"
)

// none is the index of the label for what is out of scope.
const none = 0

// classifier tells which label a text has. It is the model together with what
// is needed to judge its guesses.
type classifier struct {
	labels     []string
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

// newClassifier trains on examples, with or without the concepts in them.
func newClassifier(labels []string, examples []example, concepts bool) *classifier {
	lists := make([][]feature, len(examples))
	labelOf := make([]int, len(examples))
	for i, e := range examples {
		lists[i], labelOf[i] = e.features, e.label
	}
	c := &classifier{labels: labels, vocabulary: newVocabulary(lists, concepts)}
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

// rank guesses by the words of a text, and by what its vector says if there is one.
func (c *classifier) rank(list []feature, units int, barred []string, also *opinion) ranking {
	v := c.vocabulary.vector(list)
	p := make([]float32, len(c.labels))
	c.model.probabilities(v, p)
	if also != nil {
		also.blend(p)
	}
	order := make([]int, 0, len(p))
	left := float32(1)
	for l := range p {
		if slices.Contains(barred, c.labels[l]) {
			left -= p[l]
			p[l] = 0
		} else if l != none {
			order = append(order, l)
		}
	}
	for l := range p {
		p[l] /= max(left, 1e-6)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	log := func(p float32) float64 { return math.Log(float64(p) + 1e-6) }
	first, second := order[0], order[min(1, len(order)-1)]
	r := ranking{order, p, signals{
		log(p[first]),
		float64(p[first] - p[second]),
		log(p[first]) - log(p[none]),
		float64(c.neighbours.closest(v, first) - c.neighbours.closest(v, none)),
		v.known,
		math.Log(float64(1 + units)),
	}}
	if also != nil {
		said := also.signals(first, second)
		copy(r.signals[len(r.signals)-len(said):], said[:])
	}
	return r
}

// prefer puts a label first.
func (r *ranking) prefer(label int) {
	i := slices.Index(r.labels, label)
	copy(r.labels[1:i+1], r.labels[:i])
	r.labels[0] = label
}
