package privacy

import (
	"strings"
	"unicode"

	"supportbot"
)

// part is a number in a message that may belong to a longer one.
type part struct {
	in       *masker
	from, to int // glyphs
}

// parts hides numbers that make a card, an identity document or a telephone with
// those of the messages before: the last number of the first message, the only
// one of those between, the first of the new one. Of several readings the
// longest holds; telephones come last, since many numbers might be one.
func (t *thread) parts(phones bool) (found bool) {
	now := t.last()
	own := now.loose()
	if len(own) == 0 || now.wholeCard(own[0]) {
		return false
	}
	chain := []part{own[0]}
	var best []part
	var kind string
	labelled := now.speaksOfCard()
	for i := len(t.said) - 2; i >= 0; i-- {
		numbers := t.said[i].loose()
		labelled = labelled || t.said[i].speaksOfCard()
		if len(numbers) == 0 {
			continue
		}
		chain = append(chain, numbers[len(numbers)-1])
		if k := together(chain, labelled); k != "" && (k == KindPhone) == phones {
			best, kind = chain, k
		}
		if len(numbers) > 1 {
			break
		}
	}
	for _, p := range best {
		p.in.hide(p.from, p.to, kind, placeholders[kind])
	}
	return len(best) > 0
}

// wholeCard tells whether a number is a card's by itself.
func (m *masker) wholeCard(p part) bool {
	k, _ := m.digitFrom(p.from)
	n := m.runEnd(k) - k
	return n >= 16 && n >= m.shortest(k) && m.luhn(k, k+n)
}

// wordsMost is how many letters and characters a message has at most beside the
// part of a number that it brings, unless it speaks of a card.
const wordsMost = 10

// loose lists the numbers of a message that may be parts. One digit is a choice.
func (m *masker) loose() []part {
	m.readDigits()
	words := 0
	for _, g := range m.glyphs {
		if unicode.IsLetter(g.r) {
			words++
		}
	}
	for i, d := range m.digits {
		if d.spelled && (i == 0 || m.digits[i-1].from != d.from) {
			words -= d.to - d.from
		}
	}
	if len(m.runs) == 0 || words > wordsMost && !m.speaksOfCard() {
		return nil
	}
	labels, _ := m.labelled()
	var all []part
	for _, r := range m.runs {
		if m.otherwise(r, labels[m.digits[r.lo].from]) || words > 0 && m.imei(r) {
			continue
		}
		to := m.digits[r.hi-1].to
		if end, ok := m.xAfter(r.hi); ok {
			to = end
		}
		all = append(all, part{m, m.digits[r.lo].from, to})
	}
	return all
}

// imei tells whether a run of digits looks like the number of a mobile phone's
// hardware.
func (m *masker) imei(r run) bool { return r.hi-r.lo == merchantDigits && m.value(r.lo, 2) == 35 }

// otherwise tells whether a run of digits is something of its own: an order or a
// merchant number that is called so, the tail of a card, an amount, a date, what
// stands in a serial number or beside asterisks.
func (m *masker) otherwise(r run, l label) bool {
	first, last, n := m.digits[r.lo], m.digits[r.hi-1], r.hi-r.lo
	if l.secret() || l == labelReference || l == labelMerchant || l == labelTail {
		return true
	}
	if n < 2 || n > cardMax || n == merchantDigits && m.shortest(r.lo) > 16 {
		return true
	}
	thousands := m.at(first.from-1) == ',' && figure(m.at(first.from-2))
	if thousands || m.counted(last.to) || m.calledOtherwise(r.hi) || m.isDate(r.lo) || m.isPublic(r.lo, r.hi) && m.groupEnd(r.lo, r.hi) < r.hi || m.amounts(r.lo, r.hi) {
		return true
	}
	if !first.spelled && (isLatin(m.at(first.from-1)) || isLatin(m.at(last.to)) && m.at(last.to) != 'x') {
		return true
	}
	for i := first.from; i < last.to; i++ {
		if r := m.at(i); r == '*' || r == ':' || r == '/' && n < 5 {
			return true
		}
	}
	return strings.ContainsRune("$¥￥€£", m.at(first.from-1))
}

// speaksOfCard tells whether the words of the message call a number a card's.
func (m *masker) speaksOfCard() bool {
	for i := range m.glyphs {
		if l, end := m.labelAt(i); l == labelCard && end > i+1 {
			return true
		}
	}
	return false
}

// together tells what the parts of a chain, the last one first, are when they
// are put together: a kind of secret that reaches from the first to the last, or
// "" for none.
func together(chain []part, labelled bool) (kind string) {
	var text strings.Builder
	if labelled {
		text.WriteString("卡号")
	}
	first := text.Len()
	last := 0
	for i := len(chain) - 1; i >= 0; i-- {
		p := chain[i]
		last = text.Len()
		text.WriteString(p.in.text[p.in.glyphs[p.from].from:p.in.glyphs[p.to-1].to])
		if i > 0 {
			text.WriteByte('\n')
		}
	}
	m := read(text.String(), supportbot.Question{})
	m.maskNumbers()
	m.maskPhones()
	for _, s := range m.hidden {
		if s.from > first || s.to <= last || s.kind == KindPhone && !m.mobile() {
			continue
		}
		return s.kind
	}
	return ""
}

// mobile tells whether the digits begin as a mobile number does, with three of
// them together.
func (m *masker) mobile() bool {
	m.glyphs, m.digitsRead = fold(m.text), false // what is hidden is a hole
	m.readDigits()
	return len(m.digits) > 0 && m.value(0, 1) == 1 && m.groupEnd(0, len(m.digits)) >= 3
}
