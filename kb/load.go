package kb

import (
	"errors"
	"io/fs"
	"strings"

	"supportbot"
)

type topicsFile struct {
	Topics []struct {
		ID    word   `yaml:"id"`
		Zh    string `yaml:"zh"`
		En    string `yaml:"en"`
		Facts string `yaml:"facts"`
		Flow  bool   `yaml:"flow"`
	} `yaml:"topics"`
	Controls []struct {
		ID word   `yaml:"id"`
		Zh string `yaml:"zh"`
		En string `yaml:"en"`
	} `yaml:"controls"`
	None word `yaml:"none"`
}

type hotlinesFile struct {
	Hotlines map[string]string `yaml:"hotlines"`
}

// Load reads topics.yaml, hotlines.yaml, articles/LANGUAGE/TOPIC.md,
// phrases/LANGUAGE/LABEL.txt and, if they are there, facts.yaml and
// glossary.yaml. The error joins everything that is wrong, each
// with its file, its line and a remedy; the base then holds what could be read,
// so that what refers to it can be checked as well.
func Load(content fs.FS) (*Base, error) {
	l := loader{
		content: content,
		base:    &Base{Hotlines: map[string]string{}, articles: map[string]Article{}},
	}
	l.topics()
	l.hotlines()
	l.articles()
	l.phrases()
	l.facts()
	l.glossary()
	return l.base, l.err()
}

type loader struct {
	problems
	content fs.FS
	base    *Base
	labels  []string // ids of topics and controls, then the label for none
}

// read returns a file without the byte order mark and carriage returns that
// editors on Windows leave.
func (l *loader) read(name string) (string, bool) {
	data, err := fs.ReadFile(l.content, name)
	if errors.Is(err, fs.ErrNotExist) {
		l.add(name, 0, "file is missing")
		return "", false
	}
	if err != nil {
		l.add(name, 0, "%v", err)
		return "", false
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	return strings.ReplaceAll(text, "\r\n", "\n"), true
}

// readIfThere reads a file that content may do without.
func (l *loader) readIfThere(name string) (string, bool) {
	if _, err := fs.Stat(l.content, name); errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	return l.read(name)
}

func (l *loader) topics() {
	const name = "topics.yaml"
	text, ok := l.read(name)
	if !ok {
		return
	}
	var file topicsFile
	l.decode(name, []byte(text), 0, &file)
	for _, t := range file.Topics {
		if t.Zh == "" || t.En == "" {
			l.add(name, t.ID.line, "topic %q needs a name in zh and in en", t.ID.text)
		}
		if l.label(name, t.ID) {
			l.base.Topics = append(l.base.Topics, Topic{
				ID:    t.ID.text,
				Name:  map[supportbot.Language]string{supportbot.Chinese: t.Zh, supportbot.English: t.En},
				Facts: strings.Fields(t.Facts),
				Flow:  t.Flow,
				Line:  t.ID.line,
			})
		}
	}
	for _, c := range file.Controls {
		if l.label(name, c.ID) {
			l.base.Controls = append(l.base.Controls, Topic{
				ID:   c.ID.text,
				Name: map[supportbot.Language]string{supportbot.Chinese: c.Zh, supportbot.English: c.En},
			})
		}
	}
	if l.label(name, file.None) {
		l.base.None = file.None.text
	}
	if len(l.base.Topics) == 0 {
		l.add(name, 0, "no topics; list at least one under the key topics")
	}
}

// label notes an id for phrases, and reports whether it is a new one.
func (l *loader) label(file string, id word) bool {
	switch {
	case id.text == "":
		l.add(file, id.line, "an id is missing")
		return false
	case l.known(id.text):
		l.add(file, id.line, "id %q stands twice; rename one", id.text)
		return false
	}
	l.labels = append(l.labels, id.text)
	return true
}

func (l *loader) known(label string) bool {
	for _, known := range l.labels {
		if known == label {
			return true
		}
	}
	return false
}

func (l *loader) hotlines() {
	const name = "hotlines.yaml"
	if text, ok := l.read(name); ok {
		var file hotlinesFile
		l.decode(name, []byte(text), 0, &file)
		for key, number := range file.Hotlines {
			l.base.Hotlines[key] = number
		}
	}
}

// topicIDs lists the ids of topics, for suggestions.
func (l *loader) topicIDs() []string {
	ids := make([]string, len(l.base.Topics))
	for i, t := range l.base.Topics {
		ids[i] = t.ID
	}
	return ids
}
