package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// report counts what happened in a trial, and what should not have.
type report struct {
	name string
	mu   sync.Mutex
	counts,
	broken map[string]int // by fault, by invariant
	examples []string
}

func newReport(name string) *report {
	return &report{name: name, counts: map[string]int{}, broken: map[string]int{}}
}

func (r *report) add(what string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[what] += n
}

func (r *report) count(what string) { r.add(what, 1) }

// violated tells of an invariant that did not hold.
func (r *report) violated(invariant, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken[invariant]++; r.broken[invariant] <= 3 {
		r.examples = append(r.examples, fmt.Sprintf("%s: %s: %s", r.name, invariant, fmt.Sprintf(format, args...)))
	}
}

// invariants are those that engine and clients rely on.
var invariants = []string{"inbox", "answers", "numbers", "order", "outbox", "repeats", "streams", "drained"}

// table shows trials side by side, in Markdown, without those that were skipped.
func table(all ...*report) string {
	all = slices.DeleteFunc(all, func(r *report) bool { return r == nil })
	var b strings.Builder
	line := func(first string, cell func(*report) string) {
		fmt.Fprintf(&b, "| %s |", first)
		for _, r := range all {
			fmt.Fprintf(&b, " %s |", cell(r))
		}
		b.WriteByte('\n')
	}
	line("", func(r *report) string { return r.name })
	line("---", func(*report) string { return "---:" })
	names := map[string]bool{}
	for _, r := range all {
		for name := range r.counts {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		line(name, func(r *report) string { return fmt.Sprint(r.counts[name]) })
	}
	for _, name := range invariants {
		line("**violations of: "+name+"**", func(r *report) string { return fmt.Sprint(r.broken[name]) })
	}
	return b.String()
}
