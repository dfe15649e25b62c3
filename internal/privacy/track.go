package privacy

// trackMost is how many glyphs follow a card number on a magnetic stripe at most
// (ISO/IEC 7813: track 1 has 79 characters), with room for spaces.
const trackMost = 100

// maskTracks hides what follows a card number on a magnetic stripe: after a ^
// the holder's name, the expiry date and what the issuer wrote; after a = or D
// the same without the name.
func (m *masker) maskTracks() {
	for _, i := range m.cards {
		if end := m.trackEnd(i); end > i {
			m.hide(i, end, kindTrack, placeholders[kindTrack])
		}
	}
	m.cards = m.cards[:0]
}

func (m *masker) trackEnd(i int) int {
	belongs := func(r rune) bool { return r != '?' && r != '\n' }
	switch m.at(i) {
	case '^':
	case '=', 'd':
		if m.figures(i+1) < 4 {
			return i
		}
		belongs = func(r rune) bool { return figure(r) || r == '=' || r == 'd' }
	default:
		return i
	}
	end := i + 1
	for end < i+trackMost && m.at(end) != hole && belongs(m.at(end)) {
		end++
	}
	if m.at(end) == '?' {
		end++
	}
	return end
}
