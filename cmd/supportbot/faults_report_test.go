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

// invariants are what persons and receivers rely on.
var invariants = []string{
	"inbox",   // what was sent is in the inbox and in the transcript, once, handled
	"answers", // everything is answered, a repeat with the same bytes, an id used for something else with 409
	"numbers", // inbox, messages, events and outbox of a conversation are numbered 1, 2, 3 …
	"order",   // turns and first deliveries come in the order in which things were said
	"outbox",  // what was said was taken by the receiver
	"repeats", // it came again only where a node could not know that it was taken
	"streams", // readers and tabs, slow ones too, see every message once, in order
	"drained", // soon after the last fault nothing waits
	"trial",   // nothing else is wrong: nodes start, and never panic
}

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
