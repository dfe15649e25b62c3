package lint

import (
	"regexp"
	"strings"

	"supportbot"
	"supportbot/kb"
)

// wrongWord is a word that the glossary gives another name.
type wrongWord struct {
	kb.Term
	word    string
	folded  string // in lower case, for a quick look
	pattern *regexp.Regexp
	excuses []*regexp.Regexp // right names, of anything, that have the word in them
}

// wrongWords prepares the search for what the glossary says not to say. English
// words are found whole, in any case and in the plural.
func wrongWords(glossary []kb.Term) map[supportbot.Language][]wrongWord {
	list := map[supportbot.Language][]wrongWord{}
	for _, t := range glossary {
		for _, l := range supportbot.Languages {
			for _, word := range t.Not[l] {
				w := wrongWord{Term: t, word: word, folded: strings.ToLower(word), pattern: regexp.MustCompile(regexp.QuoteMeta(word))}
				if l == supportbot.English {
					w.pattern = regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(word) + `(s|es)?\b`)
				}
				for _, other := range glossary {
					for _, right := range other.Say[l] {
						if w.pattern.MatchString(right) {
							w.excuses = append(w.excuses, regexp.MustCompile(`(?i)`+regexp.QuoteMeta(right)))
						}
					}
				}
				list[l] = append(list[l], w)
			}
		}
	}
	return list
}

// in returns where the word stands in a text, -1 if it stands nowhere but as a
// part of right names.
func (w wrongWord) in(text string) int {
	at := w.pattern.FindStringIndex(text)
	for _, right := range w.excuses {
		if at == nil {
			break
		}
		text = right.ReplaceAllStringFunc(text, func(name string) string { return strings.Repeat(" ", len(name)) })
		at = w.pattern.FindStringIndex(text)
	}
	if at == nil {
		return -1
	}
	return at[0]
}

// glossary refuses words that the glossary gives another name, in what is
// written, what is spoken and on buttons.
func (c *checker) glossary(p passage) {
	c.terms(p.lang, p.file, p.line, p.what, p.written)
	c.terms(p.lang, p.file, p.spokenLine, p.what, p.spoken)
	for _, choice := range p.choices {
		c.terms(p.lang, p.file, p.line, "the button “"+choice.Label+"”", choice.Label)
	}
}

func (c *checker) terms(l supportbot.Language, file string, line int, what, text string) {
	folded := strings.ToLower(text)
	for _, w := range c.wrong[l] {
		if !strings.Contains(folded, w.folded) {
			continue
		}
		at := w.in(text)
		if at < 0 {
			continue
		}
		means := ""
		if w.Means[l] != "" {
			means = " (" + w.Means[l] + ")"
		}
		c.add(file, line+strings.Count(text[:at], "\n"), "%s says “%s”; everywhere else it is “%s”%s, see glossary.yaml:%d",
			what, w.word, strings.Join(w.Say[l], "” or “"), means, w.Line)
	}
}
