package kb

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// normalise brings a message into the form that everything else reads: narrow
// and lower-case letters, simplified characters, no invisible ones, common
// typos put right, one mark where there were several, and no spaces beside
// Chinese characters.
func normalise(text string) string {
	text = strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(text, "")))
	text = typos.Replace(" " + text + " ")
	var last rune
	text = strings.Map(func(r rune) rune {
		if m, ok := marks[r]; ok {
			r = m
		}
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector), r == last && isMark(r):
			return -1
		}
		last = r
		return r
	}, text)
	return tighten(text)
}

// tighten leaves one space between words, and none beside a Chinese character.
func tighten(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	var last rune
	space := false
	for _, r := range text {
		if r == ' ' {
			space = true
			continue
		}
		if space && last != 0 && !isHan(r) && !isHan(last) {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// bare drops marks and the particles that close a Chinese sentence, so that
// two ways of writing the same words become equal.
func bare(normal string) string {
	words := tighten(strings.Map(func(r rune) rune {
		if isMark(r) && r != '\'' {
			return ' '
		}
		return r
	}, normal))
	if trimmed := strings.TrimRight(words, "吧啊呀哦呢嘛哈啦噢喔诶"); trimmed != "" {
		return trimmed
	}
	return words
}

// clauses cuts a normal text at marks, at "but" and around thanks. A question
// keeps its mark.
func clauses(normal string) []string {
	normal = courtesy.ReplaceAllString(buts.Replace(normal), ",$0,")
	parts := strings.FieldsFunc(normal, func(r rune) bool { return strings.ContainsRune(",.!;:~…", r) })
	var list []string
	for _, p := range parts {
		for _, c := range strings.SplitAfter(p, "?") {
			if c = strings.TrimSpace(c); c != "" && c != "?" {
				list = append(list, c)
			}
		}
	}
	return list
}

var courtesy = regexp.MustCompile(`(谢谢|多谢)[你您们了啦啊呀哈哦噢]*|\b(many )?thanks( a lot| so much)?\b|\bthank you( very much| so much)?\b`)

var buts = strings.NewReplacer("但是", ",", "可是", ",", "但", ",", " but ", ",", " however ", ",")

// marks are Chinese marks that NFKC leaves alone.
var marks = map[rune]rune{'。': '.', '、': ',', '“': '"', '”': '"', '‘': '\'', '’': '\'', '～': '~', '—': '-', '【': '[', '】': ']', '「': '"', '」': '"'}

func isMark(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLatin(r rune) bool { return unicode.IsLetter(r) && !isHan(r) }

// units cuts a normal text into Chinese characters, words of other scripts
// (with inner apostrophes dropped) and numbers.
func units(normal string) []string {
	list := make([]string, 0, len(normal)/3+1)
	start, kind := 0, 0 // of the unit being read; kind 0 is none
	for i, r := range normal {
		k := 0
		switch {
		case isHan(r):
			k = 1
		case isDigit(r):
			k = 2
		case isLatin(r), r == '\'' && kind == 3:
			k = 3
		}
		if k == kind && k != 1 {
			continue
		}
		if kind != 0 {
			list = append(list, normal[start:i])
		}
		start, kind = i, k
	}
	if kind != 0 {
		list = append(list, normal[start:])
	}
	return list
}
