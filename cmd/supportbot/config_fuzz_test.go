package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// FuzzConfigFile: a file of settings is refused, or every setting in it has a
// value that a flag can take, or an error of its own.
func FuzzConfigFile(f *testing.F) {
	for _, text := range []string{"", "listen: 127.0.0.1:1\nrest_key: a\n", "data: [a, b]", "data: {a: b}", "a: &a [*a]", "? [a]\n: b", "data: 1e999", "data: 2026-01-01", "[]", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		settings, err := configFile(strings.NewReader(text))
		if err != nil {
			return
		}
		for name := range settings.(resolver) {
			value, err := settings.Resolve(nil, nil, &kong.Flag{Value: &kong.Value{Name: name}})
			switch value.(type) {
			case nil, string, bool, []any:
			default:
				t.Fatalf("%s is a %T", name, value)
			}
			if err != nil && value != nil {
				t.Fatalf("%s is %v and an error: %v", name, value, err)
			}
		}
	})
}
