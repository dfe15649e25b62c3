package kb

import (
	"sync"

	"supportbot"
)

// heldOut is the share of phrases, one in so many, on which a reader is tried
// whose base has no validation. They come from the people whose phrases it
// learnt, so they flatter.
const heldOut = 5

// NewReader trains a reader on the phrases of a base, the names of its topics
// and the titles of its articles, and tries it on the base's validation. The same
// base always gives the same reader.
func NewReader(b *Base) *Reader {
	r, labels := newReader(b)
	r.note(b)
	rest, held := learn(b, labels)
	var trials []trial
	if len(b.Validation) > 0 {
		r.classifier, trials = better(labels, append(rest, held...), examples(b.Validation, labels))
	} else {
		var c *classifier
		c, trials = better(labels, rest, held)
		r.classifier = newClassifier(labels, append(rest, held...), c.vocabulary.concepts)
	}
	r.judge = newJudge(trials)
	return r
}

// newReader returns a reader that has learnt nothing, and its labels.
func newReader(b *Base) (r *Reader, labels []string) {
	r = &Reader{kind: map[string]kind{}, guided: map[string]bool{}, exact: map[string]string{}, recalled: newRecalled(), sentences: newSentences(b)}
	labels = append(labels, b.None)
	for _, t := range b.Topics {
		labels = append(labels, t.ID)
		r.kind[t.ID], r.guided[t.ID] = isTopic, t.Flow
	}
	for _, c := range b.Controls {
		labels = append(labels, c.ID)
		r.kind[c.ID] = isControl
	}
	return r, labels
}

// Judged returns a reader that has learnt the same, but trusts its guesses as far
// as they are right about these phrases. v holds their vectors, if the reader reads
// by vectors.
func (r *Reader) Judged(phrases []Phrase, v Vectors) (*Reader, error) {
	other := &Reader{
		kind: r.kind, guided: r.guided, exact: r.exact, classifier: r.classifier, sentences: r.sentences,
		recalled: newRecalled(), judge: newJudge(try(r.classifier, examples(phrases, r.classifier.labels))),
	}
	if s := r.sense.Load(); s != nil {
		judged := *s
		if err := other.judgeSense(&judged, phrases, v); err != nil {
			return nil, err
		}
		other.sense.Store(&judged)
	}
	return other, nil
}

// note keeps what stands under which label, word for word.
func (r *Reader) note(b *Base) {
	for _, p := range withTitles(b) {
		key := bare(normalise(p.Text))
		if _, ok := r.exact[key]; !ok && key != "" {
			r.exact[key] = p.Label
		}
	}
}

// learn parts what a base teaches into examples to learn from and those to be
// tried on. What says the same as an earlier phrase is left out.
func learn(b *Base, labels []string) (rest, held []example) {
	type file struct {
		label    string
		language supportbot.Language
	}
	n := map[file]int{} // counted by file, so that a new line at its end moves no other
	seen := map[string]bool{"": true}
	list := withTitles(b)
	for i, e := range examples(list, labels) {
		p := list[i]
		key := bare(normalise(p.Text))
		if seen[key] {
			continue
		}
		seen[key] = true
		f := file{p.Label, p.Language}
		if n[f]++; n[f]%heldOut == heldOut/2 && i < len(b.Phrases) {
			held = append(held, e)
		} else {
			rest = append(rest, e)
		}
	}
	return rest, held
}

// withTitles lists the phrases, then the names of topics and the titles of
// articles.
func withTitles(b *Base) []Phrase {
	list := b.Phrases[:len(b.Phrases):len(b.Phrases)]
	for _, t := range b.Topics {
		for _, lang := range supportbot.Languages {
			list = append(list, Phrase{t.ID, lang, t.Name[lang]})
			if a, ok := b.articles[t.ID]; ok {
				list = append(list, Phrase{t.ID, lang, a.Title[lang]})
			}
		}
	}
	return list
}

// examples are phrases as a classifier reads them.
func examples(phrases []Phrase, labels []string) []example {
	index := map[string]int{}
	for i, l := range labels {
		index[l] = i
	}
	list := make([]example, len(phrases))
	for i, p := range phrases {
		normal := normalise(p.Text)
		list[i] = example{features(normal), index[p.Label], len(units(normal))}
	}
	return list
}

// better trains with and without concepts, and returns the classifier to use, with
// its trials on other examples. Concepts were written for the guide, and help where
// its phrases end; on other subjects they mislead, which costs more than one right
// guess in a hundred.
func better(labels []string, known, others []example) (*classifier, []trial) {
	var with, without *classifier
	var trials, plain []trial
	var wait sync.WaitGroup
	wait.Go(func() { with = newClassifier(labels, known, true); trials = try(with, others) })
	wait.Go(func() { without = newClassifier(labels, known, false); plain = try(without, others) })
	wait.Wait()
	if right(plain)-right(trials) > len(others)/100 {
		return without, plain
	}
	return with, trials
}

// try lets a classifier guess at examples that it has not seen.
func try(c *classifier, others []example) []trial {
	trials := make([]trial, len(others))
	for i, e := range others {
		r := c.rank(e.features, e.units, nil, nil)
		trials[i] = trial{r.signals, e.label != none, r.labels[0] == e.label}
	}
	return trials
}

func right(trials []trial) int {
	n := 0
	for _, t := range trials {
		if t.right {
			n++
		}
	}
	return n
}
