package kb

import (
	"errors"
	"hash/fnv"
	"math"

	"supportbot"
)

// sense reads messages by their vectors, beside the classifier, which reads their
// words. It has a judge of its own: what both make of a message is trusted as far
// as it was right about the validation.
type sense struct {
	space space
	model *model
	share float64 // how much it counts beside the words, which count one
	judge judge

	sentences map[supportbot.Language][][]float32 // directions, in the order of Reader.sentences
	close     float64                             // the cosine from which on a sentence may answer a question
}

// strength of vectors in training: their length.
const vectorLength = 2

// shares are tried on the validation, and what gives the most right guesses counts.
var shares = []float64{0, 0.25, 0.5, 0.75, 1, 1.5, 2}

// ErrNoValidation is why a reader cannot read by vectors: how far they can be
// trusted is learnt from the validation.
var ErrNoValidation = errors.New("kb: vectors are of no use without a validation")

// Sense makes a reader read by vectors, too, which ReadBy and Passages then can be
// given. v holds those of base.Texts(). It takes seconds, and does not disturb who
// reads meanwhile.
func (r *Reader) Sense(b *Base, v Vectors) error {
	if len(b.Validation) == 0 {
		return ErrNoValidation
	}
	s, err := r.learnSense(b, v)
	if err != nil {
		return err
	}
	if err := r.judgeSense(s, b.Validation, v); err != nil {
		return err
	}
	r.sense.Store(s)
	return nil
}

// HasSense tells whether vectors are of use to the reader.
func (r *Reader) HasSense() bool { return r.sense.Load() != nil }

// LoseSense has a reader read by words alone again: its vectors are of no use any more.
func (r *Reader) LoseSense() { r.sense.Store(nil) }

// learnSense learns what a base teaches.
func (r *Reader) learnSense(b *Base, v Vectors) (*sense, error) {
	labels := map[string]int{}
	for i, l := range r.classifier.labels {
		labels[l] = i
	}
	var texts []string
	var labelOf []int
	seen := map[string]bool{"": true}
	for _, p := range withTitles(b) {
		if key := bare(normalise(p.Text)); !seen[key] {
			seen[key] = true
			texts, labelOf = append(texts, p.Text), append(labelOf, labels[p.Label])
		}
	}
	around, err := newSpace(texts, v)
	if err != nil {
		return nil, err
	}
	s := &sense{space: around, sentences: map[supportbot.Language][][]float32{}}
	vectors := make([]vector, len(texts))
	for i, text := range texts {
		vectors[i] = s.vector(v[text])
		h := fnv.New64a()
		h.Write([]byte(text))
		vectors[i].hash = h.Sum64()
	}
	s.model = train(vectors, labelOf, len(r.classifier.labels), len(around.middle))
	for lang, list := range r.sentences.all {
		for _, one := range list {
			if len(v[one.Text]) != len(around.middle) {
				return nil, errors.New("kb: a sentence has no vector")
			}
			s.sentences[lang] = append(s.sentences[lang], around.direction(v[one.Text]))
		}
	}
	return s, nil
}

// judgeSense finds out how much vectors count, and how far they are trusted, from
// phrases that were not learnt.
func (r *Reader) judgeSense(s *sense, phrases []Phrase, v Vectors) error {
	list := examples(phrases, r.classifier.labels)
	best := -1
	for _, share := range shares {
		trials := make([]trial, len(list))
		for i, e := range list {
			vector := v[phrases[i].Text]
			if len(vector) != len(s.space.middle) {
				return errors.New("kb: a phrase of the validation has no vector")
			}
			rank := r.classifier.rank(e.features, e.units, nil, &opinion{s.probabilities(vector), share})
			trials[i] = trial{rank.signals, e.label != none, rank.labels[0] == e.label}
		}
		if n := right(trials); n > best {
			best, s.share, s.judge = n, share, newJudge(trials)
		}
	}
	inside := 0
	for _, p := range phrases {
		if r.kind[p.Label] == isTopic {
			inside++
		}
	}
	s.close = cut(phrases, func(p Phrase) (score, gain float64) {
		if score = s.closest(v[p.Text], p.Language); r.kind[p.Label] == isTopic {
			return score, 1 / float64(inside)
		}
		return score, -1 / float64(len(phrases)-inside)
	})
	return nil
}

// vector is a vector as a model reads it.
func (s *sense) vector(v []float32) vector {
	d := s.space.direction(v)
	out := vector{index: make([]int32, len(d)), value: d}
	for i := range d {
		out.index[i] = int32(i)
		d[i] *= vectorLength
	}
	return out
}

// probabilities of the labels, by the vector of a message alone.
func (s *sense) probabilities(v []float32) []float32 {
	p := make([]float32, s.model.labels)
	s.model.probabilities(s.vector(v), p)
	return p
}

// closest is the cosine of the sentence of the guide that comes closest.
func (s *sense) closest(v []float32, l supportbot.Language) float64 {
	best, d := -1.0, s.space.direction(v)
	for _, sentence := range s.sentences[l] {
		best = max(best, cosine(d, sentence))
	}
	return best
}

// opinion is what vectors say of the labels of a message.
type opinion struct {
	probabilities []float32
	share         float64
}

// blend gives the probabilities of the words what the vectors say.
func (o *opinion) blend(p []float32) {
	var sum float32
	for l := range p {
		p[l] *= float32(math.Pow(float64(o.probabilities[l])+1e-6, o.share))
		sum += p[l]
	}
	for l := range p {
		p[l] /= max(sum, 1e-30)
	}
}

// signals are what the vectors alone say of a guess.
func (o *opinion) signals(first, second int) [3]float64 {
	log := func(l int) float64 { return math.Log(float64(o.probabilities[l]) + 1e-6) }
	return [3]float64{log(first), log(first) - log(none), log(first) - log(second)}
}

// ReadBy is Read with the vector of the message, as the model gives it whose vectors
// Sense was given. What the two make of it together stands under the same thresholds
// of cost as ever.
func (r *Reader) ReadBy(text string, vector []float32, q supportbot.Question) supportbot.Reading {
	return r.read(r.hearBy(text, vector), q)
}

// hearBy is hear with the vector of the message, nil if there is none.
func (r *Reader) hearBy(text string, vector []float32) message {
	s := r.sense.Load()
	if s == nil || len(vector) != len(s.space.middle) {
		return r.hear(text)
	}
	return r.heard(text, func(normal string) guess {
		return r.judged(normal, &s.judge, &opinion{s.probabilities(vector), s.share})
	})
}
