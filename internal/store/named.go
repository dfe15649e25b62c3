package store

import (
	"fmt"
	"regexp"
	"slices"
)

// named is a statement whose parameters have names, since it has too many to
// count: @name in the text that it is made of.
type named struct {
	text  string
	names []string
}

var parameter = regexp.MustCompile(`@\w+`)

func newNamed(text string) named {
	var n named
	n.text = parameter.ReplaceAllStringFunc(text, func(name string) string {
		i := slices.Index(n.names, name[1:])
		if i < 0 {
			i = len(n.names)
			n.names = append(n.names, name[1:])
		}
		return fmt.Sprint("$", i+1)
	})
	return n
}

// args are the values in the order that the statement wants.
func (n named) args(values map[string]any) []any {
	args := make([]any, len(n.names))
	for i, name := range n.names {
		value, ok := values[name]
		if !ok {
			panic("store: a statement without its parameter " + name)
		}
		args[i] = value
	}
	return args
}
