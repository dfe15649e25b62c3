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

// phrases reads what the reader learns from, and then what it is tried on: a
// phrase that it has learnt says nothing there.
func (l *loader) phrases() {
	seen := map[string]place{} // by normal form
	for _, folder := range []string{"phrases", "validation"} {
		files := map[supportbot.Language][]string{}
		for _, lang := range supportbot.Languages {
			files[lang] = l.list(folder+"/"+string(lang), ".txt", l.labels)
		}
		for i, label := range l.labels {
			for _, lang := range supportbot.Languages {
				var list []Phrase
				there := slices.Contains(files[lang], label)
				if there {
					list = l.phraseFile(folder, label, lang, seen)
				}
				if folder == "validation" {
					l.base.Validation = append(l.base.Validation, list...)
					continue
				}
				l.base.Phrases = append(l.base.Phrases, list...)
				if i < len(l.base.Topics) {
					l.enough(phraseFile(folder, label, lang), label, there, len(list))
				}
			}
		}
	}
}

func phraseFile(folder, label string, lang supportbot.Language) string {
	return fmt.Sprintf("%s/%s/%s.txt", folder, lang, label)
}

// enough notes that a topic has too few phrases.
func (l *loader) enough(file, label string, there bool, n int) {
	switch {
	case n >= minPhrases:
	case there:
		l.add(file, 0, "%d phrases; a topic needs at least %d in each language", n, minPhrases)
	default:
		l.add(file, 0, "this file is not there; write it: how people ask for %s, one phrase a line, at least %d", label, minPhrases)
	}
}

// place is where a phrase stands.
type place struct {
	folder, label string
	at            string
}

// phraseFile reads the phrases of one file.
func (l *loader) phraseFile(folder, label string, lang supportbot.Language, seen map[string]place) []Phrase {
	file := phraseFile(folder, label, lang)
	text, ok := l.read(file)
	if !ok {
		return nil
	}
	var list []Phrase
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if l.strange(line, label, lang) {
			l.add(file, i+1, "phrase %q is in another language; move it to the other %s.txt", line, label)
		}
		list = append(list, Phrase{label, lang, line})
		key := bare(normalise(line))
		first, ok := seen[key]
		switch {
		case !ok:
			seen[key] = place{folder, label, fmt.Sprintf("%s:%d", file, i+1)}
		case first.folder != folder:
			l.add(file, i+1, "phrase %q stands in %s too, where it is learnt; take it out here", line, first.at)
		case first.label != label:
			l.add(file, i+1, "phrase %q stands in %s too; keep it under one id", line, first.at)
		}
	}
	return list
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
