package main

import (
	"fmt"

	"supportbot/dialog"
	"supportbot/internal/lint"
	"supportbot/kb"
)

// printCoverage tells what of the content the transcripts show.
func (r *rehearsals) printCoverage() {
	printCovered("steps", stepsOf(r.content.Book), func(step string) bool { return r.visited[step] })
	facts := map[string]bool{}
	for _, fact := range lint.Told(r.base, r.content.Book, r.visited) {
		facts[fact.ID] = true
	}
	printCovered("facts", factsOf(r.base), func(fact string) bool { return facts[fact] })
}

func stepsOf(book *dialog.Book) []string {
	var steps []string
	for _, flow := range book.Flows() {
		for _, step := range book.Steps(flow) {
			steps = append(steps, flow+"/"+step)
		}
	}
	return steps
}

func factsOf(base *kb.Base) []string {
	var ids []string
	for _, fact := range base.Facts {
		ids = append(ids, fact.ID)
	}
	return ids
}

const maxUncovered = 20 // that are named

// printCovered names some of what no transcript shows, and the share that one
// does.
func printCovered(what string, all []string, covered func(string) bool) {
	missing := 0
	for _, one := range all {
		if covered(one) {
			continue
		}
		if missing++; missing <= maxUncovered {
			fmt.Printf("not covered: %s\n", one)
		}
	}
	if missing > maxUncovered {
		fmt.Printf("… and %d more\n", missing-maxUncovered)
	}
	n := len(all) - missing
	fmt.Printf("%s covered: %d of %d (%d%%)\n", what, n, len(all), 100*n/max(len(all), 1))
}
