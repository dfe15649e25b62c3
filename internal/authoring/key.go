package authoring

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// UnknownKey says what is wrong with a key that is not among known. A text that
// was cut at its comma is taken for a key, too. what is where it stands, such as
// " in say".
func UnknownKey(key, what string, known []string) string {
	switch {
	case strings.ContainsAny(key, "“”"):
		return fmt.Sprintf(`%q is no key%s; the quotes “ ” are no quotes of YAML; write " "`, key, what)
	case strings.Contains(key, "："):
		return fmt.Sprintf("%q is no key%s; the colon ： is full-width; write : and a space", key, what)
	case strings.Contains(key, ":"):
		return fmt.Sprintf("%q is no key%s; write a space after the colon, or quotes around a text that has a comma or a colon", key, what)
	case strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII }):
		return fmt.Sprintf("%q is no key%s; a text that has a comma or a colon needs quotes around all of it", key, what)
	}
	return fmt.Sprintf("unknown key %q%s%s", key, what, Suggest(key, known))
}

var joined = regexp.MustCompile(`^[A-Za-z0-9._-]+(\s*[，、]\s*[A-Za-z0-9._-]+)+$`)

// Joined tells whether a name is really several, with full-width commas between
// them.
func Joined(name string) bool { return joined.MatchString(name) }
