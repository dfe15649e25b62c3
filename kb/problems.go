package kb

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v4"

	"supportbot/internal/authoring"
)

// problems collects everything that is wrong with content, so that an author
// sees it all at once.
type problems []error

// add notes a problem at a line of a file; line 0 means the file as a whole.
func (p *problems) add(file string, line int, format string, args ...any) {
	place := fmt.Sprintf("%s:%d", file, max(line, 1))
	*p = append(*p, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

func (p problems) err() error { return errors.Join(p...) }

// word is a YAML string that remembers its line.
type word struct {
	text string
	line int
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (w *word) UnmarshalYAML(n *yaml.Node) error {
	w.line = n.Line
	return n.Decode(&w.text)
}

// decode reads YAML into the struct that out points to, and reports whether it
// is YAML at all. offset is the number of lines before the YAML in its file.
func (p *problems) decode(file, text string, offset int, out any) bool {
	faults, ok := authoring.Decode(text, out)
	for _, f := range faults {
		p.add(file, offset+f.Line, "%s", f.Text)
	}
	return ok
}

// names notes names that a full-width comma has made one.
func (p *problems) names(file string, offset int, words []word) {
	for _, w := range words {
		if authoring.Joined(w.text) {
			p.add(file, offset+w.line, "%q is one name; the comma is full-width, write , and a space between names", w.text)
		}
	}
}
