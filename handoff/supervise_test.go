package handoff_test

import (
	"testing"

	"supportbot"
	"supportbot/handoff"
)

// A supervisor acts on any live case, under the fence that it has now.
func TestSupervisorsActOnAnyLiveCase(t *testing.T) {
	for _, state := range []supportbot.CaseState{
		supportbot.CaseDeferred, supportbot.CaseWaiting, supportbot.CaseCallback, supportbot.CaseOffered, supportbot.CaseRinging, supportbot.CaseActive,
		supportbot.CaseTransfer, supportbot.CaseConsult, supportbot.CaseGrace, supportbot.CaseDone, supportbot.CaseExpired,
	} {
		c := supportbot.Case{ID: "1-1", State: state, Fence: 3, Priority: supportbot.Normal}
		if state.Owned() {
			c.Owner = "li"
		}
		for _, act := range []supportbot.AgentAct{
			{Kind: supportbot.ActTakeOver, Agent: "boss"},
			{Kind: supportbot.ActReassign, Agent: "boss", Asked: "wu"},
			{Kind: supportbot.ActPriority, Agent: "boss", Priority: supportbot.Urgent},
		} {
			act.Case, act.Fence = c.ID, 2
			if _, result, err := handoff.Step(c, act); err != nil || !result.Refused {
				t.Errorf("%s of a case that is %s, under a stale fence: %+v, %v", act.Kind, state, result, err)
			}
			act.Fence = 3
			after, result, err := handoff.Step(c, act)
			if err != nil || result.Refused == state.Live() {
				t.Errorf("%s of a case that is %s: %+v, %v", act.Kind, state, result, err)
			}
			if result.Refused {
				continue
			}
			switch owner := map[supportbot.ActKind]string{supportbot.ActTakeOver: "boss", supportbot.ActReassign: "wu"}[act.Kind]; {
			case owner == "":
				if after.Priority != supportbot.Urgent || after.Fence != 3 || after.State != state || after.Owner != c.Owner {
					t.Errorf("%s of a case that is %s: %+v", act.Kind, state, after)
				}
			case after.Owner != owner, after.Fence != 4, after.State != supportbot.CaseActive:
				t.Errorf("%s of a case that is %s: %+v", act.Kind, state, after)
			}
		}
	}
}

// A team gets what an agent had, and what nobody is to come to yet stays so.
func TestASupervisorLeavesACaseToATeam(t *testing.T) {
	for state, want := range map[supportbot.CaseState]supportbot.CaseState{
		supportbot.CaseActive: supportbot.CaseWaiting, supportbot.CaseConsult: supportbot.CaseWaiting, supportbot.CaseGrace: supportbot.CaseWaiting,
		supportbot.CaseWaiting: supportbot.CaseWaiting, supportbot.CaseOffered: supportbot.CaseWaiting, supportbot.CaseCallback: supportbot.CaseCallback,
	} {
		c := supportbot.Case{ID: "1-1", State: state, Fence: 3, Passed: []string{"wu"}}
		if state.Owned() {
			c.Owner = "li"
		}
		after, result, err := handoff.Step(c, supportbot.AgentAct{Case: c.ID, Kind: supportbot.ActReassign, Agent: "boss", Team: "risk", Fence: 3})
		if err != nil || result.Refused || after.State != want || after.Owner != "" || after.Team != "risk" || after.Passed != nil || after.Asked != "" {
			t.Errorf("%s: %+v, %+v, %v", state, after, result, err)
		}
		if grown := after.Fence > c.Fence; grown != state.Owned() {
			t.Errorf("%s: the fence is %d", state, after.Fence)
		}
	}
}

func TestSupervisorsSayWhat(t *testing.T) {
	for _, act := range []supportbot.AgentAct{
		{Case: "1-1", Kind: supportbot.ActReassign, Agent: "boss"},
		{Case: "1-1", Kind: supportbot.ActReassign, Agent: "boss", Asked: "wu", Team: "risk"},
		{Case: "1-1", Kind: supportbot.ActPriority, Agent: "boss", Priority: "very"},
		{Case: "1-1", Kind: supportbot.ActTakeOver},
	} {
		if handoff.Validate(act) == nil {
			t.Errorf("%+v is taken", act)
		}
	}
}
