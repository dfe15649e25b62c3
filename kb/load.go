package kb

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"supportbot"
	"supportbot/internal/authoring"
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
	Hotlines map[string]word `yaml:"hotlines"`
}

// Load reads topics.yaml, hotlines.yaml, articles/LANGUAGE/TOPIC.md,
// phrases/LANGUAGE/LABEL.txt and, if they are there, facts.yaml, glossary.yaml
// and validation/LANGUAGE/LABEL.txt. The error joins everything that is wrong, each
// with its file, its line and a remedy; the base then holds what could be read,
// so that what refers to it can be checked as well. The base is nil if a file
// cannot be read that all others refer to: what is wrong with these is seen once
// that is mended.
func Load(content fs.FS) (*Base, error) {
	l := loader{
		content: content,
		base:    &Base{Hotlines: map[string]string{}, articles: map[string]Article{}},
	}
	l.root()
	for _, read := range []func() bool{l.topics, l.hotlines, l.facts} {
		if !read() {
			l.base = nil
			return nil, l.err()
		}
	}
	l.glossary()
	l.articles()
	l.phrases()
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
	if fault, wrong := authoring.NotUTF8(text); wrong {
		l.add(name, fault.Line, "%s", fault.Text)
		return "", false
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), true
}

// rootFiles are the YAML files beside the folders.
var rootFiles = []string{"topics.yaml", "codes.yaml", "hotlines.yaml", "facts.yaml", "glossary.yaml", "patterns.yaml"}

// root refuses files beside the folders that nobody would read: the writer meant
// one that is read.
func (l *loader) root() {
	entries, err := fs.ReadDir(l.content, ".")
	if err != nil {
		l.add(".", 0, "%v", err)
	}
	for _, e := range entries {
		name := e.Name()
		switch ext := path.Ext(name); {
		case e.IsDir(), authoring.Litter(name):
		case ext == ".yml":
			l.add(name, 0, "this file is not read; rename it to %s.yaml", strings.TrimSuffix(name, ext))
		case ext == ".yaml" && !slices.Contains(rootFiles, name):
			l.add(name, 0, "this file is not read%s; rename it, or take it out", authoring.Suggest(name, rootFiles))
		}
	}
}

func (l *loader) topics() bool {
	const name = "topics.yaml"
	text, ok := l.read(name)
	if !ok {
		return false
	}
	var file topicsFile
	if !l.decode(name, text, 0, &file) {
		return false
	}
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
	return len(l.base.Topics) > 0
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

// telephone is what a number looks like, as hotlines.schema.json has it.
var telephone = regexp.MustCompile(`^[0-9+][0-9 -]*$`)

func (l *loader) hotlines() bool {
	const name = "hotlines.yaml"
	text, ok := l.read(name)
	if !ok {
		return false
	}
	var file hotlinesFile
	if !l.decode(name, text, 0, &file) {
		return false
	}
	for _, key := range slices.Sorted(maps.Keys(file.Hotlines)) {
		number := file.Hotlines[key]
		if !telephone.MatchString(number.text) {
			l.add(name, number.line, "hotline %s is %q, which is no telephone number; write digits between two quotes: %s: \"110\"", key, number.text, key)
		}
		l.base.Hotlines[key] = number.text
	}
	return true
}

// topicIDs lists the ids of topics, for suggestions.
func (l *loader) topicIDs() []string {
	ids := make([]string, len(l.base.Topics))
	for i, t := range l.base.Topics {
		ids[i] = t.ID
	}
	return ids
}
