package privacy

import (
	"strings"

	"supportbot"
)

// onlyNumber deals with a message that is nothing but one number, as keys
// pressed on a phone are: what it is depends on what was asked. It tells
// whether it knows; if not, the other rules decide.
func (m *masker) onlyNumber() bool {
	if len(m.runs) != 1 {
		return false
	}
	n, plain := len(m.digits), m.consistsOf(" \n#*")
	if m.asks(n) && (plain || m.consistsOf(" \n#*+-.()")) {
		return true
	}
	if !plain {
		return false
	}
	switch slot := m.question.Slot.Type; {
	case n == merchantDigits:
		return false // a merchant number, unless another rule says otherwise
	case n >= cardMin && n <= cardMax:
		// Nothing that long was asked for, and no words say that it is an
		// order. To keep a card by mistake is worse than to lose an order.
		if to, ok := m.idNumber(0, n); ok {
			m.hide(m.digits[0].from, to, kindID, placeholders[kindID])
		} else {
			_, tail, _ := m.card(0, n, true)
			m.hideCard(0, n, tail)
		}
		return true
	case n == 6 && slot != "" && slot != supportbot.SlotText:
		// SMS codes and bank PINs have six digits. Six digits answer nothing
		// that was asked, so here they are of no use and most likely a secret at
		// the wrong question. Anywhere else they may as well be an order or an
		// amount, and stay.
		m.hide(m.digits[0].from, m.digits[n-1].to, kindCode, placeholders[kindCode])
		return true
	}
	return false
}

// consistsOf tells whether the message has nothing but digits and others.
func (m *masker) consistsOf(others string) bool {
	next := 0
	for _, d := range append(m.digits, digit{from: len(m.glyphs)}) {
		for ; next < d.from; next++ {
			if !strings.ContainsRune(others, m.at(next)) {
				return false
			}
		}
		next = d.to
	}
	return true
}

// asks tells whether the open question asks for a number of n digits. A slot
// without an upper limit asks for fewer than a card has; a telephone number has
// at most 15 (ITU-T E.164), and a card is not taken for one.
func (m *masker) asks(n int) bool {
	slot := m.question.Slot
	most := slot.Max
	switch slot.Type {
	case supportbot.SlotDigits:
		if most == 0 {
			most = 12
		}
	case supportbot.SlotPhone:
		if most == 0 {
			most = 15
		}
		if n < phoneMin || n >= m.shortest(0) && m.luhn(0, n) {
			return false
		}
		if _, isID := m.idNumber(0, n); isID {
			return false
		}
	default:
		return false
	}
	return n >= slot.Min && n <= most
}

// maskNumbers hides the numbers of cards and identity documents.
func (m *masker) maskNumbers() {
	m.readDigits()
	if len(m.runs) == 0 {
		return
	}
	labels, merchant := m.labelled()
	merchant = merchant || m.question.Slot.Type == supportbot.SlotDigits && m.asks(merchantDigits)
	for _, r := range m.runs {
		k, l := r.lo, labels[m.digits[r.lo].from]
		switch {
		case l == labelMerchant && m.aligned(k+merchantDigits, r.hi):
			k += merchantDigits
		case l == labelReference:
			k = m.referenceEnd(k, r.hi)
		case merchant && l == labelNone && r.hi-r.lo == merchantDigits:
			continue
		}
		for k < r.hi {
			k = m.maskNumber(k, r.hi, l)
			l = labelNone
		}
	}
}

// referenceEnd returns where the reference that begins at digit k ends: with its
// group, or with its last digit that stands alone, as in numbers read aloud.
func (m *masker) referenceEnd(k, hi int) int {
	end := m.groupEnd(k, hi)
	for alone := end == k+1; alone && end < hi && m.groupEnd(end, hi) == end+1; {
		end++
	}
	return end
}

// phoneMin is how many digits a telephone number has at least: a landline
// without its area code. What is shorter may be a code.
const phoneMin = 7

// merchantDigits is the length of a merchant number (商户号) in China: acquirer,
// region, merchant category and a serial number.
const merchantDigits = 15

// maskNumber hides the number that begins at digit k if it is a secret, and
// returns where to go on. What may be either is taken for an identity number, of
// which no digit stays.
func (m *masker) maskNumber(k, hi int, l label) int {
	to, ok := 0, false
	if l != labelCard {
		to, ok = m.idNumber(k, hi)
	}
	if !ok && l == labelID {
		to, ok = m.claimedID(k, hi)
	}
	if ok {
		m.hide(m.digits[k].from, to, kindID, placeholders[kindID])
		return m.digitAfter(k, to, hi)
	}
	if end, tail, ok := m.card(k, hi, l == labelCard); ok {
		m.hideCard(k, end, tail)
		return end
	}
	return m.groupEnd(k, hi)
}

// digitAfter returns the first digit from k on that begins at glyph or later.
func (m *masker) digitAfter(k, glyph, hi int) int {
	for ; k < hi && m.digits[k].from < glyph; k++ {
	}
	return k
}

// aligned tells whether a number may end before digit end: at the end of a group.
func (m *masker) aligned(end, hi int) bool {
	return end == hi || end < hi && m.digits[end].starts
}
