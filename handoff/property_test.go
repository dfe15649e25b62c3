package handoff_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supportbot"
	"supportbot/handoff"
)

// anyAct draws acts that make sense and acts that do not, by three agents and
// with fences about the right one.
func anyAct(t *rapid.T, fence int64) supportbot.AgentAct {
	return supportbot.AgentAct{
		Case: rapid.SampledFrom([]string{"17-1", "17-1", "17-1", "17-2", ""}).Draw(t, "case"),
		Kind: rapid.SampledFrom([]supportbot.ActKind{
			"claim", "message", "outcome", "release", "close", "leave", "lapse", "expire", "contact", "nonsense",
		}).Draw(t, "kind"),
		Agent:   rapid.SampledFrom([]string{"li", "wang", "zhao", ""}).Draw(t, "agent"),
		Fence:   fence + rapid.Int64Range(-2, 1).Draw(t, "fence"),
		Text:    rapid.SampledFrom([]string{"", "138 0000 0000"}).Draw(t, "text"),
		Verdict: rapid.SampledFrom(append(slices.Clone(supportbot.AgentVerdicts), "", "unavailable")).Draw(t, "verdict"),
	}
}

// Whatever happens to a case, in whatever order: see the checks.
func TestStepInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := supportbot.Case{ID: "17-1", State: supportbot.CaseWaiting, Fence: 1}
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			act := anyAct(t, c.Fence)
			next, result, err := handoff.Step(c, act)

			unchanged := cmp.Diff(c, next) == ""
			owns := act.Agent == c.Owner && act.Fence == c.Fence && c.State == supportbot.CaseActive
			needsFence := slices.Contains([]supportbot.ActKind{"message", "outcome", "release", "close"}, act.Kind)
			switch {
			case next.Fence < c.Fence:
				t.Fatalf("the fence fell from %d to %d", c.Fence, next.Fence)
			case next.Owner != c.Owner && next.Fence == c.Fence:
				t.Fatalf("owner %q became %q under the same fence", c.Owner, next.Owner)
			case !c.State.Live() && !unchanged:
				t.Fatalf("the ended case came to life: %+v", next)
			case (err != nil || result.Refused) && !unchanged:
				t.Fatalf("a refused act changed the case: %+v", next)
			case needsFence && !owns && !unchanged:
				t.Fatalf("%+v of a non-owner or under a stale fence changed %+v", act, c)
			case needsFence && !owns && err == nil && !result.Refused:
				t.Fatalf("%+v of a non-owner or under a stale fence was accepted on %+v", act, c)
			case act.Kind == "claim" && c.State == "active" && next.Owner != c.Owner:
				t.Fatalf("a second claim took the case from %q to %q", c.Owner, next.Owner)
			case (next.State == "waiting") != (next.Owner == "") && next.State.Live():
				t.Fatalf("a %s case is owned by %q", next.State, next.Owner)
			case result.Fence != 0 && act.Agent != next.Owner:
				t.Fatalf("the fence was told to %q, who does not own the case", act.Agent)
			case !next.State.Live() && next.State != c.State && next.Fence == c.Fence:
				t.Fatalf("the case ended under the same fence")
			}
			c = next
		}
	})
}
