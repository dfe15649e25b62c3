package handoff

import "supportbot"

// Step applies one act to a case. It is pure: c is not changed, and what comes
// back is the case as it is to be stored. A new case is waiting with fence 1,
// so the first claim makes the fence 2.
//
// An act that comes too late, from somebody who does not own the case, or under
// another fence is refused: the case comes back as it was and the result names
// the owner. An act that is wrong in itself is an error that wraps
// supportbot.ErrInvalid, see Validate.
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
	if c.State == supportbot.CaseActive && c.Owner == act.Agent {
		result.Fence = c.Fence
	}
	return c, result, nil
}

// allowed tells whether the state, the owner and the fence of c permit act.
func allowed(c supportbot.Case, act supportbot.AgentAct) bool {
	switch act.Kind {
	case supportbot.ActClaim:
		return c.State == supportbot.CaseWaiting || c.State == supportbot.CaseActive && c.Owner == act.Agent
	case supportbot.ActMessage, supportbot.ActOutcome, supportbot.ActRelease, supportbot.ActClose, supportbot.ActCheck, supportbot.ActCode:
		return c.State == supportbot.CaseActive && c.Owner == act.Agent && c.Fence == act.Fence
	case supportbot.ActApprove:
		return c.State == supportbot.CaseActive && c.Fence == act.Fence
	case supportbot.ActTyped:
		return CodePending(&c, act.At)
	case supportbot.ActLapse:
		return c.State == supportbot.CaseActive
	case supportbot.ActExpire:
		return c.State == supportbot.CaseWaiting
	case supportbot.ActLeave, supportbot.ActContact:
		return c.State.Live()
	}
	return false
}

// apply carries out an act that is allowed.
func apply(c supportbot.Case, act supportbot.AgentAct) supportbot.Case {
	switch act.Kind {
	case supportbot.ActClaim:
		if c.State == supportbot.CaseActive {
			return c // a repeated claim keeps its fence
		}
		return move(c, supportbot.CaseActive, act.Agent)
	case supportbot.ActOutcome:
		c.Verdict, c.Note = act.Verdict, act.Note
		if act.Verdict == supportbot.Verified {
			c.Method = method(c.Checks)
		}
		return move(c, supportbot.CaseDone, c.Owner)
	case supportbot.ActCheck:
		c.Checks = check(c.Checks, act)
	case supportbot.ActCode:
		c.Checks = codeSent(c.Checks, act)
	case supportbot.ActTyped:
		c.Checks = codeTyped(c.Checks, act)
	case supportbot.ActApprove:
		c.Checks = approve(c.Checks, act.Agent)
	case supportbot.ActRelease, supportbot.ActLapse:
		return move(c, supportbot.CaseWaiting, "")
	case supportbot.ActClose:
		return move(c, supportbot.CaseClosed, c.Owner)
	case supportbot.ActLeave:
		return move(c, supportbot.CaseAbandoned, c.Owner)
	case supportbot.ActExpire:
		c.Verdict = supportbot.Unavailable
		return move(c, supportbot.CaseExpired, "")
	case supportbot.ActContact:
		c.Packet.Contact = act.Text
	}
	return c
}

// move changes the state and the fence, so that writes under the old one are
// refused from now on. An ended case keeps its last owner for the record.
func move(c supportbot.Case, to supportbot.CaseState, owner string) supportbot.Case {
	c.State, c.Owner = to, owner
	c.Fence++
	return c
}
