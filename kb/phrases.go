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
			there := slices.Contains(files[lang], label)
			if there {
				n = l.phraseFile(file, label, lang, first)
			}
			switch {
			case i >= len(l.base.Topics) || n >= minPhrases:
			case there:
				l.add(file, 0, "%d phrases; a topic needs at least %d in each language", n, minPhrases)
			default:
				l.add(file, 0, "this file is not there; write it: how people ask for %s, one phrase a line, at least %d", label, minPhrases)
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
		if l.strange(line, label, lang) {
			l.add(file, i+1, "phrase %q is in another language; move it to the other %s.txt", line, label)
		}
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

// strange tells whether a phrase is in another language than those that it
// stands among. Noise out of scope is in none.
func (l *loader) strange(phrase, label string, lang supportbot.Language) bool {
	if strings.ContainsFunc(phrase, isHan) {
		return lang == supportbot.English && Language(phrase) == supportbot.Chinese
	}
	return lang == supportbot.Chinese && label != l.base.None && slices.ContainsFunc(units(normalise(phrase)), isEnglish)
}

// isEnglish tells a word that is neither pinyin nor used in Chinese as well.
func isEnglish(word string) bool {
	letters := strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
	return letters && len(word) > 3 && !neutral[word] && spell(word) == nil
}
