package replay

import (
	"cmp"
	"strings"
)

// How much of a text is shown, in characters.
const (
	excerptLead = 16  // before the first difference
	excerptMost = 100 // in all
)

// Short is a text as one line, cut off where it is long.
func Short(text string) string { return cut([]rune(oneLine(text)), 0) }

// Excerpts are what was said before and now, each as one line around the first
// character that differs; "(nothing)" where the bot is silent.
func (t Turn) Excerpts() (before, now string) {
	before, now = excerpts(t.Before.Text, t.Now.Text)
	return cmp.Or(before, "(nothing)"), cmp.Or(now, "(nothing)")
}

// excerpts shortens two texts to a line each, around the first character in
// which they differ.
func excerpts(before, now string) (string, string) {
	a, b := []rune(oneLine(before)), []rune(oneLine(now))
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	from := same - excerptLead
	if before == now || from < excerptLead { // too little to be worth an ellipsis
		from = 0
	}
	return cut(a, from), cut(b, from)
}

func cut(text []rune, from int) string {
	from = min(from, len(text))
	to := min(from+excerptMost, len(text))
	s := string(text[from:to])
	if from > 0 {
		s = "…" + s
	}
	if to < len(text) {
		s += "…"
	}
	return s
}

// oneLine shows line breaks as signs.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "⏎") }
