package handoff

import (
	"crypto/hmac"
	"slices"
	"time"

	"supportbot"
)

// A one-time code and its limits. NIST SP 800-63B, 5.1.3.2, allows ten minutes.
const (
	codeHolds  = 5 * time.Minute
	codeTries  = 3 // of a code
	codesSent  = 3 // in an hour
	codesCount = time.Hour
)

// CodePending tells whether a code may be typed into the conversation of a case.
func CodePending(c *supportbot.Case, now time.Time) bool {
	return c != nil && c.State == supportbot.CaseActive && c.Checks != nil && c.Checks.Code != nil &&
		c.Checks.Code.Hash != "" && now.Before(c.Checks.Code.Until)
}

// sentLately are the times within the last hour.
func sentLately(c *supportbot.Checks, now time.Time) []time.Time {
	if c.Code == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Code.Sent), func(at time.Time) bool { return now.Sub(at) >= codesCount })
}

// codeSent notes a code that is about to be sent: an attempt that has not matched yet. Of
// earlier codes none holds any more.
func codeSent(before *supportbot.Checks, act supportbot.AgentAct) *supportbot.Checks {
	sent := sentLately(before, act.At)
	c := check(before, act)
	c.Code = &supportbot.Code{Item: act.Item, Hash: act.Code, Until: act.At.Add(codeHolds), Sent: append(sent, act.At)}
	return c
}

// codeTyped compares what the person has typed. A code is good for one match, and for
// so many tries.
func codeTyped(before *supportbot.Checks, act supportbot.AgentAct) *supportbot.Checks {
	c := copyChecks(before)
	code := *before.Code
	c.Code = &code
	if hmac.Equal([]byte(code.Hash), []byte(act.Code)) {
		c.Item(code.Item).Match = true
		code.Hash, c.Approved = "", ""
	} else if code.Tries++; code.Tries >= codeTries {
		code.Hash = ""
	}
	return c
}
