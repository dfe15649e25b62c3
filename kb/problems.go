package kb

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v4"
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

var unknownField = regexp.MustCompile(`(?s)^field (.+) not found in type`)

// decode reads YAML into the struct that out points to. offset is the number
// of lines before the YAML in its file.
func (p *problems) decode(file string, data []byte, offset int, out any) {
	err := yaml.Load(data, out, yaml.WithKnownFields())
	var all *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &all):
		for _, e := range all.Errors {
			p.addYAML(file, offset, e, out)
		}
	case errors.As(err, &one):
		p.addYAML(file, offset, one, out)
	case err != nil:
		p.add(file, offset+1, "%v", err)
	}
}

func (p *problems) addYAML(file string, offset int, e *yaml.LoadError, out any) {
	line := offset + e.Mark.Line
	switch m := unknownField.FindStringSubmatch(e.Message); {
	case m == nil:
		p.add(file, line, "%s", e.Message)
	case strings.Contains(m[1], " "):
		p.add(file, line, "%q is no key; put a sentence that has a comma or a colon in quotes", m[1])
	default:
		p.add(file, line, "unknown key %q%s", m[1], suggest(m[1], keys(reflect.TypeOf(out))))
	}
}

// keys lists the YAML keys of a struct and of all structs within it.
func keys(t reflect.Type) []string {
	var all []string
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return keys(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if tag := f.Tag.Get("yaml"); tag != "" {
				all = append(all, tag)
				all = append(all, keys(f.Type)...)
			}
		}
	}
	return all
}

// suggest says which known word an unknown one was probably meant to be, or
// which there are when they are few.
func suggest(unknown string, known []string) string {
	best, least := "", len(unknown)/3+2
	for _, k := range known {
		if d := levenshtein.ComputeDistance(unknown, k); d < least {
			best, least = k, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf(" (did you mean %q?)", best)
	case len(known) > 0 && len(known) <= 10:
		return fmt.Sprintf(" (known: %s)", strings.Join(known, ", "))
	default:
		return ""
	}
}
