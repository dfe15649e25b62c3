package kb

import (
	"errors"
	"io/fs"
	"slices"

	"supportbot"
)

// Term is a thing that has one name everywhere in the guide.
type Term struct {
	Say   map[supportbot.Language][]string // what it is called; the first is the usual form
	Not   map[supportbot.Language][]string // what it is not called
	Means map[supportbot.Language]string   // for writers; "" if it needs no words
	Line  int                              // of glossary.yaml
}

type glossaryFile struct {
	Terms []struct {
		Zh  word     `yaml:"zh"`
		En  []string `yaml:"en"`
		Not struct {
			Zh []string `yaml:"zh"`
			En []string `yaml:"en"`
		} `yaml:"not"`
		Means struct {
			Zh string `yaml:"zh"`
			En string `yaml:"en"`
		} `yaml:"means"`
	} `yaml:"terms"`
}

// glossary reads glossary.yaml. No word may be both right and wrong.
func (l *loader) glossary() {
	const name = "glossary.yaml"
	if _, err := fs.Stat(l.content, name); errors.Is(err, fs.ErrNotExist) {
		return
	}
	var file glossaryFile
	if text, ok := l.read(name); !ok || !l.decode(name, text, 0, &file) {
		return
	}
	for _, t := range file.Terms {
		if t.Zh.text == "" || len(t.En) == 0 {
			l.add(name, t.Zh.line, "term %q needs its name in zh and a list of names in en", t.Zh.text)
			continue
		}
		l.base.Glossary = append(l.base.Glossary, Term{
			Say:   map[supportbot.Language][]string{supportbot.Chinese: {t.Zh.text}, supportbot.English: t.En},
			Not:   map[supportbot.Language][]string{supportbot.Chinese: t.Not.Zh, supportbot.English: t.Not.En},
			Means: map[supportbot.Language]string{supportbot.Chinese: t.Means.Zh, supportbot.English: t.Means.En},
			Line:  t.Zh.line,
		})
	}
	for _, t := range l.base.Glossary {
		for _, other := range l.base.Glossary {
			for _, lang := range supportbot.Languages {
				for _, word := range t.Not[lang] {
					if slices.Contains(other.Say[lang], word) {
						l.add(name, t.Line, "“%s” is not to be said here, but is a term in line %d; decide for one", word, other.Line)
					}
				}
			}
		}
	}
}
