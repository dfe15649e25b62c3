package handoff_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supportbot"
	"supportbot/handoff"
)

// listed is an active case of Li's with a checklist of three items.
func listed(need int, approval bool) supportbot.Case {
	c := in(supportbot.CaseActive, 2)
	c.Checks = &supportbot.Checks{Need: need, Approval: approval, Attempts: 5}
	for _, id := range []string{"owner", "opened", "call-back"} {
		c.Checks.Items = append(c.Checks.Items, supportbot.Check{ID: id, Attempts: 3, Must: id == "call-back"})
	}
	return c
}

func checked(item string, match bool) supportbot.AgentAct {
	return supportbot.AgentAct{Case: "17-1", Kind: "check", Agent: "li", Fence: 2, Item: item, Match: match}
}

func of(merchant string, act supportbot.AgentAct) supportbot.AgentAct {
	act.Subject = merchant
	return act
}

func approved(agent string) supportbot.AgentAct {
	return supportbot.AgentAct{Case: "17-1", Kind: "approve", Agent: agent, Fence: 2}
}

var verified = supportbot.AgentAct{Case: "17-1", Kind: "outcome", Agent: "li", Fence: 2, Verdict: supportbot.Verified}

func TestVerifiedIsRefusedUntilTheChecklistIsFulfilled(t *testing.T) {
	type acts []supportbot.AgentAct
	for name, test := range map[string]struct {
		need     int
		approval bool
		acts     acts
		missing  string // "" if it may be given
	}{
		"a list that is advice":            {0, false, nil, ""},
		"nothing was checked":              {2, false, nil, "call-back,owner,opened"},
		"the one that must is missing":     {2, false, acts{checked("owner", true), checked("opened", true)}, "call-back"},
		"one more is missing":              {2, false, acts{checked("call-back", true)}, "owner,opened"},
		"enough":                           {2, false, acts{checked("call-back", true), checked("opened", true)}, ""},
		"no match is none":                 {2, false, acts{checked("call-back", true), checked("opened", false)}, "owner,opened"},
		"the last attempt counts":          {2, false, acts{checked("call-back", true), checked("opened", true), checked("opened", false)}, "owner,opened"},
		"nobody has approved":              {1, true, acts{checked("call-back", true)}, "approval"},
		"another has approved":             {1, true, acts{checked("call-back", true), approved("wang")}, ""},
		"what is checked later is not":     {1, true, acts{checked("call-back", true), approved("wang"), checked("owner", true)}, "approval"},
		"another merchant's data prove it": {2, false, acts{of("a", checked("call-back", true)), of("b", checked("owner", true))}, "call-back"},
		"one merchant's data":              {2, false, acts{of("a", checked("call-back", true)), of("a", checked("owner", true))}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := listed(test.need, test.approval)
			for _, act := range test.acts {
				next, result, err := handoff.Step(c, act)
				if err != nil || result.Refused {
					t.Fatalf("%s %s: %+v, %v", act.Kind, act.Item, result, err)
				}
				c = next
			}
			next, result, err := handoff.Step(c, verified)
			if err != nil || result.Missing != test.missing || result.Refused != (test.missing != "") {
				t.Fatalf("%+v, %v, want %q missing", result, err, test.missing)
			}
			if result.Refused && cmp.Diff(c, next) != "" {
				t.Error("a refused verdict changed the case")
			}
			failed := verified
			failed.Verdict = supportbot.Failed
			if _, result, _ = handoff.Step(c, failed); result.Refused {
				t.Error("another verdict than verified needs the checklist")
			}
		})
	}
}

func TestTheMethodIsKeptWithTheVerdict(t *testing.T) {
	c, _, _ := handoff.Step(listed(1, false), checked("call-back", true))
	c, _, _ = handoff.Step(c, checked("owner", true))
	c, _, _ = handoff.Step(c, verified)
	if diff := cmp.Diff([]string{"owner", "call-back"}, c.Method); diff != "" {
		t.Error(diff)
	}
}

func TestApproval(t *testing.T) {
	ready, _, _ := handoff.Step(listed(1, true), checked("call-back", true))
	for name, test := range map[string]struct {
		c       supportbot.Case
		act     supportbot.AgentAct
		problem supportbot.CheckProblem
		refused bool
	}{
		"by the owner":        {ready, approved("li"), supportbot.OwnProblem, true},
		"too early":           {listed(1, true), approved("wang"), supportbot.UncheckedProblem, true},
		"where none is due":   {listed(1, false), approved("wang"), supportbot.UncheckedProblem, true},
		"of an earlier state": {ready, func() supportbot.AgentAct { a := approved("wang"); a.Fence = 1; return a }(), "", true},
		"by another":          {ready, approved("wang"), "", false},
	} {
		if _, result, err := handoff.Step(test.c, test.act); err != nil || result.Refused != test.refused || result.Problem != test.problem {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
	}
	c, _, _ := handoff.Step(ready, approved("wang"))
	c, _, _ = handoff.Step(c, supportbot.AgentAct{Case: "17-1", Kind: "release", Agent: "li", Fence: 2})
	c, claim, _ := handoff.Step(c, supportbot.AgentAct{Case: "17-1", Kind: "claim", Agent: "wang"})
	own := verified
	own.Agent, own.Fence = "wang", claim.Fence
	if _, result, _ := handoff.Step(c, own); result.Missing != "approval" {
		t.Errorf("who approved took the case over and gave the verdict alone: %+v", result)
	}
}

// Whatever agents do, in whatever order: no item is tried more often than it may be,
// and nobody is verified against the rule.
func TestAnyChecks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := listed(rapid.IntRange(1, 3).Draw(t, "need"), rapid.Bool().Draw(t, "approval"))
		tried := map[string]int{}
		for range rapid.IntRange(1, 30).Draw(t, "acts") {
			act := supportbot.AgentAct{
				Case: "17-1", Kind: rapid.SampledFrom([]supportbot.ActKind{"claim", "check", "approve", "outcome", "release"}).Draw(t, "kind"),
				Agent: rapid.SampledFrom([]string{"li", "wang"}).Draw(t, "agent"), Fence: c.Fence, Verdict: supportbot.Verified,
				Item:  rapid.SampledFrom([]string{"owner", "opened", "call-back", "none"}).Draw(t, "item"),
				Match: rapid.Bool().Draw(t, "match"), Subject: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "subject"),
			}
			before := fmt.Sprint(c.Checks)
			next, result, err := handoff.Step(c, act)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(c.Checks) != before {
				t.Fatalf("%s changed the case it was given", act.Kind)
			}
			if act.Kind == supportbot.ActCheck && !result.Refused {
				if tried[act.Item]++; tried[act.Item] > 3 {
					t.Fatalf("%s was tried %d times", act.Item, tried[act.Item])
				}
			}
			if next.State == supportbot.CaseDone {
				if len(next.Method) < c.Checks.Need || c.Checks.Approval && (c.Checks.Approved == "" || c.Checks.Approved == act.Agent) {
					t.Fatalf("verified with %v, approved by %q", next.Method, c.Checks.Approved)
				}
				return
			}
			c = next
		}
		if c.Checks.Used > c.Checks.Attempts {
			t.Fatalf("%d attempts of %d", c.Checks.Used, c.Checks.Attempts)
		}
	})
}
