package console

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

// roster lists the agents as admins see them.
func (c *Console) roster(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	agents, err := c.accounts.Roster(ctx)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"agents": agents})
}

// hire adds an agent, and shows the password that was made, once.
func (c *Console) hire(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	body := struct {
		Name string       `json:"name"`
		Role handoff.Role `json:"role"`
	}{Role: handoff.RoleAgent}
	if !readJSON(w, r, &body) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	password := rand.Text()
	err := handoff.ValidName(body.Name)
	if err == nil && !body.Role.Valid() {
		err = invalid("role must be agent, supervisor or admin")
	}
	if err == nil {
		err = c.accounts.AddAgent(ctx, handoff.Agent{Name: body.Name, Role: body.Role, Password: handoff.HashPassword(password), AddedBy: admin.Name})
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"name": body.Name, "role": body.Role, "password": password})
}

// changeAgent gives an agent another role, shuts the agent out or lets the agent in
// again.
func (c *Console) changeAgent(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	var body struct {
		Role     handoff.Role `json:"role"`
		Disabled *bool        `json:"disabled"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	if body.Role != "" && !body.Role.Valid() || body.Role == "" && body.Disabled == nil {
		c.fail(w, r, invalid("role must be agent, supervisor or admin, or disabled true or false"))
		return
	}
	c.toAgent(w, r, func(ctx context.Context, name string) (any, error) {
		if body.Role != "" {
			if err := c.accounts.SetRole(ctx, name, body.Role, admin.Name); err != nil {
				return nil, err
			}
		}
		if body.Disabled != nil {
			return struct{}{}, c.accounts.SetDisabled(ctx, name, *body.Disabled, admin.Name)
		}
		return struct{}{}, nil
	})
}

// dismiss removes an agent.
func (c *Console) dismiss(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	c.toAgent(w, r, func(ctx context.Context, name string) (any, error) {
		return struct{}{}, c.accounts.RemoveAgent(ctx, name, admin.Name)
	})
}

// newPassword gives an agent another password, and shows it once.
func (c *Console) newPassword(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	c.toAgent(w, r, func(ctx context.Context, name string) (any, error) {
		password := rand.Text()
		return map[string]string{"password": password}, c.accounts.SetPassword(ctx, name, handoff.HashPassword(password), admin.Name)
	})
}

// setProfile says what an agent can do.
func (c *Console) setProfile(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	profile := handoff.Profile{Capacity: handoff.DefaultCapacity}
	if !readJSON(w, r, &profile) {
		return
	}
	c.toAgent(w, r, func(ctx context.Context, name string) (any, error) {
		if err := errors.Join(profile.Validate(), c.knownSkills(profile.Skills)); err != nil {
			return nil, err
		}
		return profile, c.accounts.SetProfile(ctx, name, profile, admin.Name)
	})
}

// knownSkills is ErrInvalid if no case can be about a skill.
func (c *Console) knownSkills(skills []string) error {
	var flows []string
	for _, reason := range c.knowledge.Reasons() {
		flows = append(flows, reason.Flow)
	}
	for _, skill := range skills {
		if !slices.Contains(flows, skill) {
			return invalid(fmt.Sprintf("skills: the content has no flow %q; the flows are %s", skill, strings.Join(flows, ", ")))
		}
	}
	return nil
}

// toAgent answers what came of something that was done to the agent of the path.
func (c *Console) toAgent(w http.ResponseWriter, r *http.Request, do func(ctx context.Context, name string) (any, error)) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	name := r.PathValue("name")
	done, err := do(ctx, name)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		answerError(w, http.StatusNotFound, fmt.Sprintf("there is no agent %q", name))
	case err != nil:
		c.fail(w, r, err)
	default:
		answer(w, http.StatusOK, done)
	}
}
