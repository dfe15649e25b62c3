package explore

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"supportbot/dialog"
)

// Report is what came of exploring.
type Report struct {
	Seed      uint64
	Events    int // turns of all walks
	Walks     int
	Took      time.Duration
	Pairs     int      // of a place and what can be done there
	Tried     int      // of these
	Untried   []string // the others, a line for each place
	Steps     int      // of all flows
	Unvisited []string // steps that never ran: "flow/step"
	Findings  []Finding

	coverage *coverage
}

// sum fills in what the counts come to.
func (r *Report) sum(book *dialog.Book, only scope) {
	r.Untried, r.Tried, r.Pairs = r.coverage.untried(only.counts)
	for _, flow := range book.Flows() {
		for _, step := range book.Steps(flow) {
			if !only.counts(flow + "/" + step) {
				continue
			}
			if r.Steps++; !r.coverage.visited[flow+"/"+step] {
				r.Unvisited = append(r.Unvisited, flow+"/"+step)
			}
		}
	}
}

// maxListed is how many places are named at which something was never tried.
const maxListed = 20

// Write prints the report for people.
func (r Report) Write(w io.Writer) {
	for _, f := range r.Findings {
		fmt.Fprintf(w, "FOUND %s: %s\n", f.Invariant, f.Saw)
		if f.Place != "" {
			fmt.Fprintf(w, "seen at %s\n", f.Place)
		}
		fmt.Fprintf(w, "%s\n", f.yaml())
	}
	for _, line := range r.Untried[:min(len(r.Untried), maxListed)] {
		fmt.Fprintf(w, "never tried at %s\n", line)
	}
	if more := len(r.Untried) - maxListed; more > 0 {
		fmt.Fprintf(w, "… and something at %d more places; more --events try more\n", more)
	}
	for _, step := range r.Unvisited {
		fmt.Fprintf(w, "never visited: %s\n", step)
	}
	fmt.Fprintf(w, "%d events in %d walks, %.0f a second, seed %d\n", r.Events, r.Walks, float64(r.Events)/r.Took.Seconds(), r.Seed)
	fmt.Fprintf(w, "tried: %d of %d pairs of a place and an action\n", r.Tried, r.Pairs)
	fmt.Fprintf(w, "steps visited: %d of %d\n", r.Steps-len(r.Unvisited), r.Steps)
	fmt.Fprintf(w, "%d findings\n", len(r.Findings))
}

// yaml is the walk of a finding as a file of transcripts.
func (f Finding) yaml() string {
	var out bytes.Buffer
	if err := f.Walk.Write(&out); err != nil {
		return err.Error()
	}
	return out.String()
}
