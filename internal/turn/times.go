package turn

import (
	"time"

	"supportbot"
)

// stamped puts down on a case when an act was the first of its kind.
func stamped(c supportbot.Case, act supportbot.AgentAct, at time.Time) supportbot.Case {
	switch {
	case c.State.Worked() && c.ClaimedAt.IsZero():
		c.ClaimedAt = at
	case act.Kind == supportbot.ActMessage && c.RepliedAt.IsZero():
		c.RepliedAt = at
	}
	if !c.State.Live() {
		c.EndedAt, c.Code = at, act.Wrapup
	}
	return c
}
