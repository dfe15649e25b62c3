// Package console serves the desk at which agents work: the pages, the agent
// API and the hints over a websocket that something has changed.
package console

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// Desk is what the console asks of the bot. Of a case that does not exist,
// methods return supportbot.ErrNotFound.
type Desk interface {
	// Cases lists cases by state ("" for all) and owner ("" for any), in the
	// order in which they should be taken.
	Cases(ctx context.Context, state supportbot.CaseState, owner string) ([]supportbot.Case, error)

	Case(ctx context.Context, id string) (supportbot.Case, error)

	// Transcript returns the conversation of a case after a sequence number.
	Transcript(ctx context.Context, id string, after int64) ([]supportbot.Message, error)

	// Act takes an act through to its recorded result. When it returns without
	// an error, the result is durable.
	Act(ctx context.Context, act supportbot.AgentAct) (supportbot.AgentResult, error)

	// Heartbeat renews the leases of all cases that an agent owns.
	Heartbeat(ctx context.Context, agent string) error

	// WatchCases returns a channel that gets a value soon after any case or its
	// conversation has changed: a hint, perhaps one for several changes. Call
	// stop when done.
	WatchCases() (changed <-chan struct{}, stop func())

	// Notice is a warning to those at the desk, such as broken content; ""
	// when all is well.
	Notice() string
}

// Accounts knows the agents. Of one that does not exist, both methods return
// supportbot.ErrNotFound.
type Accounts interface {
	Agent(ctx context.Context, name string) (handoff.Agent, error)

	// AgentByToken finds an agent by handoff.SumToken of a bearer token.
	AgentByToken(ctx context.Context, sum [32]byte) (handoff.Agent, error)
}

// Options is what a deployment decides; all but Secure and Library are required.
type Options struct {
	Library  Library      // without one the pages of the content are not there
	Sessions scs.CtxStore // where log-ins are kept
	Secure   bool         // cookies only over HTTPS: set it whenever the public address is https
	Log      *slog.Logger
}

// Console serves the desk.
type Console struct {
	desk     Desk
	accounts Accounts
	library  Library
	sessions *scs.SessionManager
	secure   bool
	log      *slog.Logger
	attempts attempts
	leases   leases
	hashing  chan struct{} // a place for each password that is checked at a time
	ping     time.Duration // between pings to an open page
}

// A shift. Whoever logs in stays so for this long, unless the browser is closed.
const sessionLifetime = 12 * time.Hour

// New makes a console; it starts nothing.
func New(desk Desk, accounts Accounts, opt Options) *Console {
	sessions := scs.New()
	sessions.Store = opt.Sessions
	sessions.HashTokenInStore = true
	sessions.Lifetime = sessionLifetime
	sessions.Cookie.Name = "supportbot_session"
	sessions.Cookie.Persist = false
	sessions.Cookie.Secure = opt.Secure
	return &Console{
		desk:     desk,
		accounts: accounts,
		library:  opt.Library,
		sessions: sessions,
		secure:   opt.Secure,
		log:      opt.Log,
		hashing:  make(chan struct{}, 2),
		ping:     pingEvery,
	}
}

// Routes lists all that the console serves.
func (c *Console) Routes() []channels.Route {
	routes := map[string]guarded{
		"GET /console/{$}":                      c.page(c.home),
		"GET /console/login":                    public(http.HandlerFunc(c.loginPage)),
		"POST /console/login":                   public(c.sessions.LoadAndSave(http.HandlerFunc(c.login))),
		"POST /console/logout":                  public(c.sessions.LoadAndSave(http.HandlerFunc(c.logout))),
		"GET /console/static/{file}":            public(http.HandlerFunc(serveStatic)),
		"GET /console/static/vendor/{file}":     public(http.HandlerFunc(serveStatic)),
		"GET /console/ws":                       c.api(c.live),
		"GET /console/api/cases":                c.api(c.list),
		"GET /console/api/cases/{id}":           c.api(c.show),
		"POST /console/api/cases/{id}/claim":    c.api(c.act(supportbot.ActClaim)),
		"POST /console/api/cases/{id}/messages": c.api(c.act(supportbot.ActMessage)),
		"POST /console/api/cases/{id}/outcome":  c.api(c.act(supportbot.ActOutcome)),
		"POST /console/api/cases/{id}/release":  c.api(c.act(supportbot.ActRelease)),
		"POST /console/api/cases/{id}/close":    c.api(c.act(supportbot.ActClose)),
		"POST /console/api/heartbeat":           c.api(c.heartbeat),
	}
	if c.library != nil {
		maps.Copy(routes, c.libraryRoutes())
	}
	return enforce(routes)
}

// guard refuses what pages of other sites send, and sets the headers that keep
// foreign scripts and frames out. The referrer stays within the site rather than
// away, because browsers without Sec-Fetch-Site would else send "Origin: null"
// with the log-in form.
func guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answerError(w, http.StatusForbidden, "this request comes from another site")
	}))
	next = origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
