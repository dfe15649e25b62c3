package turn

import (
	"slices"
	"testing"
	"time"

	"supportbot"
)

// TestWhatATurnTellsAnotherDesk has the words before what they brought about, and the
// end of a case before the beginning of the next.
func TestWhatATurnTellsAnotherDesk(t *testing.T) {
	live := func(id string, state supportbot.CaseState) *supportbot.Case {
		return &supportbot.Case{ID: id, State: state}
	}
	waits, active, over := live("1-1", supportbot.CaseWaiting), live("1-1", supportbot.CaseActive), live("1-1", supportbot.CaseAbandoned)
	said := []supportbot.Message{{Seq: 4, From: supportbot.FromUser}, {Seq: 5, From: supportbot.FromBot}}
	for name, c := range map[string]struct {
		found *supportbot.Case
		turn  supportbot.Commit
		want  []string
	}{
		"to the bot":                      {nil, supportbot.Commit{Messages: said}, nil},
		"after a case":                    {over, supportbot.Commit{Messages: said}, nil},
		"asks for an agent":               {nil, supportbot.Commit{Messages: said, Case: waits}, []string{"case.opened 1-1"}},
		"writes":                          {active, supportbot.Commit{Messages: said}, []string{"case.message 1-1"}},
		"an agent writes":                 {active, supportbot.Commit{Messages: said[1:], Case: active}, nil},
		"an agent comes":                  {waits, supportbot.Commit{Case: active}, []string{"case.changed 1-1"}},
		"leaves":                          {waits, supportbot.Commit{Messages: said, Case: over}, []string{"case.message 1-1", "case.ended 1-1"}},
		"again":                           {over, supportbot.Commit{Messages: said, Case: live("1-2", supportbot.CaseWaiting)}, []string{"case.opened 1-2"}},
		"a verdict leads to the next":     {active, supportbot.Commit{Ended: over, Case: live("1-2", supportbot.CaseWaiting)}, []string{"case.ended 1-1", "case.opened 1-2"}},
		"leaves, and asks for another":    {waits, supportbot.Commit{Messages: said, Ended: over, Case: live("1-2", supportbot.CaseWaiting)}, []string{"case.message 1-1", "case.ended 1-1", "case.opened 1-2"}},
		"what nobody is told has changed": {active, supportbot.Commit{Case: &supportbot.Case{ID: "1-1", State: supportbot.CaseActive, Note: "x"}}, nil},
	} {
		var got []string
		for _, e := range feed(c.found, c.turn, time.Time{}) {
			got = append(got, string(e.Kind)+" "+e.Case.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
