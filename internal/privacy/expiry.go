package privacy

import "strings"

// maskExpiry hides expiry dates that are called so, where a card is or was: by
// themselves they are worth nothing, and people ask about cards that expire.
func (m *masker) maskExpiry() {
	if !m.anyCard {
		return
	}
	m.readDigits()
	for i := 0; i < len(m.glyphs); i++ {
		l, end := m.labelAt(i)
		if l != labelExpiry {
			continue
		}
		from := m.follow(end).to
		if to := m.dateEnd(from); to > from {
			m.hide(from, to, kindExpiry, placeholders[kindExpiry])
		}
		i = end - 1
	}
}

// dateEnd returns where a month and a year end that begin at glyph i, in any
// order and spelling: 12/28, 1228, 2028年12月, 二八年十二月.
func (m *masker) dateEnd(i int) int {
	const most = 16
	end, digits := i, 0
	for j := i; j < i+most; {
		if d, n := m.digitAt(j); n > 0 {
			digits += n
			j, end = d.to, d.to
			continue
		}
		switch r := m.at(j); {
		case strings.ContainsRune("年月日十", r):
			end = j + 1
			if r == '十' {
				digits++
			}
		case j > i && strings.ContainsRune(" /-.", r):
		default:
			j = i + most
		}
		j++
	}
	if digits < 3 || digits > 8 {
		return i
	}
	return end
}
