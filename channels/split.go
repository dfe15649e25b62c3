package channels

import (
	"strings"
	"unicode/utf16"
)

// Split cuts a text into pieces of at most limit UTF-16 units: between paragraphs
// where it can, else between lines, sentences or words. Of white space alone there
// are none.
func Split(text string, limit int) []string {
	var pieces []string
	for text = strings.TrimSpace(text); text != ""; {
		end := fits(text, limit)
		if end < len(text) {
			end = lastBreak(text[:end])
		}
		pieces = append(pieces, strings.TrimSpace(text[:end]))
		text = strings.TrimSpace(text[end:])
	}
	return pieces
}

// fits is how many bytes of a text take no more than limit UTF-16 units.
func fits(text string, limit int) int {
	for i, r := range text {
		if limit -= utf16.RuneLen(r); limit < 0 {
			return i
		}
	}
	return len(text)
}

// lastBreak is where a text may best be cut, in its second half if possible.
func lastBreak(text string) int {
	for _, mark := range []string{"\n\n", "\n", "。", ". ", " "} {
		if i := strings.LastIndex(text, mark); i >= len(text)/2 {
			return i + len(mark)
		}
	}
	return len(text)
}
