package lint

import (
	"fmt"
	"slices"
	"strings"

	"supportbot"
	"supportbot/kb"
)

// A file of phrases that is this many times as long as the usual one, or this many
// times shorter, makes the reader expect its matter too often, or too seldom.
const lopsided = 3

// maxExamples is how many pairs of phrases a note shows.
const maxExamples = 3

// Phrases tells, in sentences, what should be looked at among the phrases though
// nothing is wrong with it: those that say almost the same, first under two ids, and topics
// with far more or fewer than others.
func Phrases(base *kb.Base) (notes []string) {
	var apart, together []string
	spare := 0
	for _, group := range kb.Near(base.Phrases) {
		first := group[0]
		other := slices.IndexFunc(group, func(p kb.Phrase) bool { return p.Label != first.Label })
		if other >= 0 {
			apart = append(apart, fmt.Sprintf("%q of %s and %q of %s", first.Text, first.Label, group[other].Text, group[other].Label))
			continue
		}
		spare += len(group) - 1
		together = append(together, fmt.Sprintf("%q and %q of %s", first.Text, group[1].Text, first.Label))
	}
	if len(apart) > 0 {
		notes = append(notes, fmt.Sprintf("%d phrases say almost the same under two ids, which the reader cannot tell apart: %s", len(apart), examples(apart)))
	}
	if len(together) > 0 {
		notes = append(notes, fmt.Sprintf("%d phrases say almost the same as another under their id, and teach nothing: %s", spare, examples(together)))
	}
	return append(notes, lopsidedTopics(base)...)
}

func examples(list []string) string {
	if len(list) <= maxExamples {
		return strings.Join(list, "; ")
	}
	return strings.Join(list[:maxExamples], "; ") + " …"
}

// lopsidedTopics compares each topic with the median of its language.
func lopsidedTopics(base *kb.Base) (notes []string) {
	for _, language := range supportbot.Languages {
		count := map[string]int{}
		for _, p := range base.Phrases {
			if p.Language == language {
				count[p.Label]++
			}
		}
		var counts []int
		for _, t := range base.Topics {
			counts = append(counts, count[t.ID])
		}
		if len(counts) == 0 {
			continue
		}
		slices.Sort(counts)
		usual := counts[len(counts)/2]
		for _, t := range base.Topics {
			switch n := count[t.ID]; {
			case n > lopsided*usual:
				notes = append(notes, fmt.Sprintf("%s has %d phrases in %s, others about %d: it will be guessed too often", t.ID, n, language, usual))
			case lopsided*n < usual:
				notes = append(notes, fmt.Sprintf("%s has %d phrases in %s, others about %d: write more", t.ID, n, language, usual))
			}
		}
	}
	return notes
}
