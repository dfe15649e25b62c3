package handoff_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supportbot"
	"supportbot/handoff"
)

// kinds of acts, and one that is none.
var kinds = []supportbot.ActKind{
	"claim", "connected", "message", "note", "outcome", "release", "transfer", "consult", "resume", "callback", "close",
	"accept", "decline", "cancel", "leave", "contact", "lapse", "timeout", "expire", "offer", "defer", "nonsense",
}

// anyAct draws acts that make sense and acts that do not, by three agents and
// with fences about the right one. Ends of a case are drawn less often.
func anyAct(t *rapid.T, fence int64, now time.Time) supportbot.AgentAct {
	agents := []string{"li", "wang", "zhao", ""}
	kind := rapid.SampledFrom(kinds).Draw(t, "kind")
	if slices.Contains([]supportbot.ActKind{"outcome", "close", "cancel", "leave", "expire"}, kind) && rapid.IntRange(0, 5).Draw(t, "really") > 0 {
		kind = "claim"
	}
	return supportbot.AgentAct{
		Case:    rapid.SampledFrom([]string{"17-1", "17-1", "17-1", "17-1", "17-1", "17-2", ""}).Draw(t, "case"),
		Kind:    kind,
		Agent:   rapid.SampledFrom(agents).Draw(t, "agent"),
		Fence:   fence + rapid.SampledFrom([]int64{0, 0, 0, -2, -1, 1}).Draw(t, "fence"),
		Text:    rapid.SampledFrom([]string{"", "138 0000 0000"}).Draw(t, "text"),
		Verdict: rapid.SampledFrom(append(slices.Clone(supportbot.AgentVerdicts), "", "unavailable")).Draw(t, "verdict"),
		Asked:   rapid.SampledFrom(agents).Draw(t, "asked"),
		Team:    rapid.SampledFrom([]string{"", "", "risk"}).Draw(t, "team"),
		Rings:   rapid.Bool().Draw(t, "rings"),
		Until:   now.Add(time.Duration(rapid.IntRange(-10, 600).Draw(t, "until")) * time.Second),
		At:      now,
	}
}

// Whatever happens to a case, in whatever order: see the checks.
func TestStepInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
		c := supportbot.Case{ID: "17-1", State: supportbot.CaseWaiting, Fence: 1, QueuedAt: now}
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			act := anyAct(t, c.Fence, now)
			next, result, err := handoff.Step(c, act)

			unchanged := cmp.Diff(c, next) == ""
			owns := act.Agent == c.Owner && act.Fence == c.Fence && c.State.Worked()
			needsFence := slices.Contains([]supportbot.ActKind{"message", "outcome", "release", "transfer", "consult", "close"}, act.Kind)
			asked := act.Agent == c.Asked && slices.Contains([]supportbot.CaseState{"offered", "transfer", "consult"}, c.State)
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
			case c.State.Owned() && next.State.Owned() && next.Owner != c.Owner && (act.Kind != "accept" || !asked):
				t.Fatalf("%+v took the case from %q to %q, who was not asked", act, c.Owner, next.Owner)
			case next.State.Queued() != (next.Owner == "") && next.State.Live():
				t.Fatalf("a %s case is owned by %q", next.State, next.Owner)
			case (next.Asked != "") != slices.Contains([]supportbot.CaseState{"offered", "transfer", "consult"}, next.State):
				t.Fatalf("of a %s case %q is asked", next.State, next.Asked)
			case next.Asked != "" && next.Asked == next.Owner:
				t.Fatalf("the owner of a %s case is asked", next.State)
			case next.Until.IsZero() && slices.Contains([]supportbot.CaseState{"offered", "claimed", "transfer", "grace", "callback", "deferred"}, next.State):
				t.Fatalf("a %s case never ends to be so", next.State)
			case !next.Until.IsZero() && slices.Contains([]supportbot.CaseState{"waiting", "active"}, next.State) || !next.Until.IsZero() && !next.State.Live():
				t.Fatalf("a %s case ends to be so at %s", next.State, next.Until)
			case !next.QueuedAt.Equal(c.QueuedAt):
				t.Fatalf("the place in the queue was lost")
			case c.State == "grace" && next.State == "active" && next.Fence == c.Fence:
				t.Fatalf("a lost owner came back under the same fence")
			case result.Fence != 0 && act.Agent != next.Owner:
				t.Fatalf("the fence was told to %q, who does not own the case", act.Agent)
			case !next.State.Live() && next.State != c.State && next.Fence == c.Fence:
				t.Fatalf("the case ended under the same fence")
			}
			c = next
		}
	})
}
