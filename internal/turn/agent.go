package turn

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
)

// open makes the case that the engine asks for. Its id is the conversation's
// number and an ordinal, so that no counter is shared between conversations.
func (b *build) open(h dialog.Handover) {
	if b.owned != nil {
		b.commit.Ended = b.owned // a verdict led straight to another agent
		h.Packet.Email = b.owned.Packet.Email
	}
	state, until := supportbot.CaseWaiting, time.Time{}
	if h.Deferred {
		state, until = supportbot.CaseDeferred, handoff.PutOff(*b.content.Desk, b.in.At)
	}
	b.owned = &supportbot.Case{
		ID:       fmt.Sprintf("%d-%d", b.thread.ID, h.Ordinal),
		Thread:   b.thread.ID,
		State:    state,
		Until:    until,
		Reason:   h.Reason,
		Priority: h.Priority,
		Channel:  b.session.Channel,
		Language: b.session.Language,
		QueuedAt: b.in.At,
		Fence:    1,
		Packet:   h.Packet,
		Checks:   b.content.Checks.For(h.Reason, h.Packet),
	}
}

// logCase is the type of an act that was carried out, in the log.
const logCase = "case"

// agent handles what an agent did, and records what became of it.
func (b *build) agent(act supportbot.AgentAct) {
	result := b.apply(act)
	b.commit.Outcome.Agent = &result
}

// apply takes an act to the case and its consequence to the engine. An act that
// is wrong in itself is refused like one that comes too late.
func (b *build) apply(act supportbot.AgentAct) supportbot.AgentResult {
	before := b.now()
	if before == nil {
		return supportbot.AgentResult{Refused: true}
	}
	if act.Case == "" {
		act.Case = before.ID
	}
	act.At = b.in.At
	after, result, err := handoff.Step(*before, act)
	if err != nil {
		return supportbot.AgentResult{Refused: true, Owner: before.Owner}
	}
	if result.Refused {
		return result
	}
	duty := dutyOf(*before, after, act)
	if b.full && duty != nil && duty.Kind != supportbot.DutyMiss {
		return supportbot.AgentResult{Refused: true, Full: true, Owner: before.Owner}
	}
	if duty != nil {
		duty.At = b.in.At
	}
	b.commit.Duty = duty
	after = stamped(after, act, b.in.At)
	b.owned = &after
	b.log(logCase, act)
	b.commit.Audit = audited(*before, after, act)
	b.consequence(*before, after, act)
	return result
}

// dutyOf is what an act asks of an agent, nil if nothing.
func dutyOf(before, after supportbot.Case, act supportbot.AgentAct) *supportbot.Duty {
	switch {
	case after.State.Owned() && after.Owner != before.Owner:
		return &supportbot.Duty{Kind: supportbot.DutyTake, Agent: after.Owner, Case: after.ID}
	case act.Kind == supportbot.ActOffer:
		return &supportbot.Duty{Kind: supportbot.DutyOffer, Agent: act.Asked, Case: after.ID}
	case act.Kind == supportbot.ActTimeout && before.State == supportbot.CaseOffered:
		return &supportbot.Duty{Kind: supportbot.DutyMiss, Agent: before.Asked, Case: after.ID}
	}
	return nil
}

// audited is what the audit log keeps of an act, nil if nothing.
func audited(before, after supportbot.Case, act supportbot.AgentAct) *supportbot.Audited {
	a := supportbot.Audited{Actor: act.Agent, Subject: before.ID}
	switch act.Kind {
	case supportbot.ActClaim, supportbot.ActAccept:
		if before.Fence == after.Fence {
			return nil // a repeat
		}
		a.Action = supportbot.CaseClaimed
	case supportbot.ActOutcome:
		a.Action, a.Details = supportbot.CaseJudged, map[string]string{"outcome": string(act.Verdict)}
		if act.Verdict == supportbot.Verified {
			a.Details["method"] = strings.Join(after.Method, ",")
		}
	case supportbot.ActCheck:
		a.Action, a.Details = supportbot.ItemChecked, map[string]string{"item": act.Item, "match": strconv.FormatBool(act.Match)}
	case supportbot.ActCode:
		a.Action, a.Details = supportbot.CodeSent, map[string]string{"item": act.Item}
	case supportbot.ActTyped:
		item := after.Checks.Item(after.Checks.Code.Item)
		a.Action, a.Details = supportbot.ItemChecked, map[string]string{"item": item.ID, "match": strconv.FormatBool(item.Match)}
	case supportbot.ActApprove:
		a.Action = supportbot.CaseApproved
	case supportbot.ActRelease:
		a.Action = supportbot.CaseReleased
	case supportbot.ActTransfer:
		a.Action, a.Details = supportbot.CasePassedOn, map[string]string{"to": cmp.Or(act.Asked, act.Team)}
	case supportbot.ActClose:
		a.Action = supportbot.CaseEnded
	case supportbot.ActTakeOver:
		a.Action = supportbot.CaseTakenOver
	case supportbot.ActReassign:
		a.Action, a.Details = supportbot.CaseReassigned, map[string]string{"to": cmp.Or(act.Asked, act.Team)}
	case supportbot.ActPriority:
		a.Action, a.Details = supportbot.CaseRanked, map[string]string{"priority": string(act.Priority)}
	case supportbot.ActCancel:
		a.Action = supportbot.CaseCalledOff
	default:
		return nil
	}
	return &a
}

// consequence tells the engine and the person of an act that was applied.
func (b *build) consequence(before, after supportbot.Case, act supportbot.AgentAct) {
	switch act.Kind {
	case supportbot.ActMessage:
		b.say(supportbot.Message{From: supportbot.FromAgent, Author: act.Agent, Text: act.Text})
		return
	case supportbot.ActOutcome:
		b.judged(act.Verdict)
		return
	case supportbot.ActCode:
		b.tellOfCode("sent")
		return
	case supportbot.ActClose:
		b.step(dialog.Event{Kind: dialog.Closed})
		return
	}
	told, is := b.told(), present(after)
	switch {
	case act.Kind == supportbot.ActDefer:
		b.step(dialog.Event{Kind: dialog.Deferred, Desk: &supportbot.Desk{OpensAt: act.Until}})
	case before.State == supportbot.CaseDeferred && after.State == supportbot.CaseWaiting:
		b.step(dialog.Event{Kind: dialog.Taken})
	case told != "" && after.State == supportbot.CaseCallback:
		b.step(dialog.Event{Kind: dialog.Missed})
	case act.Kind == supportbot.ActCallback && after.State == supportbot.CaseExpired:
		b.step(dialog.Event{Kind: dialog.Judged, Verdict: supportbot.Unavailable, Last: true})
	case after.State == supportbot.CaseExpired, after.State == supportbot.CaseCancelled:
		b.step(dialog.Event{Kind: dialog.Judged, Verdict: supportbot.Unavailable})
	case is != "" && is != told:
		b.step(dialog.Event{Kind: dialog.Joined, Agent: is, ByPhone: act.Kind == supportbot.ActConnected})
	case told != "" && (after.State.Queued() || after.State.Owned() && after.Owner != told):
		b.step(dialog.Event{Kind: dialog.Left})
	}
}

// told is the agent of whom the person was told that they are there, "" for none.
func (b *build) told() string {
	if b.session.Case == nil {
		return ""
	}
	return b.session.Case.Agent
}

// present is the agent who is there for the person, also one who is not heard of
// for a moment, but not one whose telephone still rings.
func present(c supportbot.Case) string {
	if c.State.Worked() || c.State == supportbot.CaseGrace {
		return c.Owner
	}
	return ""
}

// judged takes a verdict to the engine, and keeps with the case how long it holds.
func (b *build) judged(verdict supportbot.Verdict) {
	e := dialog.Event{Kind: dialog.Judged, Verdict: verdict}
	ended := b.owned // the engine may open another case
	if ended.Checks != nil {
		e.ValidFor = ended.Checks.ValidFor
	}
	b.step(e)
	ended.ValidUntil = b.effects.ValidUntil
}
