// Package authoring knows the files of people who write content by hand: which
// of them are only left behind by an editor, and what is wrong, in plain words,
// with one that cannot be read.
package authoring

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Fault is one thing that is wrong with a file, and what to do about it.
type Fault struct {
	Line int
	Text string
}

// litter are the files that Windows leaves in folders.
var litter = []string{"Thumbs.db", "desktop.ini"}

// Litter tells whether a file or folder is none of the writer's: what editors and
// systems leave beside files, such as .DS_Store, .flow.yaml.swp and flow.yaml~.
func Litter(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, ".") && base != "." ||
		strings.HasSuffix(base, "~") ||
		strings.HasPrefix(base, "#") && strings.HasSuffix(base, "#") ||
		slices.Contains(litter, base)
}

// Suggest says which known word an unknown one was probably meant to be, or
// which there are when they are few, as a remark in brackets: ` (did you mean
// "x"?)`. It is "" if it has nothing to say.
func Suggest(unknown string, known []string) string {
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
