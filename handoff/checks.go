package handoff

import (
	"cmp"
	"slices"
	"strings"

	"supportbot"
)

// The word that stands for the second agent among what is missing.
const missingApproval = "approval"

// Binds tells whether a checklist holds the agent to anything, where there are
// reference data or there are none.
func Binds(c *supportbot.Checks, reference bool) bool {
	return c != nil && c.Need > 0 && (reference || !c.OnlyWithReference)
}

// Missing lists what keeps a case from the verdict verified: items that must still
// match, and "approval". It is empty where content holds the agent to nothing.
func Missing(c supportbot.Case, reference bool) []string {
	if !Binds(c.Checks, reference) {
		return nil
	}
	missing := unmatched(c.Checks)
	if c.Checks.Approval && (c.Checks.Approved == "" || c.Checks.Approved == c.Owner) {
		missing = append(missing, missingApproval)
	}
	return missing
}

// unmatched lists the items that must match and do not, and, if others would do as
// well, all of those that bring the case nearer to its verdict.
func unmatched(c *supportbot.Checks) (ids []string) {
	matched, kinds := 0, map[string]bool{} // with those that must
	for _, item := range c.Items {
		if item.Match || item.Must {
			matched++
			kinds[item.Means.Kind()] = true
		}
		if item.Must && !item.Match {
			ids = append(ids, item.ID)
		}
	}
	anyMore, newKinds := c.Need-matched, c.Kinds-len(kinds)
	if anyMore <= 0 && newKinds <= 0 {
		return ids
	}
	for _, item := range c.Items {
		if !item.Match && !item.Must && (newKinds < anyMore || !kinds[item.Means.Kind()]) {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// AwaitsApproval tells whether nothing but a second agent is missing.
func AwaitsApproval(c supportbot.Case, reference bool) bool {
	return c.State == supportbot.CaseActive && slices.Equal(Missing(c, reference), []string{missingApproval})
}

// AttemptsLeft is how often an item may still be tried.
func AttemptsLeft(c *supportbot.Checks, item supportbot.Check) int {
	return max(0, min(item.Attempts-item.Used, c.Attempts-c.Used))
}

// refusal is why the checklist refuses an act that state, owner and fence permit;
// the zero value if it does not.
func refusal(c supportbot.Case, act supportbot.AgentAct) supportbot.AgentResult {
	refused := supportbot.AgentResult{Refused: true, Owner: c.Owner}
	switch act.Kind {
	case supportbot.ActOutcome:
		if missing := Missing(c, act.Reference); act.Verdict == supportbot.Verified && len(missing) > 0 {
			refused.Problem, refused.Missing = supportbot.UncheckedProblem, strings.Join(missing, ",")
			return refused
		}
	case supportbot.ActCheck, supportbot.ActCode:
		item := c.Checks.Item(act.Item)
		if item == nil || act.Kind == supportbot.ActCode && item.Means != supportbot.ByCode {
			refused.Problem = supportbot.NoItemProblem
			return refused
		}
		if AttemptsLeft(c.Checks, *item) == 0 {
			refused.Problem = supportbot.AttemptsProblem
			return refused
		}
		if act.Kind == supportbot.ActCode && len(sentLately(c.Checks, act.At)) >= codesSent {
			refused.Problem = supportbot.SendsProblem
			return refused
		}
	case supportbot.ActApprove:
		switch {
		case act.Agent == c.Owner:
			refused.Problem = supportbot.OwnProblem
			return refused
		case !AwaitsApproval(c, act.Reference):
			refused.Problem, refused.Missing = supportbot.UncheckedProblem, strings.Join(Missing(c, act.Reference), ",")
			return refused
		}
	}
	return supportbot.AgentResult{}
}

// check notes what came of an attempt. Another merchant's data prove nothing about
// this one, so that what matched before is forgotten; and what was approved is no
// longer what is there.
func check(before *supportbot.Checks, act supportbot.AgentAct) *supportbot.Checks {
	c := copyChecks(before)
	if act.Subject != "" && c.Subject != "" && act.Subject != c.Subject {
		for i := range c.Items {
			c.Items[i].Match = false
		}
	}
	c.Subject, c.Approved = cmp.Or(act.Subject, c.Subject), ""
	item := c.Item(act.Item)
	item.Match = act.Match
	item.Used++
	c.Used++
	return c
}

func approve(before *supportbot.Checks, agent string) *supportbot.Checks {
	c := copyChecks(before)
	c.Approved = agent
	return c
}

// Unproven is a checklist of somebody who may be another now: nothing of it has
// matched. What was tried counts.
func Unproven(before *supportbot.Checks) *supportbot.Checks {
	if before == nil {
		return nil
	}
	c := copyChecks(before)
	c.Approved = ""
	for i := range c.Items {
		c.Items[i].Match = false
	}
	if c.Code != nil {
		code := *c.Code
		code.Hash, c.Code = "", &code
	}
	return c
}

// copyChecks leaves the case as it was, as Step promises.
func copyChecks(before *supportbot.Checks) *supportbot.Checks {
	c := *before
	c.Items = slices.Clone(c.Items)
	return &c
}

// method lists the items that matched.
func method(c *supportbot.Checks) (ids []string) {
	if c == nil {
		return nil
	}
	for _, item := range c.Items {
		if item.Match {
			ids = append(ids, item.ID)
		}
	}
	return ids
}
