package privacy

import (
	"strings"
	"unicode/utf8"

	"supportbot"
)

// Replacer removes from other texts what was removed from one: was is the text,
// and now what is left of it. It replaces the text as a whole, and in sentences
// the numbers that are gone from it, as they were written and in bare figures,
// where no other figure stands beside them. What has neither a space nor a
// character beyond ASCII is no sentence, but an id or a time.
func Replacer(was, now string) func(string) string {
	parts := gone(was, now)
	shown := placeholder.FindString(now)
	return func(text string) string {
		if text == was {
			return now
		}
		sentence := strings.ContainsFunc(text, func(r rune) bool { return r == ' ' || r >= utf8.RuneSelf })
		for _, p := range parts {
			switch {
			case text == p:
				return shown
			case sentence:
				text = replaceNumber(text, p, shown)
			}
		}
		return text
	}
}

// gone lists the numbers of three digits or more that are in was and not in now.
func gone(was, now string) []string {
	const least = 3
	old := read(was, supportbot.Question{})
	var parts []string
	for _, p := range old.loose() {
		written := old.text[old.glyphs[p.from].from:old.glyphs[p.to-1].to]
		var bare []byte
		for _, d := range old.digits {
			if d.from >= p.from && d.to <= p.to {
				bare = append(bare, '0'+d.value)
			}
		}
		if len(bare) >= least && !strings.Contains(now, written) {
			parts = append(parts, written, string(bare))
		}
	}
	return parts
}

// replaceNumber replaces a number, unless it is a part of a longer one.
func replaceNumber(text, number, shown string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, number)
		out.WriteString(before)
		switch {
		case !found:
			return out.String()
		case before != "" && figure(rune(before[len(before)-1])) || after != "" && figure(rune(after[0])):
			out.WriteString(number)
		default:
			out.WriteString(shown)
		}
		text = after
	}
}
