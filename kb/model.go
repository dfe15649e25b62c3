package kb

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// model is a multinomial logistic regression over sparse vectors.
type model struct {
	labels  int
	weights []float32 // of feature f for label c at f*labels + c
	bias    []float32
}

// Training is stochastic gradient descent with a rate that falls. In every round
// each text loses some of its features, another part each time, so that the model
// leans on no single one; what counts is the mean of the models after the later
// rounds. docs/understanding.md tells how these figures were found.
const (
	epochs  = 15
	settled = 8 // the rounds before do not count
	rate    = 4
	slowing = 0.1
	lost    = 0.3
)

// train fits a model to vectors and their labels 0 … labels-1. The order of the
// texts and what they lose hang on the words of each alone: the same phrases always
// give the same model, and one more phrase nearly the same.
func train(texts []vector, labelOf []int, labels, features int) *model {
	m := &model{labels: labels, weights: make([]float32, features*labels), bias: make([]float32, labels)}
	mean := &model{labels: labels, weights: make([]float32, features*labels), bias: make([]float32, labels)}
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	dice := make([]uint64, len(texts))
	p := make([]float32, labels)
	var t vector
	for epoch := range epochs {
		rate := float32(rate / (1 + slowing*float64(epoch)))
		for i, t := range texts {
			dice[i] = rand.New(rand.NewPCG(t.hash, uint64(epoch))).Uint64()
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(dice[a], dice[b]) })
		for _, i := range order {
			t.thin(texts[i], rand.New(rand.NewPCG(dice[i], 1)))
			m.probabilities(t, p)
			p[labelOf[i]]--
			m.step(t, p, rate)
		}
		if epoch >= settled {
			mean.add(m, 1/float32(epochs-settled))
		}
	}
	return mean
}

// add adds a share of another model.
func (m *model) add(other *model, share float32) {
	for i, w := range other.weights {
		m.weights[i] += share * w
	}
	for i, b := range other.bias {
		m.bias[i] += share * b
	}
}

// thin makes v what is left of a text without some of its features; the others
// make up for them.
func (v *vector) thin(text vector, random *rand.Rand) {
	v.index, v.value = v.index[:0], v.value[:0]
	for k, f := range text.index {
		if random.Float32() >= lost {
			v.index = append(v.index, f)
			v.value = append(v.value, text.value[k]/(1-lost))
		}
	}
}

// step moves the weights against the error of one text. Errors too small to
// matter are left out: late in training they are the most.
func (m *model) step(t vector, errors []float32, rate float32) {
	var large [256]int
	n := 0
	for c, e := range errors {
		if (e > 1e-3 || e < -1e-3) && n < len(large) {
			large[n] = c
			n++
		}
	}
	for k, f := range t.index {
		w := m.weights[int(f)*m.labels:][:m.labels]
		x := rate * t.value[k]
		for _, c := range large[:n] {
			w[c] -= x * errors[c]
		}
	}
	for _, c := range large[:n] {
		m.bias[c] -= 0.1 * rate * errors[c]
	}
}

// probabilities writes the probability of every label into p.
func (m *model) probabilities(t vector, p []float32) {
	copy(p, m.bias)
	for k, f := range t.index {
		x := t.value[k]
		for c, w := range m.weights[int(f)*m.labels:][:len(p)] {
			p[c] += x * w
		}
	}
	top := p[0]
	for _, z := range p {
		top = max(top, z)
	}
	var sum float32
	for c, z := range p {
		p[c] = float32(math.Exp(float64(z - top)))
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
}
