package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// FuzzConfigFile: a file of settings is refused, or every setting in it has a
// value that a flag can take, or an error of its own.
func FuzzConfigFile(f *testing.F) {
	for _, text := range []string{
		"", "listen: 127.0.0.1:1\nrest_key: a\n", "data: [a, b]", "data: {a: b}", "a: &a [*a]", "? [a]\n: b", "data: 1e999", "data: 2026-01-01", "[]", "\xff",
		"# of the shop\nallowed-origins: [https://a.example, 'https://b.example']\nrequire_totp: true\nlimit_chat: 120\nkeep: 90d\nrest_key: \"a\\tb\"\ndrain: ~\n",
		"a: &a {b: c}\nd: {<<: *a}\n", "a: !!binary aGk=\nb: !!int '7'\n", "a: |\n  b\n---\nc: d\n", "a: 0x1F\nb: 0o7\nc: .inf\nd: 1_000\n", "7: a\ntrue: b\n",
	} {
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
