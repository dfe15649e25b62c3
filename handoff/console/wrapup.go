package console

import (
	"context"
	"errors"
	"net/http"

	"supportbot"
	"supportbot/handoff"
)

// Codes lists what an agent may say that a case came to.
func (page) Codes() []supportbot.Wrapup { return supportbot.Wrapups }

// wrapUp gives a case a code after its end.
func (c *Console) wrapUp(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		Code supportbot.Wrapup `json:"code"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	if err := handoff.ValidCode(body.Code); err != nil {
		c.fail(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	err := c.reports.WrapUp(ctx, r.PathValue("id"), agent.Name, body.Code)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		answerError(w, http.StatusNotFound, "no case of yours by this id ended within the last 10 minutes; of one that is open, give the code with the outcome or the close")
	case err != nil:
		c.fail(w, r, err)
	default:
		answer(w, http.StatusOK, struct{}{})
	}
}
