package console

import (
	"context"

	"supportbot"
)

// Reports knows the cases that have ended.
type Reports interface {
	// WrapUp gives a case that has ended a code; supportbot.ErrNotFound if it has
	// not, was not that agent's, or ended longer than handoff.WrapUpLimit ago.
	WrapUp(ctx context.Context, id, agent string, code supportbot.Code) error
}

func (c *Console) reportRoutes() map[string]guarded {
	return map[string]guarded{
		"POST /console/api/cases/{id}/wrapup": c.api(c.wrapUp),
	}
}
