package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"supportbot"
	"supportbot/handoff"
)

// Phones puts callers through to the telephones of agents.
type Phones interface {
	// Call has the telephone of the agent who owns a case rung, as a claim of a case
	// that is a call does by itself. It tells whether the agent owns the case under
	// that fence; ErrInvalid if there is nothing to ring.
	Call(ctx context.Context, id, agent string, fence int64) (owned bool, err error)

	// Wish has the caller put on hold or taken back, or the receiver put down. It
	// tells whether there is such a call.
	Wish(ctx context.Context, id, agent string, fence int64, wish handoff.Wish) (done bool, err error)

	// State tells how the call about a case stands or has ended, "" if there is none,
	// and whether the agent can be called.
	State(ctx context.Context, c supportbot.Case, agent string) (state string, callable bool, err error)

	// SetPhone sets the telephone of an agent, as E.164, "" for none, in the name of
	// by; ErrInvalid if it is not to be called.
	SetPhone(ctx context.Context, agent, number, by string) error
}

func (c *Console) callRoutes() map[string]guarded {
	return map[string]guarded{
		"GET /console/api/cases/{id}/call":         c.api(c.callState),
		"POST /console/api/cases/{id}/call":        c.api(c.phone(c.phones.Call)),
		"POST /console/api/cases/{id}/call/hold":   c.api(c.phone(c.wish(handoff.Hold))),
		"POST /console/api/cases/{id}/call/resume": c.api(c.phone(c.wish(handoff.Talk))),
		"POST /console/api/cases/{id}/call/hangup": c.api(c.phone(c.wish(handoff.HangUp))),
		"POST /console/api/agents/{name}/phone":    c.api(c.setPhone),
	}
}

// rings tells whether an agent takes a case by telephone: a call, if there is one
// to ring.
func (c *Console) rings(ctx context.Context, id, agent string) (bool, error) {
	if c.phones == nil {
		return false, nil
	}
	one, err := c.desk.Case(ctx, id)
	if err != nil || !one.Channel.IsVoice() {
		return false, err
	}
	_, callable, err := c.phones.State(ctx, one, agent)
	return callable, err
}

type phoneAct func(ctx context.Context, id, agent string, fence int64) (done bool, err error)

func (c *Console) wish(w handoff.Wish) phoneAct {
	return func(ctx context.Context, id, agent string, fence int64) (bool, error) {
		return c.phones.Wish(ctx, id, agent, fence, w)
	}
}

// phone serves what an agent does with the telephone.
func (c *Console) phone(act phoneAct) apiHandler {
	return func(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
		var body struct {
			Fence int64 `json:"fence"`
		}
		if !readJSON(w, r, &body) {
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
		defer cancel()
		done, err := act(ctx, r.PathValue("id"), agent.Name, body.Fence)
		switch {
		case err != nil:
			c.fail(w, r, err)
		case !done:
			answer(w, http.StatusConflict, map[string]string{"error": "the case is not yours under this fence, or there is no call; nothing was changed"})
		default:
			answer(w, http.StatusOK, struct{}{})
		}
	}
}

func (c *Console) callState(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseOf(ctx, w, r)
	if !ok {
		return
	}
	state, callable, err := c.phones.State(ctx, one, agent.Name)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"state": state, "callable": callable && one.State.Owned() && one.Owner == agent.Name, "calls": one.Calls, "most": handoff.MaxCalls,
	})
}

func (c *Console) setPhone(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		Number *string `json:"number"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	if body.Number == nil {
		c.fail(w, r, fmt.Errorf("number must be a telephone number, or empty for none: %w", supportbot.ErrInvalid))
		return
	}
	err := c.phones.SetPhone(ctx, r.PathValue("name"), *body.Number, agent.Name)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		answerError(w, http.StatusNotFound, "there is no such agent")
	case err != nil:
		c.fail(w, r, err)
	default:
		answer(w, http.StatusOK, struct{}{})
	}
}
