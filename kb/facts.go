package kb

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"

	"supportbot"
)

// Fact is one thing that the guide must teach. Its id, such as "B2.3", is its
// section and its place there.
type Fact struct {
	ID   string
	Text map[supportbot.Language]string
	Line int // of facts.yaml
}

// In tells whether the fact belongs to a section of the guide: "B" or "B2" for
// B2.3, or the fact itself.
func (f Fact) In(section string) bool {
	rest, ok := strings.CutPrefix(f.ID, section)
	if !ok || rest == "" {
		return ok
	}
	return rest[0] == '.' || len(section) == 1
}

type factsFile struct {
	Facts []struct {
		ID word   `yaml:"id"`
		Zh string `yaml:"zh"`
		En string `yaml:"en"`
	} `yaml:"facts"`
}

var factID = regexp.MustCompile(`^[A-Z][0-9]+\.[0-9]+$`)

// facts reads facts.yaml. Each section that a topic names must have facts there.
func (l *loader) facts() bool {
	const name = "facts.yaml"
	if _, err := fs.Stat(l.content, name); errors.Is(err, fs.ErrNotExist) {
		return true
	}
	var file factsFile
	text, ok := l.read(name)
	if !ok || !l.decode(name, text, 0, &file) {
		return false
	}
	lines := map[string]int{}
	for _, f := range file.Facts {
		switch id := f.ID; {
		case !factID.MatchString(id.text):
			l.add(name, id.line, "fact %q; an id is a letter and two numbers, such as B2.3", id.text)
		case lines[id.text] > 0:
			l.add(name, id.line, "fact %s stands in line %d already; give it the next free number", id.text, lines[id.text])
		case f.Zh == "" || f.En == "":
			l.add(name, id.line, "fact %s needs its text in zh and in en", id.text)
		}
		lines[f.ID.text] = f.ID.line
		l.base.Facts = append(l.base.Facts, Fact{
			ID:   f.ID.text,
			Text: map[supportbot.Language]string{supportbot.Chinese: f.Zh, supportbot.English: f.En},
			Line: f.ID.line,
		})
	}
	for _, t := range l.base.Topics {
		for _, section := range t.Facts {
			if len(l.base.FactsIn(section)) == 0 {
				l.add("topics.yaml", t.Line, "topic %s names the facts %q, and facts.yaml has none there", t.ID, section)
			}
		}
	}
	return true
}

// FactsIn returns the facts of a section, in the order of facts.yaml.
func (b *Base) FactsIn(section string) []Fact {
	var list []Fact
	for _, f := range b.Facts {
		if f.In(section) {
			list = append(list, f)
		}
	}
	return list
}
