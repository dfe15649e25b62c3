package privacy

import (
	"strings"
	"unicode"
)

// secretKinds tell what a label's secret is called and how many digits it has.
// The most are twelve for a PIN (ISO 9564-1); a password may have any number.
var secretKinds = map[label]struct {
	kind        string
	least, most int
}{
	labelPassword: {kindPassword, 3, 64},
	labelPIN:      {kindPIN, 3, 12},
	labelCode:     {kindCode, 4, 10},
	labelCVV:      {kindCVV, 3, 8},
}

// maskSecrets hides passwords, PINs and codes, which only the words around them
// give away. It works from left to right and hides at once, so that what is
// hidden speaks for nothing that follows.
func (m *masker) maskSecrets() {
	m.readDigits()
	for i := 0; i < len(m.glyphs); {
		if end, l, ok := m.secretBeforeLabel(i); ok {
			m.hideSecret(i, end, l)
			i = end
			continue
		}
		l, end := m.labelAt(i)
		if !l.secret() {
			i = max(i+1, end)
			continue
		}
		i = m.secretsAfter(i, end, l)
	}
}

func (m *masker) hideSecret(from, to int, l label) {
	kind := secretKinds[l].kind
	m.hide(from, to, kind, placeholders[kind])
}

// secretsAfter hides what follows the label [from,end): one secret, or several
// as in "123456 or 654321" and "from 123456 to 654321". It returns where to go on.
func (m *masker) secretsAfter(from, end int, l label) int {
	t := m.follow(end)
	if !t.linked() {
		return end
	}
	to, ok := m.secret(t.to, l, t.firm)
	if !ok || m.harmless(from, l, t.firm) {
		return end
	}
	for i := t.to; ok; to, ok = m.secret(i, l, t.firm) {
		m.hideSecret(i, to, l)
		if end, i = to, m.alternative(to); i == to {
			break
		}
	}
	return end
}

// alternative returns where a second value begins after the first, which ends at
// glyph i; i if there is none.
func (m *masker) alternative(i int) int {
	j := i
	for m.at(j) == ' ' && j < i+3 {
		j++
	}
	for _, or := range []string{"或者", "或", "还是", "改成了", "改成", "改为", "换成", "or ", "and ", "to ", "/"} {
		if end := m.matchAt(j, []rune(or)); end > j {
			for m.at(end) == ' ' {
				end++
			}
			return end
		}
	}
	return i
}

// secret reads a secret of kind l at glyph i and returns where it ends.
func (m *masker) secret(i int, l label, firm bool) (end int, ok bool) {
	if l == labelPassword && firm {
		if end, ok := m.phrase(i); ok {
			return end, true
		}
	}
	if end, ok := m.repeated(i); ok && l != labelCode && l != labelCVV {
		return end, true
	}
	if end, ok := m.mixed(i, firm); ok {
		return end, true
	}
	if k, ok := m.digitFrom(i); ok {
		if end, ok := m.secretDigits(k, l, firm); ok {
			return end, true
		}
	}
	if l == labelPassword && firm {
		return m.onlyLetters(i)
	}
	return 0, false
}

// secretDigits reads the secret that begins with digit k: one group, or several
// that are no longer than the first, as in "88 42" or "8 8 4 2". Without a firm
// word before it, eight digits are the most.
func (m *masker) secretDigits(k int, l label, firm bool) (end int, ok bool) {
	if m.isDate(k) {
		return 0, false
	}
	hi := m.runEnd(k)
	e := m.groupEnd(k, hi)
	first := e - k
	for e < hi && first < 6 && !m.isDate(e) {
		next := m.groupEnd(e, hi)
		if next-e > first || next-k > 8 || m.counted(m.digits[next-1].to) {
			break
		}
		e = next
	}
	n, s := e-k, secretKinds[l]
	if l == labelCode && m.anyCard {
		s.least = 3 // beside a card, its security code
	}
	most := s.most
	if !firm {
		most = min(most, 8)
	}
	if n < s.least || n > most || m.counted(m.digits[e-1].to) || l == labelCode && m.isHotline(k, e) {
		return 0, false
	}
	return m.digits[e-1].to, true
}

// secretBeforeLabel reads a secret that its label follows, as in "8842 is the
// code" or "123456（登录验证码）".
func (m *masker) secretBeforeLabel(i int) (end int, l label, ok bool) {
	k, ok := m.digitFrom(i)
	if !ok || !m.digits[k].starts {
		return 0, labelNone, false
	}
	hi := m.runEnd(k)
	if hi-k > 8 {
		return 0, labelNone, false
	}
	t := m.follow(m.digits[hi-1].to)
	if !t.firm && !t.opened && !(hi-k > 3 && m.entered(i)) {
		return 0, labelNone, false
	}
	l, _ = m.labelAt(t.to)
	if !l.secret() || hi-k < secretKinds[l].least || m.isHotline(k, hi) || m.harmless(t.to, l, true) {
		return 0, labelNone, false
	}
	return m.digits[hi-1].to, l, true
}

// entered tells whether what begins at glyph i was typed in: "输入123456提示密码错误".
func (m *masker) entered(i int) bool {
	return m.at(i-1) == '输' || m.at(i-2) == '输' && (m.at(i-1) == '入' || m.at(i-1) == '了')
}

// mixed reads a word of letters, figures and signs, such as hunter2 or p@ss.
func (m *masker) mixed(i int, firm bool) (end int, ok bool) {
	if strings.ContainsRune("$¥￥€£", m.at(i)) || m.matchPrefix(i, "http") || m.matchPrefix(i, "www.") {
		return 0, false
	}
	const looked = 64 // glyphs; a longer word is judged by these
	end = m.tokenEnd(i, looked)
	var letters, figures, signs bool
	for j := i; j < end; j++ {
		switch r := m.at(j); {
		case r >= '0' && r <= '9':
			figures = true
		case unicode.IsLetter(r):
			letters = true
		case strings.ContainsRune("@#$%^&*+=~_!?", r):
			signs = true
		}
	}
	least := 6
	if firm {
		least = 4
	}
	if end-i < least || !(letters && figures || signs && (letters || figures)) {
		return 0, false
	}
	end = m.tokenEnd(i, len(m.glyphs))
	if k, _ := m.digitFrom(end); k > 0 {
		end = max(end, m.digits[k-1].to) // 3个8 is read as one, and goes as one
	}
	return end, true
}

func (m *masker) matchPrefix(i int, prefix string) bool {
	for j, r := range prefix {
		if m.at(i+j) != r {
			return false
		}
	}
	return true
}

// onlyLetters reads a password that is a plain word. Nothing but its place gives
// it away: it ends its clause, and it is not what one says of a password.
func (m *masker) onlyLetters(i int) (end int, ok bool) {
	end = m.tokenEnd(i, 32)
	var word strings.Builder
	for j := i; j < end; j++ {
		if !unicode.IsLetter(m.at(j)) {
			return 0, false
		}
		word.WriteRune(m.at(j))
	}
	w := word.String()
	if end-i < 4 || states[w] || saidOfIt[w] || strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ing") {
		return 0, false
	}
	after := end
	for m.at(after) == ' ' {
		after++
	}
	_, more := match(m, conjunctions, after)
	return end, endsClause(m.at(after)) || more > after
}

// conjunctions begin another clause.
var conjunctions = words(map[int][]string{0: {"and", "but"}})

// tokenEnd returns where the word at glyph i ends, without punctuation after it,
// looking at most at so many glyphs.
func (m *masker) tokenEnd(i, most int) int {
	end := i
	for end-i < most && inToken(m.at(end)) {
		end++
	}
	for end > i && strings.ContainsRune(".!?:)]}'>", m.at(end-1)) {
		end--
	}
	return end
}

func inToken(r rune) bool {
	if r < 0x80 {
		return r > ' ' && !strings.ContainsRune(`,;"`, r)
	}
	return unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}

func endsClause(r rune) bool {
	return r == hole || strings.ContainsRune("\n.,;:!?。)\"'", r)
}
