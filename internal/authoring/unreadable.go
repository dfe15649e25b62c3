package authoring

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// NotUTF8 returns the fault of a text in another encoding, such as the GBK of
// older Chinese Windows; false if it has none.
func NotUTF8(text string) (Fault, bool) {
	for i, line := range strings.Split(text, "\n") {
		if !utf8.ValidString(line) {
			return Fault{i + 1, "this is not UTF-8, perhaps GBK or UTF-16; save the file as UTF-8"}, true
		}
	}
	return Fault{}, false
}

// slip is a mistake that people make in YAML, as it shows in a line.
type slip struct {
	shows *regexp.Regexp
	text  string
}

// slips stand in the order in which they are looked for: the surest first.
var slips = []slip{
	{regexp.MustCompile(`^[ -]*\t`), "a tab stands at the beginning of the line; write spaces"},
	{regexp.MustCompile(`(^|[{,，]|- )\s*[A-Za-z][A-Za-z0-9_-]*：`), "the colon ： is full-width; write : and a space"},
	{regexp.MustCompile(`[，、]\s*[A-Za-z][A-Za-z0-9_-]*(:( |$)|：)`), "the comma ， is full-width; between keys write , and a space"},
	{regexp.MustCompile(`(: |[\[{] *|, )[“”][^“”"]*[“”"]`), `the quotes “ ” are no quotes of YAML; write " "`},
	{regexp.MustCompile(`(^|[{,]|- )\s*[A-Za-z][A-Za-z0-9_-]*:[^\s:/,\]}]`), "a space is missing after the colon"},
	{regexp.MustCompile(`^\s*(- )?[A-Za-z][A-Za-z0-9_-]*: +[^"'\s{\[#][^"#{,]*: `), "a text that has a colon needs quotes"},
	{regexp.MustCompile(`: +'[^']*'[A-Za-z]`), `a text that has ' needs quotes of the other kind: "…"`},
	{regexp.MustCompile(`(: +|[\[,] *)[@%` + "`" + `]`), "a text that begins with @, % or ` needs quotes"},
	{regexp.MustCompile(`["\]}] +[A-Za-z][A-Za-z0-9_-]*: `), "a comma is missing between two keys"},
	{regexp.MustCompile(`[{,]\s*[A-Za-z][A-Za-z0-9_-]*: +[^"'\s{\[,}][^"{,}]* [A-Za-z][A-Za-z0-9_-]*: `), "a comma is missing between two keys, or a text that has a colon needs quotes"},
}

// quoted is a text in which no slip can be.
var quoted = regexp.MustCompile(`"(\\.|[^"\\])*"`)

// Unreadable turns the error of a YAML parser into the line at which a person
// went wrong and what was probably meant. The parser notices late: the slip may
// stand in the line above, or where something was opened that never closes.
func Unreadable(text string, err error) Fault {
	if fault, ok := NotUTF8(text); ok {
		return fault
	}
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return Fault{1, "this cannot be read: " + err.Error() + "; mind indentation and quotes"}
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	at, opened := max(min(e.Mark.Line, len(lines)), 1), 0
	if strings.Contains(e.ContextMsg, "flow") || strings.Contains(e.ContextMsg, "quoted") {
		opened = e.ContextMark.Line
	}
	for _, line := range []int{at, above(lines, at), opened} {
		if line < 1 || line > len(lines) {
			continue
		}
		for _, s := range slips {
			if s.shows.MatchString(quoted.ReplaceAllString(lines[line-1], `""`)) {
				return Fault{line, "this cannot be read: " + s.text}
			}
		}
	}
	line, words := plain(e, at)
	return Fault{line, "this cannot be read: " + words}
}

// above is the next line above that is not empty, 0 if there is none.
func above(lines []string, at int) int {
	for at--; at > 0 && strings.TrimSpace(lines[at-1]) == ""; at-- {
	}
	return at
}

// plain says what the parser missed where no slip is to be seen.
func plain(e *yaml.LoadError, at int) (line int, words string) {
	opened := e.ContextMark.Line
	switch {
	case strings.Contains(e.Message, "exceeded max alias"):
		return at, "an alias (*name) stands for what this line holds; write it out in both places"
	case strings.Contains(e.Message, "exceeded max depth"):
		return at, fmt.Sprintf("lists and mappings stand more than %d deep within each other; a bracket may have been left open", maxDepth)
	case strings.Contains(e.Message, "unexpected end of stream") && opened > 0:
		return opened, "the quote that opens in this line never closes"
	case strings.Contains(e.Message, "expected ',' or '}'") && opened > 0 && opened < at:
		return opened, "the { in this line never closes; add }"
	case strings.Contains(e.Message, "expected ',' or ']'") && opened > 0 && opened < at:
		return opened, "the [ in this line never closes; add ]"
	case strings.Contains(e.Message, "expected ',' or"):
		return at, "a comma is missing, or a text that has a comma, a colon or a bracket needs quotes"
	case strings.Contains(e.Message, "mapping values"):
		return at, "a text that has a colon needs quotes, or this line or the one above is indented wrongly"
	case strings.Contains(e.Message, "expected key"), strings.Contains(e.Message, "'-' indicator"):
		return at, "this line or the one above is indented wrongly, or a text that has quotes needs quotes around all of it"
	}
	return at, e.Message + "; mind indentation and quotes"
}
