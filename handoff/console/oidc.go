package console

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// Provider is the company's log-in. An error that is handoff.ErrProvider passes by
// itself; of any other the log-in has failed.
type Provider interface {
	// Where returns the URL at which a browser is asked who its person is.
	Where(ctx context.Context, a handoff.Asking) (string, error)

	// Who returns whom the provider means by a code that came back.
	Who(ctx context.Context, a handoff.Asking, code string) (handoff.Identity, error)
}

// askingLifetime is how long somebody may take at the provider.
const askingLifetime = 10 * time.Minute

// asking is what a browser keeps meanwhile, sealed, so that only the browser that
// asked can come back.
type asking struct {
	handoff.Asking
	Next  string
	Until int64 // seconds since 1970
}

// oidcStart sends a browser to the company's log-in.
func (c *Console) oidcStart(w http.ResponseWriter, r *http.Request) {
	a := asking{
		Asking: handoff.Asking{State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text()},
		Next:   ours(r.URL.Query().Get("next")), Until: time.Now().Add(askingLifetime).Unix(),
	}
	where, err := c.provider.Where(r.Context(), a.Asking)
	if err != nil {
		c.oidcDown(w, r, err)
		return
	}
	sealed, err := c.sealAsking(a)
	if err != nil {
		c.broken(w, r, err)
		return
	}
	c.setAsking(w, sealed, int(askingLifetime.Seconds()))
	http.Redirect(w, r, where, http.StatusSeeOther)
}

// oidcBack takes a browser that comes back from the company's log-in.
func (c *Console) oidcBack(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a, ok := c.asked(r)
	c.setAsking(w, "", -1) // whatever comes of it, it is not to be shown again
	if !ok || subtle.ConstantTimeCompare([]byte(a.State), []byte(q.Get("state"))) != 1 {
		c.oidcRefused(w, r, "", "oidc.again", "no such log-in was begun in this browser")
		return
	}
	// Counted only now: a page of another site can send browsers here without end.
	from := attempt{from: c.client(r)}
	if from.from != "" && !c.strangers.take(from, time.Now()) {
		c.tooMany(w, r, "login.html", page{})
		return
	}
	if problem := q.Get("error"); problem != "" {
		c.oidcUnwilling(w, r, problem)
		return
	}
	who, err := c.provider.Who(r.Context(), a.Asking, q.Get("code"))
	switch {
	case errors.Is(err, handoff.ErrProvider):
		c.strangers.giveBack(from, 1)
		c.oidcDown(w, r, err)
		return
	case err != nil:
		c.oidcRefused(w, r, "", "oidc.again", err.Error())
		return
	}
	agent, err := c.accounts.AgentByIdentity(r.Context(), who)
	switch {
	case errors.Is(err, supportbot.ErrNotFound) && who.Email == "":
		c.oidcRefused(w, r, "", "oidc.unverified", "nobody here is bound to it, and it has no verified e-mail address")
	case errors.Is(err, supportbot.ErrNotFound):
		c.oidcRefused(w, r, "", "oidc.nobody", "nobody here is bound to it")
	case err != nil:
		c.broken(w, r, err)
	case agent.Disabled:
		c.oidcRefused(w, r, agent.Name, "oidc.nobody", "the agent is disabled")
	case c.requireTOTP && agent.TOTP == "" && !who.Factors:
		c.oidcRefused(w, r, agent.Name, "oidc.factor", "no second factor was asked for")
	case agent.TOTP != "" && !who.Factors:
		c.strangers.giveBack(from, 1)
		c.askCode(w, r, agent)
	default:
		c.strangers.giveBack(from, 1)
		c.oidcWelcome(w, r, agent, who.Factors, a.Next)
	}
}

// oidcWelcome logs in whom the provider knows. The browser does not become one that
// is known for passwords.
func (c *Console) oidcWelcome(w http.ResponseWriter, r *http.Request, agent handoff.Agent, factors bool, next string) {
	ctx := r.Context()
	if err := c.enter(ctx, agent, "oidc"); err != nil {
		c.broken(w, r, err)
		return
	}
	c.sessions.Put(ctx, sessionFactors, factors)
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// oidcUnwilling answers what the provider says in place of a code.
func (c *Console) oidcUnwilling(w http.ResponseWriter, r *http.Request, problem string) {
	switch problem { // OpenID Connect Core 1.0, section 3.1.2.6, and RFC 6749, section 4.1.2.1
	case "access_denied":
		c.oidcRefused(w, r, "", "oidc.cancelled", "cancelled, or not allowed there")
	case "temporarily_unavailable", "server_error":
		c.oidcDown(w, r, handoff.ErrProvider)
	default:
		c.oidcRefused(w, r, "", "oidc.again", "the provider refuses")
	}
}

// oidcDown says that the company's log-in does not work now.
func (c *Console) oidcDown(w http.ResponseWriter, r *http.Request, err error) {
	c.log.ErrorContext(r.Context(), "console: the company's log-in does not work", slog.Any("error", err))
	w.Header().Set("Retry-After", "10")
	c.render(w, r, http.StatusServiceUnavailable, "login.html", page{Problem: "oidc.down", Next: r.URL.Query().Get("next")})
}

func (c *Console) oidcRefused(w http.ResponseWriter, r *http.Request, name, problem, why string) {
	c.log.WarnContext(r.Context(), "console: refused by the company's log-in", slog.String("why", why))
	c.refused(r, name, "oidc")
	c.render(w, r, http.StatusUnauthorized, "login.html", page{Problem: problem})
}

// ours is a page of the console to which a log-in leads, the desk for whatever is
// none: a link could else send people to another site as if we had.
func ours(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.ContainsAny(next, "\\\r\n") ||
		path.Clean(u.Path)+"/" == "/console/" || !strings.HasPrefix(path.Clean(u.Path), "/console/") ||
		strings.HasPrefix(path.Clean(u.Path), "/console/log") {
		return "/console/"
	}
	return (&url.URL{Path: path.Clean(u.Path), RawQuery: u.RawQuery}).String()
}

// setAsking gives a browser what it must bring back; it is sent when the provider's
// page leads here, so it cannot be of this site alone (SameSite).
func (c *Console) setAsking(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: c.cookie("supportbot_asking"), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure,
	})
}

// asked opens what a browser brings back.
func (c *Console) asked(r *http.Request) (a asking, ok bool) {
	cookie, err := r.Cookie(c.cookie("supportbot_asking"))
	if err != nil {
		return a, false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return a, false
	}
	aead, err := c.askingSeal()
	if err != nil {
		return a, false
	}
	open, err := aead.Open(nil, nil, sealed, nil)
	if err != nil || json.Unmarshal(open, &a) != nil {
		return a, false
	}
	return a, time.Now().Unix() <= a.Until
}

func (c *Console) sealAsking(a asking) (string, error) {
	open, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	aead, err := c.askingSeal()
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, open, nil)), nil
}

// askingSeal is AES-GCM under a key of its own, with random nonces.
func (c *Console) askingSeal() (cipher.AEAD, error) {
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte("seal of log-ins that were begun"))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
