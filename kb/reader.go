package kb

import (
	"regexp"
	"sync"

	"supportbot"
)

// Ids of topics.yaml that the reader knows how to treat. A base that lacks one
// is read without it.
const (
	topicFraud   = "suspected-fraud"
	controlYes   = "affirm"
	controlNo    = "deny"
	controlAgent = "talk-to-agent"
	controlSpeak = "change-language"
)

// Reader understands messages. It is trained once, and never changes then: it
// may be used by many goroutines.
type Reader struct {
	kind       map[string]kind   // by label
	guided     map[string]bool   // topics that own a flow
	exact      map[string]string // bare text → label
	classifier *classifier
	judge      judge
}

// kind tells what a label stands for.
type kind uint8

const (
	isNone kind = iota
	isTopic
	isControl
)

// heldOut is the share of phrases, one in so many, that judge the guesses of a
// classifier trained on the others.
const heldOut = 5

// NewReader trains a reader on the phrases of a base, the names of its topics
// and the titles of its articles. The same base always gives the same reader.
func NewReader(b *Base) *Reader {
	r := &Reader{kind: map[string]kind{}, guided: map[string]bool{}, exact: map[string]string{}}
	labels, index := []string{b.None}, map[string]int{b.None: 0}
	add := func(id string, k kind) {
		index[id] = len(labels)
		labels = append(labels, id)
		r.kind[id] = k
	}
	for _, t := range b.Topics {
		add(t.ID, isTopic)
		r.guided[t.ID] = t.Flow
	}
	for _, c := range b.Controls {
		add(c.ID, isControl)
	}
	type file struct {
		label    string
		language supportbot.Language
	}
	var rest, held []example
	n := map[file]int{} // counted by file, so that a new line at its end moves no other
	for i, p := range withTitles(b) {
		normal := normalise(p.Text)
		key := bare(normal)
		if _, ok := r.exact[key]; ok || key == "" {
			continue
		}
		r.exact[key] = p.Label
		e := example{features(normal), index[p.Label], len(units(normal))}
		f := file{p.Label, p.Language}
		if n[f]++; n[f]%heldOut == heldOut/2 && i < len(b.Phrases) {
			held = append(held, e)
		} else {
			rest = append(rest, e)
		}
	}
	var wait sync.WaitGroup
	wait.Go(func() { r.judge = newJudge(try(newClassifier(labels, 0, rest), held)) })
	r.classifier = newClassifier(labels, 0, append(rest[:len(rest):len(rest)], held...))
	wait.Wait()
	return r
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

// try lets a classifier guess at examples that it has not seen.
func try(c *classifier, held []example) []trial {
	trials := make([]trial, len(held))
	for i, e := range held {
		r := c.rank(e.features, e.units, nil)
		trials[i] = trial{r.signals, e.label != c.none, r.labels[0] == e.label}
	}
	return trials
}

// Read tells what a message means while q is open: which topic or control its
// words name by themselves, and which commands follow from them.
func (r *Reader) Read(text string, q supportbot.Question) supportbot.Reading {
	m := r.hear(text)
	reading := supportbot.Reading{Language: m.language, Decision: m.decision, Candidates: m.candidates}
	if m.language == supportbot.English && q.Language == supportbot.Chinese && (pasted.MatchString(text) ||
		len(m.units) == 1 && (borrowed[m.units[0]] || m.decision == supportbot.None)) {
		reading.Language = "" // a Chinese speaker may well say "hello", or name or paste something
	}
	if m.decision != supportbot.None {
		reading.Topic = m.topic
	}
	reading.Commands = r.commands(m, q)
	return reading
}

// pasted is what programs write, in one piece: an address, a setting, a name.
var pasted = regexp.MustCompile(`^\s*[^\s=:/_@]+[=:/_@]\S+\s*$`)

var borrowed = set("hi hello hey yes no bye thanks yeah sorry help thx byebye agent menu back stop cancel")
