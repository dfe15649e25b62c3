package kb

import (
	"fmt"
	"slices"
	"strings"

	"supportbot"
)

// minPhrases is how many examples a topic needs in each language: below that,
// accuracy falls steeply.
const minPhrases = 15

func (l *loader) phrases() {
	files := map[supportbot.Language][]string{}
	for _, lang := range supportbot.Languages {
		files[lang] = l.list("phrases/"+string(lang), ".txt", l.labels)
	}
	first := map[string]place{} // normal form → where it was seen
	for i, label := range l.labels {
		for _, lang := range supportbot.Languages {
			file := fmt.Sprintf("phrases/%s/%s.txt", lang, label)
			n := 0
			if slices.Contains(files[lang], label) {
				n = l.phraseFile(file, label, lang, first)
			}
			if i < len(l.base.Topics) && n < minPhrases {
				l.add(file, 0, "%d phrases; a topic needs at least %d in each language", n, minPhrases)
			}
		}
	}
}

// place is where a phrase stands.
type place struct {
	label string
	at    string
}

// phraseFile adds the phrases of one file and returns how many there are.
func (l *loader) phraseFile(file, label string, lang supportbot.Language, first map[string]place) int {
	text, ok := l.read(file)
	if !ok {
		return 0
	}
	n := 0
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		n++
		key := bare(normalise(line))
		if seen, ok := first[key]; ok && seen.label != label {
			l.add(file, i+1, "phrase %q stands in %s too; keep it under one id", line, seen.at)
			continue
		}
		first[key] = place{label, fmt.Sprintf("%s:%d", file, i+1)}
		l.base.Phrases = append(l.base.Phrases, Phrase{label, lang, line})
	}
	return n
}
