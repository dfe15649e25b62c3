package kb

import "strings"

var numerals = map[rune]int{
	'零': 0, '〇': 0, '一': 1, '幺': 1, '壹': 1, '二': 2, '两': 2, '贰': 2, '三': 3, '叁': 3, '四': 4, '肆': 4,
	'五': 5, '伍': 5, '六': 6, '陆': 6, '七': 7, '柒': 7, '八': 8, '捌': 8, '九': 9, '玖': 9,
}

// digitsOf writes Chinese numerals read out one by one as digits: 一二〇 → 120.
func digitsOf(normal string) string {
	return strings.Map(func(r rune) rune {
		if n, ok := numerals[r]; ok {
			return rune('0' + n)
		}
		return r
	}, normal)
}

// count reads a number up to 99 in digits or Chinese numerals: 12, 十二, 二十.
func count(s string) (int, bool) {
	tens, ones, ten := strings.Cut(s, "十")
	if !ten {
		return small(s)
	}
	a, b := 1, 0
	var ok bool
	if tens != "" {
		if a, ok = small(tens); !ok || a > 9 {
			return 0, false
		}
	}
	if ones != "" {
		if b, ok = small(ones); !ok || b > 9 {
			return 0, false
		}
	}
	return 10*a + b, true
}

// small reads one or two digits.
func small(s string) (int, bool) {
	s = digitsOf(s)
	if s == "" || len(s) > 2 {
		return 0, false
	}
	n := 0
	for _, r := range s {
		if !isDigit(r) {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	return n, true
}
