package handoff

import (
	"slices"
	"time"

	"supportbot"
)

// Step applies one act to a case at act.At. It is pure: c is not changed, and
// what comes back is the case as it is to be stored. A new case is waiting with
// fence 1, so the first claim makes the fence 2. The fence grows whenever the
// owner changes or comes back, and when the case ends.
//
// An act that comes too late, from somebody who does not own the case, or under
// another fence is refused: the case comes back as it was and the result names
// the owner. An act that is wrong in itself is an error that wraps
// supportbot.ErrInvalid, see Validate.
//
// That a verdict takes the flow on is one commit with the verdict, so there is
// no state between the two.
func Step(c supportbot.Case, act supportbot.AgentAct) (supportbot.Case, supportbot.AgentResult, error) {
	if err := Validate(act); err != nil {
		return c, supportbot.AgentResult{}, err
	}
	if act.Case != c.ID { // the conversation has a newer case by now
		return c, supportbot.AgentResult{Refused: true}, nil
	}
	if !allowed(c, act) {
		return c, supportbot.AgentResult{Refused: true, Owner: c.Owner}, nil
	}
	if refused := refusal(c, act); refused.Refused {
		return c, refused, nil
	}
	c = apply(c, act)
	result := supportbot.AgentResult{Owner: c.Owner}
	if c.State.Owned() && c.Owner == act.Agent {
		result.Fence = c.Fence
	}
	return c, result, nil
}

// allowed tells whether the state, the owner and the fence of c permit act.
func allowed(c supportbot.Case, act supportbot.AgentAct) bool {
	owns := c.Owner == act.Agent && c.Fence == act.Fence
	switch act.Kind {
	case supportbot.ActClaim:
		return c.State.Queued() || c.State.Owned() && c.Owner == act.Agent
	case supportbot.ActConnected:
		return c.State == supportbot.CaseRinging && owns
	case supportbot.ActMessage, supportbot.ActOutcome, supportbot.ActRelease, supportbot.ActClose, supportbot.ActCheck, supportbot.ActCode:
		return c.State.Worked() && owns
	case supportbot.ActNote:
		return c.State.Worked() && owns || c.State == supportbot.CaseConsult && c.Asked == act.Agent
	case supportbot.ActTransfer, supportbot.ActConsult:
		return c.State == supportbot.CaseActive && owns && act.Asked != act.Agent
	case supportbot.ActResume:
		return c.State.Worked() && owns || c.State == supportbot.CaseGrace && c.Owner == act.Agent
	case supportbot.ActCallback:
		return c.State.Worked() && owns || act.Agent == "" && (c.State == supportbot.CaseWaiting || c.State == supportbot.CaseOffered || c.State == supportbot.CaseDeferred)
	case supportbot.ActAccept:
		return c.Asked != "" && c.Asked == act.Agent || c.State.Worked() && c.Owner == act.Agent
	case supportbot.ActDecline:
		return c.Asked != "" && c.Asked == act.Agent
	case supportbot.ActApprove:
		return c.State.Worked() && c.Fence == act.Fence
	case supportbot.ActTyped:
		return CodePending(&c, act.At)
	case supportbot.ActLapse:
		return (c.State.Worked() || c.State == supportbot.CaseRinging) && (act.Fence == 0 || act.Fence == c.Fence)
	case supportbot.ActTimeout:
		return !c.Until.IsZero() && !c.Until.After(act.At)
	case supportbot.ActExpire:
		return c.State == supportbot.CaseWaiting || c.State == supportbot.CaseOffered
	case supportbot.ActOffer:
		return c.State == supportbot.CaseWaiting
	case supportbot.ActDefer:
		return c.State == supportbot.CaseWaiting && act.Until.After(act.At)
	case supportbot.ActTakeOver, supportbot.ActPriority:
		return c.State.Live() && c.Fence == act.Fence && (act.Kind == supportbot.ActPriority || c.Owner != act.Agent)
	case supportbot.ActReassign:
		return c.State.Live() && c.Fence == act.Fence && (act.Team != "" || c.Owner != act.Asked)
	case supportbot.ActLeave, supportbot.ActContact, supportbot.ActCancel:
		return c.State.Live()
	}
	return false
}

// apply carries out an act that is allowed.
func apply(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	switch act.Kind {
	case supportbot.ActClaim, supportbot.ActAccept:
		return take(c, act)
	case supportbot.ActConnected:
		c.Team, c.Passed = "", nil
		return enter(c, supportbot.CaseActive, act)
	case supportbot.ActResume:
		return resume(c, act)
	case supportbot.ActNote:
		return note(c, act)
	case supportbot.ActOutcome:
		c.Verdict, c.Note = act.Verdict, act.Note
		if act.Verdict == supportbot.Verified {
			c.Method = method(c.Checks)
		}
		return move(c, supportbot.CaseDone, c.Owner, act)
	case supportbot.ActCheck:
		c.Checks = check(c.Checks, act)
	case supportbot.ActCode:
		c.Checks = codeSent(c.Checks, act)
	case supportbot.ActTyped:
		c.Checks = codeTyped(c.Checks, act)
	case supportbot.ActApprove:
		c.Checks = approve(c.Checks, act.Agent)
	case supportbot.ActRelease:
		return move(c, supportbot.CaseWaiting, "", act)
	case supportbot.ActTransfer:
		return transfer(c, act)
	case supportbot.ActConsult:
		c = enter(c, supportbot.CaseConsult, act)
		c.Asked = act.Asked
	case supportbot.ActOffer:
		c = enter(c, supportbot.CaseOffered, act)
		c.Asked = act.Asked
	case supportbot.ActDefer:
		c = enter(c, supportbot.CaseDeferred, act)
		c.Until = act.Until
	case supportbot.ActCallback:
		return callBack(c, act)
	case supportbot.ActDecline:
		return decline(c, act)
	case supportbot.ActTakeOver:
		return give(c, act.Agent, act)
	case supportbot.ActReassign:
		if act.Team != "" {
			return giveTeam(c, act)
		}
		return give(c, act.Asked, act)
	case supportbot.ActPriority:
		c.Priority = act.Priority
	case supportbot.ActLapse:
		return lapse(c, act)
	case supportbot.ActTimeout:
		return timeout(c, act)
	case supportbot.ActClose:
		return move(c, supportbot.CaseClosed, c.Owner, act)
	case supportbot.ActLeave:
		return move(c, supportbot.CaseAbandoned, c.Owner, act)
	case supportbot.ActExpire:
		c.Verdict = supportbot.Unavailable
		return move(c, supportbot.CaseExpired, "", act)
	case supportbot.ActCancel:
		c.Verdict = supportbot.Unavailable
		return move(c, supportbot.CaseCancelled, c.Owner, act)
	case supportbot.ActContact:
		if supportbot.IsEmail(act.Text) {
			c.Packet.Email = act.Text
			break
		}
		c.Packet.Contact = act.Text
	}
	return c
}

// take gives the case to whoever claims or accepts it. A repeated claim keeps its
// fence; an owner who was lost comes back under a new one.
func take(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	if c.Owner == act.Agent && c.State.Owned() && c.State != supportbot.CaseGrace {
		return c
	}
	if act.Rings { // until it is answered the case belongs to its team
		return move(c, supportbot.CaseRinging, act.Agent, act)
	}
	c.Team, c.Passed = "", nil
	return move(c, supportbot.CaseActive, act.Agent, act)
}

// give makes an agent the owner, whoever was. One who is not there is missed
// after a lease, like any other.
func give(c supportbot.Case, agent string, act supportbot.AgentAct) supportbot.Case {
	c.Team, c.Passed = "", nil
	return move(c, supportbot.CaseActive, agent, act)
}

// lapse gives an owner who is not there any more a while to come back in. Who has
// not been there yet, or cannot come back, has none.
func lapse(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	if act.Gone || c.State == supportbot.CaseRinging {
		return move(c, supportbot.CaseWaiting, "", act)
	}
	c = enter(c, supportbot.CaseGrace, act)
	c.Cut = act.Rings
	return c
}

// giveTeam leaves a case to the members of a team: it comes back into the queue if
// somebody has it, or is asked to take it.
func giveTeam(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	switch {
	case c.State.Owned():
		c = move(c, supportbot.CaseWaiting, "", act)
	case c.State == supportbot.CaseOffered:
		c = enter(c, supportbot.CaseWaiting, act)
	}
	c.Team, c.Passed = act.Team, nil
	return c
}

// resume leaves the owner alone with the case; an owner who was lost comes back
// under a new fence, by telephone once that is answered.
func resume(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	switch {
	case c.State == supportbot.CaseGrace && act.Rings:
		return move(c, supportbot.CaseRinging, c.Owner, act)
	case c.State == supportbot.CaseGrace:
		return move(c, supportbot.CaseActive, c.Owner, act)
	}
	return enter(c, supportbot.CaseActive, act)
}

// transfer asks another agent, and meanwhile the owner goes on; of a team nobody
// in particular is asked, so its members find the case in the queue.
func transfer(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	if act.Asked == "" {
		c = move(c, supportbot.CaseWaiting, "", act)
		c.Team = act.Team
		return c
	}
	c = enter(c, supportbot.CaseTransfer, act)
	c.Asked = act.Asked
	return c
}

// callBack has the person called at another time. What is in hand counts as an
// attempt, and after the last one the case expires.
func callBack(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	at := act.Until
	switch {
	case at.After(act.At):
	case c.State == supportbot.CaseDeferred:
		at = c.Until
	case !c.State.Owned():
		at = act.At.Add(callSoonAfter)
	case act.How == busy:
		at = act.At.Add(callBusyAfter)
	default:
		at = act.At.Add(callAgainAfter)
	}
	if !c.State.Owned() {
		c = enter(c, supportbot.CaseCallback, act)
		c.Until = at
		return c
	}
	c.Called = append(slices.Clip(c.Called), supportbot.CallTry{At: act.At, How: act.How})
	if c.Calls++; c.Calls >= MaxCalls {
		c.Verdict = supportbot.Unavailable
		return move(c, supportbot.CaseExpired, "", act)
	}
	c = move(c, supportbot.CaseCallback, "", act)
	c.Until = at
	return c
}

// decline sends the case on its way without who was asked.
func decline(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	if c.State != supportbot.CaseOffered {
		return enter(c, supportbot.CaseActive, act)
	}
	c = enter(c, supportbot.CaseWaiting, act)
	c.Passed = append(slices.Clip(c.Passed), act.Agent)
	return c
}

// timeout ends a state whose time is over. A place in the queue is never lost.
func timeout(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	switch c.State {
	case supportbot.CaseCallback, supportbot.CaseDeferred:
		c.Since = act.At
		return enter(c, supportbot.CaseWaiting, act)
	case supportbot.CaseOffered:
		return enter(c, supportbot.CaseWaiting, act)
	case supportbot.CaseTransfer, supportbot.CaseConsult:
		return enter(c, supportbot.CaseActive, act)
	}
	return move(c, supportbot.CaseWaiting, "", act) // nobody answered the telephone, or came back
}

// note keeps what agents tell each other. Whoever is consulted is heard of by it
// and has time from then on.
func note(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	c.Notes = append(slices.Clip(c.Notes), supportbot.CaseNote{Agent: act.Agent, At: act.At, Text: act.Text})
	if act.Agent == c.Asked {
		c.Until = time.Time{}
	}
	return c
}

// enter changes the state under the same owner and fence.
func enter(c supportbot.Case, to supportbot.CaseState, act supportbot.AgentAct) supportbot.Case {
	c.State, c.Asked, c.Cut = to, "", false
	c.Until = until(c, act.At)
	return c
}

// move changes the owner and the fence as well, so that writes under the old one
// are refused from now on. An ended case keeps its last owner for the record.
func move(c supportbot.Case, to supportbot.CaseState, owner string, act supportbot.AgentAct) supportbot.Case {
	c = enter(c, to, act)
	c.Owner = owner
	c.Fence++
	return c
}
