// Package eval measures how well the embedded reader understands messages whose
// labels are known.
package eval

import (
	"time"

	"supportbot"
	"supportbot/kb"
)

// Outcome is what a reader made of a phrase that it had not seen.
type Outcome struct {
	Phrase  kb.Phrase
	Reading supportbot.Reading
	Kind    Kind
	InScope float64 // probability that the phrase is in scope
}

// Kind tells what the label of a phrase stands for.
type Kind uint8

// The kinds of labels.
const (
	Outside Kind = iota // out of scope
	Topic
	Control
)

// Right tells whether the best candidate is the label.
func (o Outcome) Right() bool { return o.rank() == 0 }

// rank is the place of the label among the candidates, -1 if it is not there.
func (o Outcome) rank() int {
	for i, c := range o.Reading.Candidates {
		if c.Topic == o.Phrase.Label {
			return i
		}
	}
	return -1
}

// read lets a reader of a base read phrases, one after the other, those that it is
// not sure of by their vectors if it has a sense of them. The time is that of one
// message.
func read(base *kb.Base, reader *kb.Reader, phrases []kb.Phrase, v kb.Vectors) ([]Outcome, time.Duration) {
	outcomes := make([]Outcome, len(phrases))
	start := time.Now()
	for i, p := range phrases {
		q := supportbot.Question{}
		outcomes[i] = Outcome{Phrase: p, Reading: reader.Read(p.Text, q)}
		if reader.HasSense() && kb.Unsure(outcomes[i].Reading, q) {
			outcomes[i].Reading = reader.ReadBy(p.Text, v[p.Text], q)
		}
	}
	took := time.Since(start) / time.Duration(max(len(phrases), 1))
	for i := range outcomes {
		o := &outcomes[i]
		o.InScope = reader.InScope(o.Phrase.Text, v[o.Phrase.Text])
		if _, ok := base.Topic(o.Phrase.Label); ok {
			o.Kind = Topic
		} else if o.Phrase.Label != base.None {
			o.Kind = Control
		}
	}
	return outcomes, took
}
