// Package privacy removes secrets from what people write, before it is stored,
// logged, shown or sent anywhere: numbers of cards and Chinese identity
// documents by their form, passwords, PINs and codes by the words around them.
//
// A message is folded to plain characters first (fold.go), so that full-width
// figures, keycaps and invisible characters hide nothing. Numbers are then read
// however they were written (digits.go), and labels such as 卡号 or "order no"
// tell what they are (labels.go). All work is linear in the length of the
// message: every rule looks at a bounded stretch from where it stands.
package privacy

import (
	"slices"
	"strings"

	"supportbot"
)

// The kinds of secrets, as Mask names them.
const (
	kindCard     = "card"
	kindID       = "id-number"
	kindPassword = "password"
	kindPIN      = "pin"
	kindCode     = "code"
	kindCVV      = "cvv"
	kindExpiry   = "expiry"
	kindTrack    = "track"
)

// KindPhone is the kind that is no secret by itself.
const KindPhone = "phone"

// placeholders stand for what was removed. They are the same in all languages,
// and Mask leaves them alone when it meets them again. Those of a card and of a
// telephone may end in the last four digits: "[card ****1234]".
var placeholders = map[string]string{
	kindCard:     "[card]",
	kindID:       "[id number]",
	kindPassword: "[password]",
	kindPIN:      "[pin]",
	kindCode:     "[code]",
	kindCVV:      "[cvv]",
	kindExpiry:   "[expiry]",
	kindTrack:    "[track]",
	KindPhone:    "[phone]",
}

// Strictest is the question at which most is masked: what stays there stays at
// any other.
var Strictest = supportbot.Question{Slot: supportbot.Slot{Type: supportbot.SlotEnum}}

// Mask replaces the secrets in text by placeholders and lists their kinds, each
// once, in the order of the text: "card", "id-number", "password", "pin",
// "code", "cvv", "expiry", "track", "phone". At most the last four digits of a
// card or telephone stay. What the open question q asks for is kept. The result
// is valid UTF-8, and masking it again changes nothing.
func Mask(text string, q supportbot.Question) (masked string, kinds []string) {
	if text == "" {
		return "", nil
	}
	m := read(text, q)
	m.mask()
	return m.render()
}

// read makes a masker that has read the digits of a text.
func read(text string, q supportbot.Question) *masker {
	m := &masker{text: strings.ToValidUTF8(text, "\uFFFD"), question: q}
	m.glyphs = fold(m.text)
	m.anyCard = strings.Contains(m.text, "[card")
	m.readDigits()
	return m
}

func (m *masker) mask() {
	if !m.onlyNumber() {
		m.rules()
	}
}

// rules hides all secrets. What is hidden no longer speaks for what stands beside
// it, so the rules go round until they find nothing. Few rounds do for what
// people write. Only a message made to uncover ever more takes longer, and none
// of it stays.
func (m *masker) rules() {
	for round, before := 0, -1; len(m.hidden) > before; round++ {
		if round == 8 {
			m.hidden = []span{{0, len(m.text), kindPassword, placeholders[kindPassword]}}
			return
		}
		before = len(m.hidden)
		m.maskNumbers()
		m.maskTracks()
		m.maskSecrets()
		if len(m.hidden) == before {
			m.maskPhones() // last, since of a password no digit may stay
			m.maskExpiry()
		}
	}
}

// masker is one message on its way through the rules.
type masker struct {
	text     string
	question supportbot.Question
	glyphs   []glyph
	digits   []digit // those that are not hidden yet
	runs     []run
	hidden   []span
	cards    []int // the glyphs after cards that were hidden since maskTracks
	anyCard  bool  // a card is or was in the message

	digitsRead bool
	hiddenThen int // how much was hidden when the digits were read
}

// span is a stretch of the text that is hidden.
type span struct {
	from, to int // bytes
	kind     string
	shown    string
}

// hide replaces the glyphs [from,to).
func (m *masker) hide(from, to int, kind, shown string) {
	m.hidden = append(m.hidden, span{m.glyphs[from].from, m.glyphs[to-1].to, kind, shown})
	for i := from; i < to; i++ {
		m.glyphs[i].r = hole
	}
}

// at returns the folded character at glyph i, hole beyond either end.
func (m *masker) at(i int) rune {
	if i < 0 || i >= len(m.glyphs) {
		return hole
	}
	return m.glyphs[i].r
}

func (m *masker) render() (masked string, kinds []string) {
	if len(m.hidden) == 0 {
		return m.text, nil
	}
	slices.SortFunc(m.hidden, func(a, b span) int { return a.from - b.from })
	var out strings.Builder
	done := 0
	for _, s := range m.hidden {
		out.WriteString(m.text[done:s.from])
		out.WriteString(s.shown)
		done = s.to
		if !slices.Contains(kinds, s.kind) {
			kinds = append(kinds, s.kind)
		}
	}
	out.WriteString(m.text[done:])
	return out.String(), kinds
}
