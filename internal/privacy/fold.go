package privacy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// glyph is one visible character of a message as the rules see it.
type glyph struct {
	r        rune // folded; hole for what is hidden
	from, to int  // its bytes in the message, with invisible characters after it
}

// hole stands for a placeholder and for what lies outside the message. It is
// neither letter, digit nor separator, so no rule reads across it.
const hole rune = -1

// fold turns a message into glyphs: invisible characters dropped, letters lower
// case and narrow, every kind of decimal figure, dash, dot and space made one,
// placeholders made holes.
func fold(text string) []glyph {
	glyphs := make([]glyph, 0, utf8.RuneCountInString(text))
	for i := 0; i < len(text); {
		if n := placeholderLen(text[i:]); n > 0 {
			glyphs = append(glyphs, glyph{hole, i, i + n})
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !invisible(r) {
			glyphs = append(glyphs, glyph{foldRune(r), i, i + size})
		} else if len(glyphs) > 0 {
			glyphs[len(glyphs)-1].to = i + size
		}
		i += size
	}
	return glyphs
}

// placeholderLen returns how many bytes of a placeholder s begins with.
func placeholderLen(s string) int {
	if s[0] != '[' {
		return 0
	}
	for _, p := range placeholders {
		if strings.HasPrefix(s, p) {
			return len(p)
		}
	}
	for _, before := range []string{cardBefore, phoneBefore} {
		tail, ok := strings.CutPrefix(s, before)
		if ok && len(tail) >= 5 && tail[4] == ']' && !strings.ContainsFunc(tail[:4], func(r rune) bool { return !figure(r) }) {
			return len(before) + 5
		}
	}
	return 0
}

// invisible tells of characters that may stand between the digits of a number
// without being seen: zero-width ones, combining marks (a keycap, a strike),
// control characters.
func invisible(r rune) bool {
	if r < 0x300 {
		return unicode.IsControl(r) && !unicode.IsSpace(r) || r == '\u00AD'
	}
	return !ideograph(r) && unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}

// ideograph tells of most Chinese characters, so that the tables of Unicode, which
// take long to read, need not be asked.
func ideograph(r rune) bool { return r >= 0x4E00 && r < 0xA000 }

func foldRune(r rune) rune {
	if r >= '！' && r <= '～' { // full-width forms of ASCII
		r -= '！' - '!'
	}
	if r < utf8.RuneSelf {
		switch {
		case r == '\n' || r == '\r':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ToLower(r)
	}
	if same, ok := sameAs[r]; ok {
		return same
	}
	if ideograph(r) {
		return r
	}
	switch {
	case unicode.Is(unicode.Nd, r):
		return decimal(r)
	case unicode.Is(unicode.Pd, r):
		return '-'
	case unicode.IsSpace(r):
		return ' '
	}
	return unicode.ToLower(r)
}

// decimal folds a figure of any script. Unicode keeps the figures of a script
// together, in order and from zero, so the ranges are multiples of ten long.
func decimal(r rune) rune {
	for _, in := range unicode.Nd.R16 {
		if r <= rune(in.Hi) {
			return '0' + (r-rune(in.Lo))%10
		}
	}
	wide := unicode.Nd.R32
	i := slices.IndexFunc(wide, func(in unicode.Range32) bool { return r <= rune(in.Hi) })
	return '0' + (r-rune(wide[i].Lo))%10
}

// sameAs lists further characters that are taken for others: figures that are
// not decimals to Unicode, dots and minus, the Roman X of an identity number,
// and traditional forms of what labels are made of.
var sameAs = func() map[rune]rune {
	same := map[rune]rune{
		'−': '-', '·': '.', '•': '.', '․': '.', '‧': '.', '・': '.', '、': ',',
		'\u2800': ' ', '\u3164': ' ', // blank, though no spaces to Unicode
		'Ⅹ': 'x', 'ⅹ': 'x', '【': '[', '】': ']', '「': '"', '」': '"', '『': '"', '』': '"',
		'“': '"', '”': '"', '‘': '\'', '’': '\'',
		'о': 'o', 'О': 'o', 'ο': 'o', 'Ο': 'o', 'і': 'i', 'І': 'i', 'ӏ': 'l', 'Ӏ': 'l', // Cyrillic and Greek
		'碼': '码', '號': '号', '驗': '验', '證': '证', '戶': '户', '單': '单', '訂': '订', '為': '为',
		'個': '个', '輸': '输', '銀': '银', '動': '动', '態': '态', '簡': '简', '終': '终', '機': '机',
	}
	for _, figures := range []string{"⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"} {
		value := '0'
		for _, r := range figures {
			same[r] = value
			value++
		}
	}
	for _, first := range []rune{'⑴', '⒈', '㈠', '㊀', '➀', '➊', '⓵', '〡'} {
		for i := range rune(9) {
			same[first+i] = '1' + i
		}
	}
	for i := range rune(10) {
		same['\U0001F101'+i] = '0' + i // with a comma
	}
	return same
}()
