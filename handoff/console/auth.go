package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// What a session holds.
const (
	sessionAgent = "agent"
	sessionStamp = "stamp" // of the password under which it began
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
	name := c.sessions.GetString(ctx, sessionAgent)
	if name == "" {
		return handoff.Agent{}, supportbot.ErrNotFound
	}
	agent, err := c.accounts.Agent(ctx, name)
	if err != nil {
		return handoff.Agent{}, err
	}
	if stamp(agent) != c.sessions.GetString(ctx, sessionStamp) {
		return handoff.Agent{}, supportbot.ErrNotFound
	}
	return agent, nil
}

// stamp changes with the password, which so ends all sessions begun under the
// old one.
func stamp(a handoff.Agent) string {
	sum := sha256.Sum256([]byte(a.Password))
	return hex.EncodeToString(sum[:])
}

// loginPage shows the form.
func (c *Console) loginPage(w http.ResponseWriter, r *http.Request) {
	if _, err := c.agent(r); err == nil {
		http.Redirect(w, r, "/console/", http.StatusSeeOther)
		return
	}
	c.render(w, r, http.StatusOK, "login.html", page{})
}

// login checks the form. Unknown names cost the same time as known ones.
func (c *Console) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	name, password := r.PostFormValue("name"), r.PostFormValue("password")
	key := attemptKey(r.RemoteAddr, name)
	if !c.attempts.take(key, time.Now()) {
		w.Header().Set("Retry-After", "900")
		c.render(w, r, http.StatusTooManyRequests, "login.html", page{Name: name, Problem: "login.slow"})
		return
	}
	agent, err := c.accounts.Agent(r.Context(), name)
	if err != nil && !errors.Is(err, supportbot.ErrNotFound) {
		c.broken(w, r, err)
		return
	}
	if !c.checkPassword(r.Context(), agent.Password, password) {
		c.log.InfoContext(r.Context(), "console: log-in refused", slog.String("address", r.RemoteAddr))
		c.render(w, r, http.StatusUnauthorized, "login.html", page{Name: name, Problem: "login.wrong"})
		return
	}
	c.attempts.forget(key)
	// A new token, so that one planted in the browser before is worth nothing.
	if err := c.sessions.RenewToken(r.Context()); err != nil {
		c.broken(w, r, err)
		return
	}
	c.sessions.Put(r.Context(), sessionAgent, agent.Name)
	c.sessions.Put(r.Context(), sessionStamp, stamp(agent))
	c.log.InfoContext(r.Context(), "console: logged in", slog.String("agent", agent.Name))
	http.Redirect(w, r, "/console/", http.StatusSeeOther)
}

// checkPassword lets only a few checks run at a time: each takes 19 MiB.
func (c *Console) checkPassword(ctx context.Context, hash, password string) bool {
	select {
	case c.hashing <- struct{}{}:
		defer func() { <-c.hashing }()
		return handoff.CheckPassword(hash, password)
	case <-ctx.Done():
		return false
	}
}

// logout ends the session.
func (c *Console) logout(w http.ResponseWriter, r *http.Request) {
	if err := c.sessions.Destroy(r.Context()); err != nil {
		c.broken(w, r, err)
		return
	}
	http.Redirect(w, r, "/console/login", http.StatusSeeOther)
}
