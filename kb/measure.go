package kb

// InScope is the probability, from 0 to 1, that a message is about any of the
// topics or controls at all. A message below the reader's threshold is none.
// vector is nil, or that of the message.
func (r *Reader) InScope(text string, vector []float32) float64 {
	return r.hearBy(text, vector).inScope
}

// Threshold is the probability of being in scope from where on the most of the
// phrases are treated right: those of the label none refused, the others taken
// with the right candidate first. It is 0 if nothing should be refused. The reader
// must not have been trained on the phrases.
func (r *Reader) Threshold(phrases []Phrase) float64 {
	return cut(phrases, func(p Phrase) (score, gain float64) {
		m := r.hear(p.Text)
		switch {
		case r.kind[p.Label] == isNone:
			return m.inScope, -1
		case m.topic == p.Label:
			return m.inScope, 1
		}
		return m.inScope, 0
	})
}

// SetThreshold makes the reader refuse what is in scope with less probability,
// instead of the threshold that it set on its own phrases. Nobody may use it
// meanwhile.
func (r *Reader) SetThreshold(probability float64) {
	r.judge.inScope = probability
	r.recalled.Purge()
}
