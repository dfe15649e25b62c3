package handoff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
)

// in makes a case in some state. Li owns what is not waiting.
func in(state supportbot.CaseState, fence int64) supportbot.Case {
	c := supportbot.Case{ID: "17-1", State: state, Fence: fence, Reason: "forgot-password"}
	if state != supportbot.CaseWaiting {
		c.Owner = "li"
	}
	return c
}

func TestStep(t *testing.T) {
	waiting, active := in(supportbot.CaseWaiting, 1), in(supportbot.CaseActive, 2)
	type act = supportbot.AgentAct

	for name, test := range map[string]struct {
		from    supportbot.Case
		act     act
		state   supportbot.CaseState
		owner   string
		fence   int64
		verdict supportbot.Verdict
		result  supportbot.AgentResult
	}{
		"a claim starts the work under the first fence": {
			waiting, act{Kind: "claim", Agent: "li"},
			supportbot.CaseActive, "li", 2, "", supportbot.AgentResult{Owner: "li", Fence: 2},
		},
		"a repeated claim gets the same fence": {
			active, act{Kind: "claim", Agent: "li"},
			supportbot.CaseActive, "li", 2, "", supportbot.AgentResult{Owner: "li", Fence: 2},
		},
		"a message changes nothing in the case": {
			active, act{Kind: "message", Agent: "li", Fence: 2, Text: "你好"},
			supportbot.CaseActive, "li", 2, "", supportbot.AgentResult{Owner: "li", Fence: 2},
		},
		"a verdict ends the case": {
			active, act{Kind: "outcome", Agent: "li", Fence: 2, Verdict: supportbot.Failed, Note: "two answers wrong"},
			supportbot.CaseDone, "li", 3, supportbot.Failed, supportbot.AgentResult{Owner: "li"},
		},
		"a released case waits again": {
			active, act{Kind: "release", Agent: "li", Fence: 2},
			supportbot.CaseWaiting, "", 3, "", supportbot.AgentResult{},
		},
		"a lapsed lease leaves the case to its owner for a while": {
			active, act{Kind: "lapse"},
			supportbot.CaseGrace, "li", 2, "", supportbot.AgentResult{Owner: "li"},
		},
		"an agent closes": {
			active, act{Kind: "close", Agent: "li", Fence: 2},
			supportbot.CaseClosed, "li", 3, "", supportbot.AgentResult{Owner: "li"},
		},
		"the person leaves the queue": {
			waiting, act{Kind: "leave"},
			supportbot.CaseAbandoned, "", 2, "", supportbot.AgentResult{},
		},
		"the person leaves the agent": {
			active, act{Kind: "leave"},
			supportbot.CaseAbandoned, "li", 3, "", supportbot.AgentResult{Owner: "li"},
		},
		"nobody came": {
			waiting, act{Kind: "expire"},
			supportbot.CaseExpired, "", 2, supportbot.Unavailable, supportbot.AgentResult{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.act.Case = "17-1"
			got, result, err := handoff.Step(test.from, test.act)
			if err != nil {
				t.Fatal(err)
			}
			want := test.from
			want.State, want.Owner, want.Fence, want.Verdict, want.Note = test.state, test.owner, test.fence, test.verdict, test.act.Note
			want.Until = got.Until // see TestWays
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("case (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.result, result); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
		})
	}
}

func TestContactReachesThePacketWhileTheCaseIsLive(t *testing.T) {
	contact := supportbot.AgentAct{Case: "17-1", Kind: "contact", Text: "138 0000 0000"}
	for _, state := range []supportbot.CaseState{supportbot.CaseWaiting, supportbot.CaseActive} {
		got, _, err := handoff.Step(in(state, 2), contact)
		if err != nil || got.Packet.Contact != contact.Text || got.Fence != 2 {
			t.Errorf("%s: contact %q, fence %d, error %v", state, got.Packet.Contact, got.Fence, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		from supportbot.Case
		act  supportbot.AgentAct
	}{
		"claim of another's case":    {in("active", 2), supportbot.AgentAct{Case: "17-1", Kind: "claim", Agent: "wang"}},
		"message of a non-owner":     {in("active", 2), supportbot.AgentAct{Case: "17-1", Kind: "message", Agent: "wang", Fence: 2, Text: "hi"}},
		"message with an old fence":  {in("active", 4), supportbot.AgentAct{Case: "17-1", Kind: "message", Agent: "li", Fence: 2, Text: "hi"}},
		"message with a later fence": {in("active", 4), supportbot.AgentAct{Case: "17-1", Kind: "message", Agent: "li", Fence: 5, Text: "hi"}},
		"message without a fence":    {in("active", 4), supportbot.AgentAct{Case: "17-1", Kind: "message", Agent: "li", Text: "hi"}},
		"release of a waiting case":  {in("waiting", 1), supportbot.AgentAct{Case: "17-1", Kind: "release", Agent: "li", Fence: 1}},
		"lapse of a waiting case":    {in("waiting", 1), supportbot.AgentAct{Case: "17-1", Kind: "lapse"}},
		"expiry of an active case":   {in("active", 2), supportbot.AgentAct{Case: "17-1", Kind: "expire"}},
		"second verdict":             {in("done", 3), supportbot.AgentAct{Case: "17-1", Kind: "outcome", Agent: "li", Fence: 3, Verdict: "verified"}},
		"claim of an ended case":     {in("expired", 3), supportbot.AgentAct{Case: "17-1", Kind: "claim", Agent: "li"}},
		"contact of an ended case":   {in("closed", 3), supportbot.AgentAct{Case: "17-1", Kind: "contact", Text: "138"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, result, err := handoff.Step(test.from, test.act)
			if err != nil {
				t.Fatal(err)
			}
			if want := (supportbot.AgentResult{Refused: true, Owner: test.from.Owner}); result != want {
				t.Errorf("result %+v, want %+v", result, want)
			}
			if diff := cmp.Diff(test.from, got); diff != "" {
				t.Errorf("the case changed (-before +after):\n%s", diff)
			}
		})
	}
}

// The conversation may have a newer case than the one that an agent still has
// open; that agent learns nothing of the newer one.
func TestActOnAnEarlierCaseIsRefused(t *testing.T) {
	newer := in("active", 2)
	newer.ID = "17-2"
	got, result, err := handoff.Step(newer, supportbot.AgentAct{Case: "17-1", Kind: "release", Agent: "li", Fence: 2})
	if err != nil || result != (supportbot.AgentResult{Refused: true}) || cmp.Diff(newer, got) != "" {
		t.Errorf("case %+v, result %+v, error %v", got, result, err)
	}
}

func TestInvalid(t *testing.T) {
	for _, test := range []struct {
		act  supportbot.AgentAct
		says string
	}{
		{supportbot.AgentAct{Kind: "claim", Agent: "li"}, "names no case"},
		{supportbot.AgentAct{Case: "17-1", Kind: "claim"}, "claim names no agent"},
		{supportbot.AgentAct{Case: "17-1", Kind: "steal", Agent: "li"}, `no act "steal"`},
		{supportbot.AgentAct{Case: "17-1", Kind: "message", Agent: "li", Text: " \n"}, "text must not be empty"},
		{supportbot.AgentAct{Case: "17-1", Kind: "message", Agent: "li", Text: strings.Repeat("字", 4001)}, "4001 characters, the most is 4000"},
		{supportbot.AgentAct{Case: "17-1", Kind: "contact"}, "text must not be empty"},
		{supportbot.AgentAct{Case: "17-1", Kind: "outcome", Agent: "li", Verdict: "handled"}, "verified, failed, inconclusive, refused"},
		{supportbot.AgentAct{Case: "17-1", Kind: "outcome", Agent: "li", Verdict: "failed", Note: strings.Repeat("x", 4001)}, "note has 4001"},
	} {
		before := in("active", 2)
		got, _, err := handoff.Step(before, test.act)
		if !errors.Is(err, supportbot.ErrInvalid) || !strings.Contains(fmt.Sprint(err), test.says) {
			t.Errorf("%+v: error %v, want one that says %q", test.act, err, test.says)
		}
		if cmp.Diff(before, got) != "" {
			t.Errorf("%+v changed the case", test.act)
		}
	}
	longest := supportbot.AgentAct{Case: "17-1", Kind: "message", Agent: "li", Text: strings.Repeat("字", 4000)}
	if err := handoff.Validate(longest); err != nil {
		t.Errorf("4,000 Chinese characters: %v", err)
	}
}
