package kb

import (
	"regexp"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"supportbot"
)

// maxRunes is how much of a message is read. Nobody asks at greater length, and
// it bounds the work.
const maxRunes = 1000

// maxClauses is how many clauses of a message are read one by one.
const maxClauses = 8

// maxCandidates is how many guesses a reading lists.
const maxCandidates = 5

// message is what the words say by themselves, whatever was asked.
type message struct {
	text     string // as written
	normal   string
	bare     string
	units    []string
	language supportbot.Language
	clauses  []string
	guess
	guesses map[string]guess // about it and its clauses
}

// guess is what a text seems to be about.
type guess struct {
	decision   supportbot.Decision
	topic      string // the best topic or control
	candidates []supportbot.Candidate
	right      float64 // probability that topic is right
	inScope    float64 // probability that the text is in scope
	exact      bool    // it is a phrase of topic
	sure       bool    // enough to start something while a question is open
	fraud      bool    // it is likeliest about fraud
	alarm      bool    // and more than a likeness says so
}

func (r *Reader) hear(text string) message { return r.heard(text, nil) }

// heard is a message whose whole is guessed at by whole, nil for the words alone.
func (r *Reader) heard(text string, whole func(normal string) guess) message {
	m := message{text: text, normal: first(normalise(first(text)))}
	m.bare = bare(m.normal)
	m.units = units(m.normal)
	m.language = languageOf(m.units)
	m.clauses = clauses(m.normal)
	m.guesses = make(map[string]guess, 1+len(m.clauses))
	if whole != nil {
		m.guesses[m.normal] = whole(m.normal)
	}
	m.guess = r.part(m, m.normal)
	if len(m.clauses) > 1 && m.decision == supportbot.Clarify {
		m.guess = r.clearest(m)
	}
	return m
}

// part is the guess about a clause, which several look for.
func (r *Reader) part(m message, clause string) guess {
	g, ok := m.guesses[clause]
	if !ok {
		g = r.recall(clause)
		m.guesses[clause] = g
	}
	return g
}

const (
	// shortText is how many bytes a text has at most that many people say in the
	// same words, such as "好了", "go back" or the name of a matter.
	shortText = 36
	// maxRecalled is how many guesses about such texts are remembered, of about half
	// a kilobyte each.
	maxRecalled = 4096
)

// recall is guess, from memory if the text is short and was said lately.
func (r *Reader) recall(normal string) guess {
	if len(normal) > shortText {
		return r.guess(normal)
	}
	g, ok := r.recalled.Get(normal)
	if !ok {
		g = r.guess(normal)
		r.recalled.Add(normal, g)
	}
	return g
}

func newRecalled() *lru.Cache[string, guess] {
	c, _ := lru.New[string, guess](maxRecalled) // it fails only without a limit
	return c
}

// first cuts a text to the length that is read. It is used before and after
// normalising, which makes some characters several.
func first(text string) string {
	n := 0
	for i := range text {
		if n == maxRunes {
			return text[:i]
		}
		n++
	}
	return text
}

// clearest reads the clauses of a message one by one, and prefers the surest
// topic among them to the guess about the whole, of which it must be a candidate.
func (r *Reader) clearest(m message) guess {
	best := m.guess
	for _, c := range m.clauses[:min(len(m.clauses), maxClauses)] {
		g := r.part(m, c)
		among := slices.ContainsFunc(m.candidates[:min(3, len(m.candidates))], func(c supportbot.Candidate) bool { return c.Topic == g.topic })
		if among && g.sure && r.kind[g.topic] == isTopic && g.right > best.right {
			best = g
		}
	}
	return best
}

// guess tells what a normal text is about.
func (r *Reader) guess(normal string) guess { return r.judged(normal, &r.judge, nil) }

// judged is a guess that a judge has judged, with what its vector says, nil if
// nothing.
func (r *Reader) judged(normal string, judge *judge, also *opinion) guess {
	us := units(normal)
	if len(us) == 0 {
		return guess{decision: supportbot.None, candidates: []supportbot.Candidate{}}
	}
	label, exact := r.exact[bare(normal)]
	var barred []string
	if !exact {
		barred = r.barred(normal, us)
	}
	rank := r.classifier.rank(features(normal), len(us), barred, also)
	g := guess{exact: exact}
	g.right, g.inScope = judge.judge(rank.signals)
	inScope := g.inScope >= judge.inScope
	switch {
	case exact && r.kind[label] == isNone:
		g.right, g.inScope, inScope = 0.01, 0.01, false
	case exact:
		g.right, g.inScope, inScope = 0.99, 0.99, true
		rank.prefer(slices.Index(r.classifier.labels, label))
	case r.kind[topicFraud] == isTopic && tellsOfFraud(normal):
		g.right, g.inScope, inScope = max(g.right, 0.95), max(g.inScope, 0.95), true
		rank.prefer(slices.Index(r.classifier.labels, topicFraud))
	}
	g.topic = r.classifier.labels[rank.labels[0]]
	g.fraud = g.topic == topicFraud && inScope && trusted(g.right, aLoss)
	g.alarm = g.fraud && (exact || fraudWords.MatchString(normal))
	g.sure = g.alarm || trusted(g.right, aside)
	g.candidates = r.candidates(rank, g.right)
	g.decision = r.decide(g, inScope)
	return g
}

// barred lists the labels that a text cannot have, whatever its words: a
// question how something is done does not steer, nobody takes leave with a
// number or speaks of cards then, and nobody reports a fraud by saying that
// there was none, or by asking how to avoid one.
func (r *Reader) barred(normal string, units []string) []string {
	var list []string
	if strings.ContainsAny(normal, "0123456789") || slices.ContainsFunc(meanings(units), func(c string) bool { return c == "card" || c == "terminal" || c == "money" }) {
		list = append(list, "goodbye")
	}
	if asksHow.MatchString(normal) {
		list = append(list, "cancel", "back", controlYes, controlNo)
	}
	list = slices.DeleteFunc(list, func(id string) bool { return r.kind[id] != isControl })
	if deniesFraud(normal) || aboutPrevention(normal) {
		list = append(list, topicFraud)
	}
	return list
}

var asksHow = regexp.MustCompile(`怎么|怎样|如何|咋|为什么|为啥|多少|多久|\b(how (do|to|can|should|much|long)|why|which)\b`)

// decide draws the line between answering, offering a choice and giving up.
// Steering words come seldom by chance: in scope, the likeliest is taken.
func (r *Reader) decide(g guess, inScope bool) supportbot.Decision {
	control := r.kind[g.topic] == isControl
	trusted := trusted(g.right, r.risk(g.topic))
	switch {
	case control && trusted:
		return supportbot.Control
	case !inScope:
		return supportbot.None
	case control:
		return supportbot.Control
	case trusted:
		return supportbot.Answer
	default:
		return supportbot.Clarify
	}
}

// candidates lists the best labels. The score of the first is the probability
// that it is right; the others share the rest as the model sees them.
func (r *Reader) candidates(rank ranking, right float64) []supportbot.Candidate {
	var others float64
	for _, l := range rank.labels[1:] {
		others += float64(rank.probabilities[l])
	}
	list := make([]supportbot.Candidate, 0, maxCandidates)
	for i, l := range rank.labels[:min(maxCandidates, len(rank.labels))] {
		score := right
		if i > 0 {
			score = min(right, (1-right)*float64(rank.probabilities[l])/max(others, 1e-9))
		}
		list = append(list, supportbot.Candidate{Topic: r.classifier.labels[l], Score: score})
	}
	return list
}
