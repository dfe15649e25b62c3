package transcript

import (
	"fmt"
	"slices"
	"strings"

	"supportbot/internal/turn"
)

// Result is what became of running a transcript.
type Result struct {
	Got     Transcript      // with the answers that were given
	Faults  []string        // where they differ from those expected
	Visited map[string]bool // the steps that ran, as "flow/step"
}

// Run plays a transcript from its first turn and compares every answer.
func Run(c turn.Content, want Transcript) Result {
	p := NewPlayer(c, want.Channel, want.Language)
	r := Result{Got: want, Visited: p.Visited}
	r.Got.Turns = nil
	if want.From != nil {
		if err := p.Begin(*want.From); err != nil {
			r.Faults = []string{err.Error()}
			return r
		}
	}
	for i, w := range want.Turns {
		got, err := p.Play(w)
		if err != nil {
			r.Faults = append(r.Faults, fmt.Sprintf("turn %d: %v", i+1, err))
			return r
		}
		r.Got.Turns = append(r.Got.Turns, got)
		for _, difference := range differences(w, got) {
			r.Faults = append(r.Faults, fmt.Sprintf("turn %d: %s", i+1, difference))
		}
	}
	return r
}

// differences lists in which answers two turns differ.
func differences(want, got Turn) []string {
	var list []string
	compare := func(what, want, got string) {
		if want != got {
			list = append(list, fmt.Sprintf("%s\n  want %s\n  got  %s", what, indent(want), indent(got)))
		}
	}
	for i := range max(len(want.Bot), len(got.Bot)) {
		compare(fmt.Sprintf("reply %d", i+1), at(want.Bot, i), at(got.Bot, i))
	}
	if !slices.Equal(want.Choices, got.Choices) {
		compare("choices", strings.Join(want.Choices, ", "), strings.Join(got.Choices, ", "))
	}
	compare("at", want.At, got.At)
	compare("case", string(want.Case), string(got.Case))
	compare("ended", fmt.Sprint(want.Ended), fmt.Sprint(got.Ended))
	return list
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "(nothing)"
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n       ") }
