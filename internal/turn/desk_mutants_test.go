package turn_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutant is the desk with a guarantee taken out, for one build: the go command reads
// edited files in the place of the real ones.
type mutant struct {
	name    string
	breaks  int         // the invariant that must be named
	patches [][3]string // file, what stands in it once, what stands there instead
}

const (
	steps = "handoff/step.go"
	desk  = "internal/store/desk.go"
	box   = "internal/store/outbox.go"
)

var mutants = []mutant{
	{"who leaves stays, and the index is gone", 1, [][3]string{
		{steps, "return move(c, supportbot.CaseAbandoned, c.Owner, act)", "c.State, c.Until = supportbot.CaseCallback, act.At.Add(time.Hour)\n\t\treturn c"},
		{"internal/store/migrations/sqlite/00001_conversations.sql", "CREATE UNIQUE INDEX cases_live", "CREATE INDEX cases_live"},
	}},
	{"an old epoch settles", 2, [][3]string{{box, "AND epoch = $2 AND head = $3 - 1", "AND $2 > 0 AND head = $3 - 1"}}},
	{"the bot goes on while an agent is there", 2, [][3]string{
		{"internal/turn/agent.go", "b.say(supportbot.Message{From: supportbot.FromAgent, Author: act.Agent, Text: act.Text})", ""},
		{"internal/turn/person.go", "\tb.step(e)\n\tif c := b.now()", "\tb.step(e)\n\tb.say(supportbot.Message{From: supportbot.FromBot, Text: \"well\"})\n\tif c := b.now()"},
	}},
	{"what is said to an agent is not kept", 3, [][3]string{
		{"internal/turn/person.go", "if said != \"\" || b.in.Unseen != \"\" && b.in.Unseen != supportbot.LostPicture {", "if c := b.now(); c == nil || !c.State.Worked() {"},
	}},
	{"the fence is not looked at", 4, [][3]string{{steps, "owns := c.Owner == act.Agent && c.Fence == act.Fence", "owns := c.Owner == act.Agent"}}},
	{"the fence stays", 4, [][3]string{{steps, "\tc.Owner = owner\n\tc.Fence++\n", "\tc.Owner = owner\n"}}},
	{"nobody counts", 5, [][3]string{{desk, "if n >= capacity {", "if n >= capacity+2 {"}}},
	{"a state has no timer", 6, [][3]string{{"internal/turn/person.go", "wanted[supportbot.TimerState] = c.Until", "_ = c.Until"}}},
	{"what was not answered counts as not sent", 7, [][3]string{{box, "unsure = CASE WHEN status = 'sending' THEN 1 ELSE unsure END", "unsure = unsure"}}},
	{"a supervisor wakes what has ended", 8, [][3]string{
		{steps, "return c.State.Live() && c.Fence == act.Fence && (act.Kind", "return c.Fence == act.Fence && (act.Kind"},
	}},
	{"a case may be claimed twice", 9, [][3]string{{steps, "return c.State.Queued() || c.State.Owned() && c.Owner == act.Agent", "return c.State.Live()"}}},
	{"a verdict may be given again", 10, [][3]string{
		{steps, "case supportbot.ActMessage, supportbot.ActOutcome, ", "case supportbot.ActOutcome:\n\t\treturn c.Owner == act.Agent && c.State != supportbot.CaseAbandoned\n\tcase supportbot.ActMessage, "},
	}},
	{"who goes back to the queue begins anew", 11, [][3]string{{steps, "\tc.Owner = owner\n", "\tc.Owner, c.QueuedAt = owner, act.At\n"}}},
	{"nobody is told that they wait", 11, [][3]string{{"internal/turn/turn.go", "noticeEvery = 3 * time.Minute", "noticeEvery = 10 * time.Minute"}}},
}

// TestDeskMutants runs the property test against each mutant, and wants it to fail by
// the number of the invariant.
func TestDeskMutants(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			edited := m.overlay(t)
			var out []byte
			for range 3 { // the invariant that is broken first ends a run
				out, _ = exec.Command("go", "test", "-count=1", "-vet=off", "-overlay", edited, "-run", "^TestDeskInvariantsOnSQLite$",
					"-rapid.checks=300", "-rapid.nofailfile", "-rapid.shrinktime=0s", ".").CombinedOutput()
				if strings.Contains(string(out), fmt.Sprintf("invariant %d,", m.breaks)) {
					return
				}
			}
			t.Errorf("invariant %d (%s) is not named:\n%s", m.breaks, invariants[m.breaks].rule, out)
		})
	}
}

// overlay writes the edited files, and returns the list that go test reads.
func (m mutant) overlay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for _, p := range m.patches {
		file := filepath.Join(root, p[0])
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(data), p[1]) != 1 {
			t.Fatalf("%s has changed: this test looks in it, once, for\n%s", p[0], p[1])
		}
		replace[file] = filepath.Join(dir, filepath.Base(file))
		if err := os.WriteFile(replace[file], []byte(strings.Replace(string(data), p[1], p[2], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
