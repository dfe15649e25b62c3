package privacy

import "slices"

// digit is one decimal digit of the message, however it was written: 6, ６, 六,
// 陆 or six. The eights of 三个八 and of "triple eight" share their glyphs.
type digit struct {
	value    byte
	from, to int  // glyphs
	spelled  bool // in words, not figures
	starts   bool // begins a group: something stands before it, or the script changes
}

// run is a stretch of digits [lo,hi) with nothing but separators in between.
type run struct{ lo, hi int }

// readDigits finds the digits of the message and their runs.
func (m *masker) readDigits() {
	m.digits, m.runs = m.digits[:0], m.runs[:0]
	for i := 0; i < len(m.glyphs); {
		d, n := m.digitAt(i)
		if n == 0 {
			i++
			continue
		}
		lo := len(m.digits)
		d.starts = true
		for n > 0 {
			for range n {
				m.digits = append(m.digits, d)
				d.starts = false
			}
			i = d.to
			d, n = m.nextDigit(d)
		}
		m.runs = append(m.runs, run{lo, len(m.digits)})
	}
}

// nextDigit reads the digit that goes on with the number after d, at most three
// separators away.
func (m *masker) nextDigit(d digit) (digit, int) {
	i := d.to
	for i < d.to+3 && m.separates(i) {
		i++
	}
	next, n := m.digitAt(i)
	if n == 0 {
		return digit{}, 0
	}
	if next.spelled != d.spelled {
		// The 一 of 一直 or 一个 belongs to no number.
		if _, more := m.digitAt(next.to); more == 0 {
			return digit{}, 0
		}
	}
	next.starts = i > d.to || next.spelled != d.spelled
	return next, n
}

// separates tells whether a number may go on after glyph i. A slash only stands
// before the two figures of an expiry date, and a comma not before thousands.
func (m *masker) separates(i int) bool {
	switch m.at(i) {
	case ' ', '-', '.', '_', '\n':
		return true
	case '/':
		return m.figures(i+1) == 2
	case ',':
		return m.figures(i+1) != 3 || m.figures(i-4) == 4
	}
	return false
}

// figures counts the figures from glyph i on, up to four.
func (m *masker) figures(i int) int {
	n := 0
	for n < 4 && m.at(i+n) >= '0' && m.at(i+n) <= '9' {
		n++
	}
	return n
}

// digitAt reads what stands for a digit at glyph i, and how often it counts; 0
// times if nothing does.
func (m *masker) digitAt(i int) (digit, int) {
	d, ok := m.oneDigit(i)
	if !ok {
		return m.multiple(i)
	}
	if m.at(i+1) == '个' && d.value > 1 {
		// 六个八 is 888888, also within a number, but 两个六二二八… is two cards.
		last, ok := m.oneDigit(i + 2)
		_, before := m.oneDigit(i - 1)
		_, after := m.oneDigit(last.to)
		if ok && (!after || before && last.spelled) {
			return digit{last.value, i, last.to, true, false}, int(d.value)
		}
	}
	return d, 1
}

// multiple reads "double six" and "triple 6".
func (m *masker) multiple(i int) (digit, int) {
	times := 0
	switch m.at(i) {
	case 'd', 't':
		times = multiples[m.wordAt(i)]
	}
	if times == 0 {
		return digit{}, 0
	}
	from := i + len("double")
	if m.at(from) != ' ' && m.at(from) != '-' {
		return digit{}, 0
	}
	d, ok := m.oneDigit(from + 1)
	if _, after := m.oneDigit(d.to); !ok || after && !d.spelled {
		return digit{}, 0
	}
	return digit{d.value, i, d.to, true, false}, times
}

var multiples = map[string]int{"double": 2, "triple": 3}

// oneDigit reads one digit at glyph i.
func (m *masker) oneDigit(i int) (digit, bool) {
	switch r := m.at(i); {
	case r >= '0' && r <= '9':
		return digit{value: byte(r - '0'), from: i, to: i + 1}, true
	case isLatin(r):
		word := m.wordAt(i)
		value, ok := numberWords[word]
		return digit{value: value, from: i, to: i + len(word), spelled: true}, ok
	case r > 0x7f:
		value, ok := numerals[r]
		return digit{value: value, from: i, to: i + 1, spelled: true}, ok
	}
	return digit{}, false
}

// wordAt returns the Latin word that begins at glyph i, "" if none does or if it
// is longer than any that stands for a number.
func (m *masker) wordAt(i int) string {
	const longest = 6
	if !isLatin(m.at(i)) || isLatin(m.at(i-1)) {
		return ""
	}
	var word [longest]byte
	n := 0
	for ; isLatin(m.at(i + n)); n++ {
		if n == longest {
			return ""
		}
		word[n] = byte(m.at(i + n))
	}
	return string(word[:n])
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

// digitFrom returns the index of the digit that begins at glyph i.
func (m *masker) digitFrom(i int) (int, bool) {
	return slices.BinarySearchFunc(m.digits, i, func(d digit, i int) int { return d.from - i })
}

// groupEnd returns where the group of digit k ends, at hi at the latest.
func (m *masker) groupEnd(k, hi int) int {
	for k++; k < hi && !m.digits[k].starts; k++ {
	}
	return k
}

// numerals are Chinese digits: plain, as on cheques, and as said over the radio
// and the phone (幺 1, 洞 0, 拐 7, 勾 9, 两 2).
var numerals = map[rune]byte{
	'〇': 0, '○': 0, '零': 0, '洞': 0,
	'一': 1, '壹': 1, '幺': 1,
	'二': 2, '贰': 2, '貳': 2, '两': 2, '兩': 2,
	'三': 3, '叁': 3, '參': 3,
	'四': 4, '肆': 4,
	'五': 5, '伍': 5,
	'六': 6, '陆': 6, '陸': 6,
	'七': 7, '柒': 7, '拐': 7,
	'八': 8, '捌': 8,
	'九': 9, '玖': 9, '勾': 9,
}

var numberWords = map[string]byte{
	"zero": 0, "oh": 0, "o": 0, "one": 1, "two": 2, "three": 3, "four": 4,
	"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
}
