package dialog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Problem is one thing that is wrong with the content, and what to do about it.
type Problem struct {
	File string
	Line int
	Text string
}

// String returns file:line: text, as editors and terminals link it.
func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Problems is the error that Load returns: all that it found, in file order.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps *Problems) add(at pos, format string, args ...any) {
	*ps = append(*ps, Problem{at.file, at.line, fmt.Sprintf(format, args...)})
}

// sorted returns the problems in file order, each once.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return slices.Compact(ps)
}

// oneOf names the choices a writer has, for error messages.
func oneOf(names []string) string {
	return strings.Join(names, ", ")
}

// didYouMean returns ` (did you mean "x"?)` for the nearest of names, "" if
// none is near.
func didYouMean(word string, names []string) string {
	best, at := 3, ""
	for _, n := range names {
		if d := levenshtein.ComputeDistance(word, n); d < best {
			best, at = d, n
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", at)
}
