package privacy

import (
	"slices"
	"strings"
)

// digit is one decimal digit of the message, however it was written: 6, ６, 六,
// 陆 or six. The eights of 三个八 and of "triple eight" share their glyphs.
type digit struct {
	value    byte
	from, to int  // glyphs
	spelled  bool // in words, not figures
	starts   bool // begins a group: something stands before it, or the script changes
	paired   bool // a second digit stands in the same word, as in "forty-one"
	second   byte
}

// run is a stretch of digits [lo,hi) with nothing but separators in between.
type run struct{ lo, hi int }

// readDigits finds the digits of the message and their runs, unless they are those
// that it found last.
func (m *masker) readDigits() {
	if m.digitsRead && m.hiddenThen == len(m.hidden) {
		return
	}
	m.digitsRead, m.hiddenThen = true, len(m.hidden)
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
			if d.paired {
				m.digits = append(m.digits, digit{value: d.second, from: d.from, to: d.to, spelled: true})
			}
			i = d.to
			d, n = m.nextDigit(d)
		}
		m.runs = append(m.runs, run{lo, len(m.digits)})
	}
}

// nextDigit reads the digit that goes on with the number after d.
func (m *masker) nextDigit(d digit) (digit, int) {
	i := d.to
	next, n := m.digitAt(i)
	if n == 0 {
		i = m.gap(i)
		next, n = m.digitAt(i)
	}
	if n == 0 {
		return digit{}, 0
	}
	if next.spelled != d.spelled {
		// The 一 of 一直 or 一个 belongs to no number.
		if _, more := m.digitAt(next.to); more == 0 && n == 1 {
			return digit{}, 0
		}
	}
	next.starts = i > d.to || next.spelled != d.spelled
	return next, n
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
	if m.at(i-1) == '第' || d.spelled && m.at(d.to) == '位' {
		if _, more := m.oneDigit(d.to); !more {
			return digit{}, 0 // 第一段, 后四位
		}
	}
	if m.at(i) == '一' && strings.ContainsRune("下直个点样些定会起共", m.at(i+1)) {
		if _, before := m.oneDigit(i - 1); !before {
			return digit{}, 0
		}
	}
	if d.value < 2 {
		return d, 1
	}
	if m.at(i+1) == '个' {
		// 六个八 is 888888, also within a number, but 两个六二二八… is two cards.
		last, ok := m.oneDigit(i + 2)
		_, before := m.oneDigit(i - 1)
		_, after := m.oneDigit(last.to)
		if ok && (!after || before && last.spelled || m.at(last.to+1) == '个') {
			return digit{value: last.value, from: i, to: last.to, spelled: true}, int(d.value)
		}
	}
	if m.at(d.to) == ' ' {
		word := m.wordAt(d.to + 1)
		if value, ok := plurals[word]; ok {
			return digit{value: value, from: i, to: d.to + 1 + len(word), spelled: true}, int(d.value)
		}
	}
	return d, 1
}

// multiple reads "double six" and "triple 6".
func (m *masker) multiple(i int) (digit, int) {
	word := ""
	switch m.at(i) {
	case 'd', 't', 'q':
		word = m.wordAt(i)
	}
	if word == "" {
		return digit{}, 0
	}
	times := multiples[word]
	if times == 0 {
		return digit{}, 0
	}
	from := i + len(word)
	if m.at(from) != ' ' && m.at(from) != '-' {
		return digit{}, 0
	}
	d, ok := m.oneDigit(from + 1)
	if _, after := m.oneDigit(d.to); !ok || after && !d.spelled {
		return digit{}, 0
	}
	return digit{value: d.value, from: i, to: d.to, spelled: true}, times
}

// oneDigit reads one digit at glyph i, or the two of a word such as forty-one.
func (m *masker) oneDigit(i int) (digit, bool) {
	switch r := m.at(i); {
	case r >= '0' && r <= '9':
		return digit{value: byte(r - '0'), from: i, to: i + 1}, true
	case isLatin(r):
		if value, ok := m.lookAlike(i, r); ok {
			return digit{value: value, from: i, to: i + 1}, true
		}
		word := m.wordAt(i)
		if word == "" {
			return digit{}, false
		}
		if value, ok := numberWords[word]; ok {
			return digit{value: value, from: i, to: i + len(word), spelled: true}, true
		}
		return m.pair(i, word)
	case r > 0x7f:
		value, ok := numerals[r]
		return digit{value: value, from: i, to: i + 1, spelled: true}, ok
	}
	return digit{}, false
}

// wordAt returns the Latin word that begins at glyph i, "" if none does or if it
// is longer than any that stands for a number.
func (m *masker) wordAt(i int) string {
	const longest = 9
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

// runEnd returns where the run of digit k ends.
func (m *masker) runEnd(k int) int {
	for lo, hi := 0, len(m.runs); ; {
		mid := (lo + hi) / 2
		switch r := m.runs[mid]; {
		case k < r.lo:
			hi = mid
		case k >= r.hi:
			lo = mid + 1
		default:
			return r.hi
		}
	}
}
