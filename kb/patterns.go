package kb

import (
	"regexp"
	"strings"
	"unicode"
)

// patterns are expressions of which one is to be found. Those in Chinese are not
// tried on a text without Chinese characters, nor those in English on one
// without Latin letters: a message is mostly in one language, and long
// alternations cost more than all the rest of reading it.
type patterns struct {
	han, latin *regexp.Regexp
}

// anyOf makes patterns of expressions, each in one language or in both.
func anyOf(expressions ...string) patterns {
	var han, latin []string
	for _, e := range expressions {
		inHan := strings.ContainsFunc(e, isHan)
		if inHan {
			han = append(han, e)
		}
		if !inHan || asciiLetter.MatchString(e) {
			latin = append(latin, e)
		}
	}
	return patterns{regexp.MustCompile(strings.Join(han, "|")), regexp.MustCompile(strings.Join(latin, "|"))}
}

// asciiLetter finds a letter that is not the name of a class, as in \b.
var asciiLetter = regexp.MustCompile(`(^|[^\\])[a-z]`)

func (p patterns) MatchString(normal string) bool {
	var han, latin bool
	for _, r := range normal {
		switch {
		case r >= 0x80:
			han = han || isHan(r)
		case unicode.IsLetter(r):
			latin = true
		}
	}
	return han && p.han.MatchString(normal) || latin && p.latin.MatchString(normal)
}

// replace puts with in the place of all that is found.
func (p patterns) replace(normal, with string) string {
	return p.latin.ReplaceAllString(p.han.ReplaceAllString(normal, with), with)
}
