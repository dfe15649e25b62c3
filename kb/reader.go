package kb

import (
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

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

// Reader understands messages. It is trained once, and may be used by many
// goroutines. It never changes then, except that it may get a sense of vectors.
type Reader struct {
	kind       map[string]kind   // by label
	guided     map[string]bool   // topics that own a flow
	exact      map[string]string // bare text → label
	classifier *classifier
	judge      judge
	recalled   *lru.Cache[string, guess] // about short texts
	sentences  *sentences
	sense      atomic.Pointer[sense] // nil: it reads by words alone
}

// kind tells what a label stands for.
type kind uint8

const (
	isNone kind = iota
	isTopic
	isControl
)

// risk is what it costs to take a message for a label that it does not have.
func (r *Reader) risk(label string) risk {
	switch {
	case label == topicFraud:
		return aLoss
	case r.kind[label] == isControl:
		return aTurn
	case r.guided[label]:
		return aWay
	default:
		return aText
	}
}

// Read tells what a message means while q is open: which topic or control its
// words name by themselves, and which commands follow from them.
func (r *Reader) Read(text string, q supportbot.Question) supportbot.Reading {
	return r.read(r.hear(text), q)
}

func (r *Reader) read(m message, q supportbot.Question) supportbot.Reading {
	reading := supportbot.Reading{Language: m.language, Decision: m.decision, Candidates: slices.Clone(m.candidates)}
	if m.language == supportbot.English && q.Language == supportbot.Chinese && (pasted.MatchString(m.text) ||
		len(m.units) == 1 && (borrowed[m.units[0]] || m.decision == supportbot.None)) {
		reading.Language = "" // a Chinese speaker may well say "hello", or name or paste something
	}
	if address := supportbot.FindEmail(m.text); address != "" {
		reading.Language = Language(strings.Replace(m.text, address, " ", 1)) // it is Latin in any language
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
