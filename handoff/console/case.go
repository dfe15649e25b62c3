package console

import (
	"context"
	"net/http"

	"supportbot"
	"supportbot/handoff"
)

// caseOf finds the case of a path. If it cannot, it has answered.
func (c *Console) caseOf(ctx context.Context, w http.ResponseWriter, r *http.Request) (one supportbot.Case, ok bool) {
	one, err := c.desk.Case(ctx, r.PathValue("id"))
	if err != nil {
		c.fail(w, r, err)
	}
	return one, err == nil
}

// caseRead is caseOf for an agent who reads the case, of which the audit log is told
// before.
func (c *Console) caseRead(ctx context.Context, w http.ResponseWriter, r *http.Request, agent handoff.Agent) (one supportbot.Case, ok bool) {
	one, ok = c.caseOf(ctx, w, r)
	if !ok {
		return one, false
	}
	if err := c.noteRead(ctx, agent, one); err != nil {
		c.fail(w, r, err)
		return one, false
	}
	return one, true
}

// caseHeld is caseOf for what only the owner may do; to others it says what was not done.
func (c *Console) caseHeld(ctx context.Context, w http.ResponseWriter, r *http.Request, agent handoff.Agent, undone string) (one supportbot.Case, ok bool) {
	one, ok = c.caseOf(ctx, w, r)
	if ok && (one.State != supportbot.CaseActive || one.Owner != agent.Name) {
		answer(w, http.StatusConflict, map[string]string{"owner": one.Owner, "error": "the case is not yours; nothing was " + undone})
		return one, false
	}
	return one, ok
}
