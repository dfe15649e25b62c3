package console

import (
	"bytes"
	"net/http"
	"time"
	"unicode/utf8"

	"supportbot/handoff"
)

// personal serves a page about an agent's own account, which may change the
// session.
func (c *Console) personal(serve apiHandler) guarded {
	return func(rule rule) http.Handler { return c.sessions.LoadAndSave(c.page(serve)(rule)) }
}

// accountBody is what the page of the own account shows.
type accountBody struct {
	SecondFactor bool     // there is one
	Required     bool     // there must be one
	URI, Key     string   // of the one that is being set up
	Recovery     []string // codes of the one that was just set up
	Told         string   // key of what has just been done, "" if nothing was
}

// account shows the page. It makes a key for a new second factor, which counts
// only once a code has shown that it arrived.
func (c *Console) account(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	c.showAccount(w, r, agent, http.StatusOK, "", accountBody{})
}

func (c *Console) showAccount(w http.ResponseWriter, r *http.Request, agent handoff.Agent, status int, problem string, body accountBody) {
	uri := c.sessions.GetString(r.Context(), sessionTOTP)
	if uri == "" {
		var err error
		if uri, err = handoff.NewTOTP(agent.Name); err != nil {
			c.broken(w, r, err)
			return
		}
		c.sessions.Put(r.Context(), sessionTOTP, uri)
	}
	body.SecondFactor, body.Required = agent.TOTP != "", c.requireTOTP && agent.TOTP == ""
	body.URI, body.Key = uri, handoff.TOTPKey(uri)
	c.render(w, r, status, "account.html", page{Agent: agent.Name, Problem: problem, Here: "/console/account", Body: body})
}

// qr draws the key that is being set up.
func (c *Console) qr(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	var picture bytes.Buffer
	if err := handoff.WriteQR(&picture, c.sessions.GetString(r.Context(), sessionTOTP)); err != nil {
		http.NotFound(w, r) // the page was not there before
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = picture.WriteTo(w)
}

// changePassword replaces the agent's own password and ends all other sessions.
func (c *Console) changePassword(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	if !c.confirmed(w, r, agent) {
		return
	}
	password := r.PostFormValue("new")
	if utf8.RuneCountInString(password) < handoff.MinPassword {
		c.showAccount(w, r, agent, http.StatusBadRequest, "account.short", accountBody{})
		return
	}
	err := c.accounts.SetPassword(r.Context(), agent.Name, handoff.HashPassword(password), agent.Name)
	if err == nil {
		err = c.renewed(r.Context(), agent.Name)
	}
	if err != nil {
		c.broken(w, r, err)
		return
	}
	c.showAccount(w, r, agent, http.StatusOK, "", accountBody{Told: "account.changed"})
}

// setTOTP puts the second factor in force that was being set up, and shows the
// recovery codes, once. One that is there is replaced only by who has it, or a
// recovery code.
func (c *Console) setTOTP(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	if !c.confirmed(w, r, agent) {
		return
	}
	key := handoff.TOTPKey(c.sessions.GetString(r.Context(), sessionTOTP))
	step, ok := handoff.CheckTOTP(key, r.PostFormValue("code"), time.Now())
	if !ok {
		c.showAccount(w, r, agent, http.StatusBadRequest, "code.wrong", accountBody{})
		return
	}
	if agent.TOTP != "" && !c.confirmedFactor(w, r, agent) {
		return
	}
	codes, sums := handoff.NewRecovery()
	err := c.accounts.SetTOTP(r.Context(), agent.Name, key, step, sums)
	if err == nil {
		err = c.renewed(r.Context(), agent.Name)
	}
	if err != nil {
		c.broken(w, r, err)
		return
	}
	agent.TOTP = key
	c.showAccount(w, r, agent, http.StatusOK, "", accountBody{Told: "account.factor", Recovery: codes})
}

// confirmed tells whether the form bears the agent's password, so that nobody
// takes an account over at a desk that was left open. If not, it has answered.
func (c *Console) confirmed(w http.ResponseWriter, r *http.Request, agent handoff.Agent) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	key := attempt{device: "account of " + agent.Name} // no device is called so
	if !c.devices.take(key, time.Now()) {
		w.Header().Set("Retry-After", "900")
		c.showAccount(w, r, agent, http.StatusTooManyRequests, "login.slow", accountBody{})
		return false
	}
	right, err := c.checkPassword(r.Context(), true, agent.Password, r.PostFormValue("password"))
	if err != nil {
		c.devices.giveBack(key, 1)
		w.Header().Set("Retry-After", "5")
		c.showAccount(w, r, agent, http.StatusServiceUnavailable, "login.busy", accountBody{})
		return false
	}
	if !right {
		c.refused(r, agent.Name, "account")
		c.showAccount(w, r, agent, http.StatusForbidden, "account.wrong", accountBody{})
		return false
	}
	c.devices.giveBack(key, 1)
	return true
}

// confirmedFactor tells whether the form bears a code of the second factor that is
// in force. If not, it has answered.
func (c *Console) confirmedFactor(w http.ResponseWriter, r *http.Request, agent handoff.Agent) bool {
	key := attempt{name: "factor of " + agent.Name} // by gives no such name
	if !c.strangers.take(key, time.Now()) {
		w.Header().Set("Retry-After", "900")
		c.showAccount(w, r, agent, http.StatusTooManyRequests, "login.slow", accountBody{})
		return false
	}
	with, err := c.secondFactor(r.Context(), agent, r.PostFormValue("old"))
	if err != nil {
		c.broken(w, r, err)
		return false
	}
	if with == "" {
		c.refused(r, agent.Name, "second-factor")
		c.showAccount(w, r, agent, http.StatusForbidden, "account.old-wrong", accountBody{})
		return false
	}
	c.strangers.giveBack(key, 1)
	return true
}
