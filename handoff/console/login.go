package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// loginPage shows the form.
func (c *Console) loginPage(w http.ResponseWriter, r *http.Request) {
	if _, err := c.caller(r, rule{}); err == nil {
		http.Redirect(w, r, ours(r.URL.Query().Get("next")), http.StatusSeeOther)
		return
	}
	c.render(w, r, http.StatusOK, "login.html", page{Next: r.URL.Query().Get("next")})
}

// login checks name and password. Unknown names cost the same time as known ones,
// and get the same answers.
func (c *Console) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	name, password := r.PostFormValue("name"), r.PostFormValue("password")
	if !c.mayTry(r, name) {
		c.tooMany(w, r, "login.html", page{Name: name})
		return
	}
	agent, err := c.accounts.Agent(r.Context(), name)
	if err != nil && !errors.Is(err, supportbot.ErrNotFound) {
		c.broken(w, r, err)
		return
	}
	right, err := c.checkPassword(r.Context(), c.device(r, name) != "", agent.Password, password)
	if err != nil {
		c.giveBack(r, name, 1)
		c.busy(w, r, "login.html", page{Name: name})
		return
	}
	problem := "login.wrong"
	if c.oidcOnly { // the same words to all: whose password would do is nobody's business
		right = right && agent.Role == handoff.RoleAdmin && agent.Name == c.breakGlass
		problem = "login.only"
	}
	if !right || agent.Disabled {
		c.refused(r, agent.Name, "password")
		c.render(w, r, http.StatusUnauthorized, "login.html", page{Name: name, Problem: problem})
		return
	}
	if agent.TOTP == "" {
		c.welcome(w, r, agent, "password", 1)
		return
	}
	c.askCode(w, r, agent)
}

// askCode asks whoever has shown who they are for the second factor.
func (c *Console) askCode(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	if err := c.sessions.RenewToken(r.Context()); err != nil {
		c.broken(w, r, err)
		return
	}
	c.sessions.Put(r.Context(), sessionHalf, agent.Name)
	c.sessions.Put(r.Context(), sessionHalfStamp, agent.Stamp)
	c.sessions.Put(r.Context(), sessionHalfUntil, time.Now().Add(halfLifetime).Unix())
	c.render(w, r, http.StatusOK, "code.html", page{})
}

// halfLifetime is how long somebody may look for the second factor.
const halfLifetime = 5 * time.Minute

// loginCode checks the second factor of whoever has shown the password.
func (c *Console) loginCode(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	agent, err := c.inSession(r.Context(), sessionHalf, sessionHalfStamp)
	if errors.Is(err, supportbot.ErrNotFound) || err == nil && time.Now().Unix() > c.sessions.GetInt64(r.Context(), sessionHalfUntil) {
		http.Redirect(w, r, "/console/login", http.StatusSeeOther)
		return
	}
	if err != nil {
		c.broken(w, r, err)
		return
	}
	if !c.mayTry(r, agent.Name) {
		c.tooMany(w, r, "code.html", page{})
		return
	}
	with, err := c.secondFactor(r.Context(), agent, r.PostFormValue("code"))
	switch {
	case err != nil:
		c.broken(w, r, err)
	case with == "":
		c.refused(r, agent.Name, "code")
		c.render(w, r, http.StatusUnauthorized, "code.html", page{Problem: "code.wrong"})
	default:
		c.welcome(w, r, agent, with, 2)
	}
}

// secondFactor tells what a code is, "code" or "recovery", and takes it; "" if it
// is wrong or was used before.
func (c *Console) secondFactor(ctx context.Context, agent handoff.Agent, code string) (with string, err error) {
	if step, ok := handoff.CheckTOTP(agent.TOTP, code, time.Now()); ok {
		if first, err := c.accounts.UseTOTP(ctx, agent.Name, step); err != nil || first {
			return "code", err
		}
		return "", nil
	}
	if there, err := c.accounts.UseRecovery(ctx, agent.Name, handoff.SumRecovery(code)); err != nil || there {
		return "recovery", err
	}
	return "", nil
}

// welcome logs an agent in, after n tries that were counted.
func (c *Console) welcome(w http.ResponseWriter, r *http.Request, agent handoff.Agent, with string, n int) {
	if err := c.enter(r.Context(), agent, with); err != nil {
		c.broken(w, r, err)
		return
	}
	c.succeeded(w, r, agent.Name, n)
	http.Redirect(w, r, "/console/", http.StatusSeeOther)
}

// enter begins the session of an agent, and has it in the audit log.
func (c *Console) enter(ctx context.Context, agent handoff.Agent, with string) error {
	c.tell(ctx, c.guesses.about(agent.Name))
	act := supportbot.Audited{Actor: agent.Name, Action: supportbot.LoggedIn, Subject: agent.Name, Details: map[string]string{"with": with}}
	if err := c.accounts.Audit(ctx, act); err != nil {
		return err
	}
	if err := c.begin(ctx, agent); err != nil {
		return err
	}
	c.log.InfoContext(ctx, "console: logged in", slog.String("agent", agent.Name))
	return nil
}

// tooMany asks somebody who guesses to wait.
func (c *Console) tooMany(w http.ResponseWriter, r *http.Request, form string, p page) {
	c.refused(r, "", "too-many")
	w.Header().Set("Retry-After", "900")
	p.Problem = "login.slow"
	c.render(w, r, http.StatusTooManyRequests, form, p)
}

// busy asks somebody to come back whose password could not be looked at, because
// those of too many others are.
func (c *Console) busy(w http.ResponseWriter, r *http.Request, form string, p page) {
	w.Header().Set("Retry-After", "5")
	p.Problem = "login.busy"
	c.render(w, r, http.StatusServiceUnavailable, form, p)
}

// logout ends the session.
func (c *Console) logout(w http.ResponseWriter, r *http.Request) {
	if name := c.sessions.GetString(r.Context(), sessionAgent); name != "" {
		if err := c.accounts.Audit(r.Context(), supportbot.Audited{Actor: name, Action: supportbot.LoggedOut, Subject: name}); err != nil {
			c.broken(w, r, err)
			return
		}
	}
	if err := c.sessions.Destroy(r.Context()); err != nil {
		c.broken(w, r, err)
		return
	}
	http.Redirect(w, r, "/console/login", http.StatusSeeOther)
}
