package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"supportbot"
	"supportbot/handoff"
)

// presence notes whether the agent wants to be offered cases.
func (c *Console) presence(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		State handoff.Presence `json:"state"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	if body.State != handoff.Available && body.State != handoff.Away {
		answerError(w, http.StatusBadRequest, fmt.Sprintf("state must be available or away, not %q", body.State))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	err := c.desk.SetPresence(ctx, agent.Name, body.State)
	if err == nil {
		err = c.desk.Heartbeat(ctx, agent.Name)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct{}{})
}

// colleagues lists all agents: to whom a case may be passed on, and who is there.
func (c *Console) colleagues(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	staff, err := c.desk.Staff(ctx)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"agents": staff})
}

// known refuses an act that names an agent or a team that is not there; ErrInvalid.
func (c *Console) known(ctx context.Context, act supportbot.AgentAct) error {
	if act.Asked == "" {
		return c.knownTeam(ctx, act.Team)
	}
	agent, err := c.accounts.Agent(ctx, act.Asked)
	if errors.Is(err, supportbot.ErrNotFound) || agent.Disabled {
		return invalid(fmt.Sprintf("there is no agent %q", act.Asked))
	}
	return err
}

// queue lists the cases that nobody owns, in the order in which they should be
// taken.
func (c *Console) queue(ctx context.Context) ([]supportbot.Case, error) {
	var all []supportbot.Case
	for _, state := range []supportbot.CaseState{supportbot.CaseWaiting, supportbot.CaseOffered, supportbot.CaseCallback, supportbot.CaseDeferred} {
		cases, err := c.desk.Cases(ctx, state, "")
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	slices.SortStableFunc(all, handoff.First)
	return all, nil
}
