package kb

import (
	"fmt"
	"math"

	"supportbot"
)

// Vectors are what a model for embeddings makes of texts: lists of one length.
type Vectors map[string][]float32

// Texts lists what a reader of the base must have vectors of to read by them: the
// phrases, the validation, and the sentences of articles; each once.
func (b *Base) Texts() (list []string) {
	seen := map[string]bool{"": true}
	add := func(text string) {
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	for _, p := range withTitles(b) {
		add(p.Text)
	}
	for _, p := range b.Validation {
		add(p.Text)
	}
	for _, t := range b.Topics {
		for _, lang := range supportbot.Languages {
			for _, text := range Sentences(b.articles[t.ID].Text.Written[lang]) {
				add(text)
			}
		}
	}
	return list
}

// space is where vectors lie: models of today put all texts into one corner.
type space struct{ middle []float32 }

// newSpace is the space around the texts, which must all have vectors of one length.
func newSpace(texts []string, v Vectors) (space, error) {
	var s space
	for _, text := range texts {
		vector := v[text]
		if s.middle == nil {
			s.middle = make([]float32, len(vector))
		}
		if len(vector) == 0 || len(vector) != len(s.middle) {
			return s, fmt.Errorf("kb: the vector of %q has %d numbers, others %d", text, len(vector), len(s.middle))
		}
		for i, x := range vector {
			s.middle[i] += x / float32(len(texts))
		}
	}
	return s, nil
}

// direction is that of a vector from the middle, of length one.
func (s space) direction(v []float32) []float32 {
	d := make([]float32, len(v))
	var squares float64
	for i, x := range v {
		d[i] = x - s.middle[i]
		squares += float64(d[i]) * float64(d[i])
	}
	if squares > 0 {
		length := float32(math.Sqrt(squares))
		for i := range d {
			d[i] /= length
		}
	}
	return d
}

// cosine is that of two directions.
func cosine(a, b []float32) (sum float64) {
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}
