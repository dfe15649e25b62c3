package privacy

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"supportbot"
)

// SplitLimit is how long after one message of a person another may bring the
// rest of the same secret.
const SplitLimit = 5 * time.Minute

// SplitMost is how many messages of a person one secret may be split over.
const SplitMost = 20

// partMost is how many bytes a message has at most that is looked at again, but
// for the one just before.
const partMost = 500

// Said is what a person wrote, and when.
type Said struct {
	Text string
	At   time.Time
}

// MayBelong tells whether a message may belong to what was said before it, or
// what was said before to it: it has digits, a word such as password, or is a
// word or two that may be one.
func MayBelong(text string) bool {
	m := read(text, supportbot.Question{})
	if len(m.runs) > 0 {
		return true
	}
	ascii := 0
	for i, g := range m.glyphs {
		if l, _ := m.labelAt(i); l.secret() {
			return true
		}
		if g.r > ' ' && g.r < utf8.RuneSelf {
			ascii++
		}
	}
	const longest = 32
	return ascii > 2 && ascii == len(m.glyphs)-strings.Count(text, " ") && len(m.glyphs) <= longest
}

// MaskAfter is Mask for a message that comes after others of the same person,
// the oldest first, as they were kept. A secret may be split over those of the
// last five minutes: a card number in parts, a password after the words that
// announce it. Each part vanishes whole; changed holds the new texts of earlier
// messages, by their index.
func MaskAfter(earlier []Said, now Said, q supportbot.Question) (masked string, kinds []string, changed map[int]string) {
	first := max(0, len(earlier)-SplitMost)
	for first < len(earlier) && now.At.Sub(earlier[first].At) > SplitLimit {
		first++
	}
	if first == len(earlier) || strings.TrimSpace(now.Text) == "" {
		masked, kinds = Mask(now.Text, q)
		return masked, kinds, nil
	}
	if calledMerchant(earlier[len(earlier)-1].Text, now.Text) {
		return now.Text, nil, nil
	}
	t := thread{question: q}
	for i, s := range earlier[first:] {
		if len(s.Text) > partMost && first+i < len(earlier)-1 {
			s.Text = "" // a part is short; so the work stays small
		}
		t.add(s.Text)
	}
	t.add(now.Text)
	t.mask()
	for i, said := range t.said {
		text, found := said.render()
		switch {
		case i == len(t.said)-1:
			masked = text
		case found != nil:
			if changed == nil {
				changed = map[int]string{}
			}
			changed[first+i] = text
		}
		kinds = union(kinds, found) // the person is told of all with this message
	}
	return masked, kinds, changed
}

// calledMerchant tells whether a message is a merchant number and nothing else,
// and the message before ends by saying so.
func calledMerchant(before, text string) bool {
	number := read(text, supportbot.Question{})
	if len(number.digits) != merchantDigits || len(number.runs) != 1 || !number.consistsOf(" -") {
		return false
	}
	both := read(before+string(border)+text, supportbot.Question{})
	labels, _ := both.labelled()
	return labels[both.digits[len(both.digits)-merchantDigits].from] == labelMerchant
}

// thread is a person's messages of the last minutes, the last one new.
type thread struct {
	question supportbot.Question
	said     []*masker
}

func (t *thread) add(text string) { t.said = append(t.said, read(text, t.question)) }

func (t *thread) last() *masker { return t.said[len(t.said)-1] }

// answers tells whether the message is the number that was asked for.
func (m *masker) answers() bool {
	return len(m.runs) == 1 && m.consistsOf(" \n#*+-.()") && m.asks(len(m.digits))
}

// mask masks the last message, and with it what belongs to it in those before.
func (t *thread) mask() {
	now := t.last()
	answer := now.answers()
	if !answer && !t.parts(false) {
		t.parts(true)
	}
	if len(now.hidden) == 0 && now.onlyNumber() {
		return
	}
	now.rules()
	t.context(answer)
	if !answer && len(now.hidden) == 0 {
		t.afterCard()
	}
}

// afterCardMost is how many characters a message has at most beside the digits
// that go on with a card of one of the two messages before.
const afterCardMost = 8

// afterCard hides a few digits right after a card: its security code, its expiry
// date, or the rest of it. After one that came in parts, which has no tail, more
// may be a part that is sent again since it did not get through.
func (t *thread) afterCard() {
	now := t.last()
	now.readDigits()
	numbers := now.loose()
	n := len(now.digits)
	if len(numbers) != 1 || n < 2 || n > cardMin || len(now.glyphs) > n+afterCardMost && !now.digits[0].spelled {
		return
	}
	for _, before := range t.said[max(0, len(t.said)-3) : len(t.said)-1] {
		inParts := strings.Contains(before.text, placeholders[kindCard])
		if !strings.Contains(before.text, "[card") || !inParts && (n == 2 || n > 6) {
			continue
		}
		kind := kindCard
		if n == 3 || n == 4 {
			kind = kindCVV
		}
		now.hide(numbers[0].from, numbers[0].to, kind, placeholders[kind])
		return
	}
}

// border stands between two messages: a character of no meaning, which no number
// goes over but a label speaks across.
const border = '\uE000'

// context masks what only the words of the message before, or of the one after,
// make a secret: 密码是, and then 123456. What answers the open question stays.
func (t *thread) context(answer bool) {
	now, before := t.last(), t.said[len(t.said)-2]
	if len(now.hidden) > 0 || len(before.hidden) > 0 {
		return
	}
	both := read(before.text+string(border)+now.text, supportbot.Question{Queued: asksPhone(t.question)})
	both.rules()
	end := len(before.text)
	begin := end + len(string(border))
	for _, s := range both.hidden {
		switch {
		case s.to <= end:
			before.hidden = append(before.hidden, s)
		case s.from >= begin && !answer:
			now.hidden = append(now.hidden, span{s.from - begin, s.to - begin, s.kind, s.shown})
		}
	}
}

// union adds kinds that are not there yet.
func union(kinds, more []string) []string {
	for _, k := range more {
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}
