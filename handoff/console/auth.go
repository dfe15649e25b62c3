package console

import (
	"context"
	"net/http"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

// What a session holds.
const (
	sessionAgent = "agent"
	sessionStamp = "stamp" // of the agent when it began

	sessionFactors = "factors" // the company's log-in has asked for more than a password

	sessionHalf      = "half"       // the agent who has shown the password, but not yet the second factor
	sessionHalfStamp = "half-stamp" //
	sessionHalfUntil = "half-until" // seconds since 1970
	sessionTOTP      = "totp"       // URI of a second factor that is being set up
)

// agent tells who makes a request, by bearer token or session cookie. Who
// cannot be told is supportbot.ErrNotFound.
func (c *Console) agent(r *http.Request) (handoff.Agent, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return handoff.Agent{}, supportbot.ErrNotFound
		}
		return c.accounts.AgentByToken(r.Context(), handoff.SumToken(token))
	}
	cookie, err := r.Cookie(c.sessions.Cookie.Name)
	if err != nil {
		return handoff.Agent{}, supportbot.ErrNotFound
	}
	ctx, err := c.sessions.Load(r.Context(), cookie.Value)
	if err != nil {
		return handoff.Agent{}, err
	}
	return c.inSession(ctx, sessionAgent, sessionStamp)
}

// inSession returns the agent whom a session names, unless something has
// happened since that ends the agent's sessions.
func (c *Console) inSession(ctx context.Context, name, stamp string) (handoff.Agent, error) {
	known := c.sessions.GetString(ctx, name)
	if known == "" {
		return handoff.Agent{}, supportbot.ErrNotFound
	}
	agent, err := c.accounts.Agent(ctx, known)
	if err == nil && (agent.Disabled || agent.Stamp != c.sessions.GetString(ctx, stamp)) {
		err = supportbot.ErrNotFound
	}
	agent.Factors = c.sessions.GetBool(ctx, sessionFactors)
	return agent, err
}

// begin makes the session an agent's. Its token is a new one, so that one planted
// in the browser before is worth nothing.
func (c *Console) begin(ctx context.Context, agent handoff.Agent) error {
	if err := c.sessions.Clear(ctx); err != nil {
		return err
	}
	if err := c.sessions.RenewToken(ctx); err != nil {
		return err
	}
	c.sessions.Put(ctx, sessionAgent, agent.Name)
	c.sessions.Put(ctx, sessionStamp, agent.Stamp)
	return nil
}

// renewed begins the session again, after something that has ended all others.
func (c *Console) renewed(ctx context.Context, name string) error {
	agent, err := c.accounts.Agent(ctx, name)
	if err != nil {
		return err
	}
	factors := c.sessions.GetBool(ctx, sessionFactors)
	err = c.begin(ctx, agent)
	c.sessions.Put(ctx, sessionFactors, factors)
	return err
}
