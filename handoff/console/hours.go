package console

import (
	"context"
	"net/http"

	"supportbot/handoff"
)

// hours shows when agents work.
func (c *Console) hours(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	h, err := c.desk.Hours(ctx)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, h)
}

// setHours says when agents work, instead of what was said before.
func (c *Console) setHours(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	var h handoff.Hours
	if !readJSON(w, r, &h) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	err := h.Validate()
	if err == nil {
		err = c.desk.SetHours(ctx, h, admin.Name)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, h)
}
