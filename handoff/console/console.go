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
	"supportbot/channels/throttle"
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

	// Reach tells whether the person of a case may be written to.
	Reach(ctx context.Context, id string) (channels.Reach, error)

	// Act takes an act through to its recorded result. When it returns without
	// an error, the result is durable.
	Act(ctx context.Context, act supportbot.AgentAct) (supportbot.AgentResult, error)

	// Mine lists the live cases that an agent owns or is asked to take, in the
	// same order.
	Mine(ctx context.Context, agent string) ([]supportbot.Case, error)

	// Staff lists all agents by name, as the desk sees them.
	Staff(ctx context.Context) ([]handoff.Staff, error)

	// SetPresence notes whether an agent wants to be offered cases.
	SetPresence(ctx context.Context, agent string, p handoff.Presence) error

	// SealCode returns what is kept of a one-time code of a case.
	SealCode(caseID, code string) string

	// Hours are when agents work.
	Hours(ctx context.Context) (handoff.Hours, error)

	// SetHours says when agents work, in the name of by, from now on.
	SetHours(ctx context.Context, h handoff.Hours, by string) error

	// Heartbeat renews the leases of all cases that an agent owns, and takes up
	// again those that the agent was about to lose, but for a call that was cut
	// off: its agent must come back by telephone, or say otherwise.
	Heartbeat(ctx context.Context, agent string) error

	// WatchCases returns a channel that gets a value soon after any case or its
	// conversation has changed: a hint, perhaps one for several changes. Call
	// stop when done.
	WatchCases() (changed <-chan struct{}, stop func())

	// Notice is a warning to those at the desk, such as broken content; ""
	// when all is well.
	Notice() string
}

// Accounts knows the agents. Of one that does not exist, methods that return no
// truth return supportbot.ErrNotFound. What changes an agent gives the agent
// another stamp, and stands in the audit log.
type Accounts interface {
	Agent(ctx context.Context, name string) (handoff.Agent, error)

	// AgentByToken finds an agent by handoff.SumToken of a bearer token.
	AgentByToken(ctx context.Context, sum [32]byte) (handoff.Agent, error)

	// Roster lists all agents by name, as admins see them.
	Roster(ctx context.Context) ([]handoff.Account, error)

	// AddAgent adds an agent, in the name of a.AddedBy; ErrInvalid if the name is taken.
	AddAgent(ctx context.Context, a handoff.Agent) error

	// SetRole gives an agent another role, SetDisabled shuts an agent out or lets the
	// agent in again, and RemoveAgent removes one, in the name of by: ErrInvalid if no
	// admin would be left.
	SetRole(ctx context.Context, name string, role handoff.Role, by string) error
	SetDisabled(ctx context.Context, name string, disabled bool, by string) error
	RemoveAgent(ctx context.Context, name, by string) error

	// Teams lists the names of all teams. The others change them, also in the profiles
	// of agents, in the name of by: ErrInvalid if a name is taken, ErrNotFound if there
	// is no such team.
	Teams(ctx context.Context) ([]string, error)
	AddTeam(ctx context.Context, name, by string) error
	RenameTeam(ctx context.Context, name, to, by string) error
	RemoveTeam(ctx context.Context, name, by string) error

	// SetPassword replaces a password by one in PHC form, in the name of by.
	SetPassword(ctx context.Context, name, phc, by string) error

	// SetProfile says what an agent can do, in the name of by; ErrInvalid if there is no
	// such team.
	SetProfile(ctx context.Context, name string, p handoff.Profile, by string) error

	// SetTOTP puts a second factor in force, with the step of the code that
	// proved it and handoff.SumRecovery of the recovery codes.
	SetTOTP(ctx context.Context, name, key string, step int64, recovery [][32]byte) error

	// AgentByIdentity returns whom the company's log-in means, and knows who comes for
	// the first time by the e-mail address.
	AgentByIdentity(ctx context.Context, who handoff.Identity) (handoff.Agent, error)

	// UseTOTP tells whether a code is of a later step than all before.
	UseTOTP(ctx context.Context, name string, step int64) (first bool, err error)

	// UseRecovery takes a recovery code and tells whether it was there.
	UseRecovery(ctx context.Context, name string, sum [32]byte) (there bool, err error)

	// Audit adds an act to the audit log.
	Audit(ctx context.Context, act supportbot.Audited) error
}

// Options is what a deployment decides; Mask, Papers, Knowledge, Sessions, Key, Client and Log are required.
type Options struct {
	Mask        func(string) string        // takes the secrets out of what agents write beside a conversation
	Papers      Papers                     // drafts, and who looks at what
	Knowledge   Knowledge                  // articles of the content in force
	Library     Library                    // without one the pages of the content are not there
	Reference   Reference                  // without one nothing is compared
	Texts       Texts                      // without one no codes are sent
	Hooks       Hooks                      // without some nothing is triggered
	Assistant   Assistant                  // without one agents write everything themselves
	Pictures    Pictures                   // without it those that people send are not there
	Lessons     Lessons                    // without them those of what was not understood are not there
	Phones      Phones                     // without them agents are not called
	Zone        *time.Location             // of the days in reports, UTC if nil
	Promise     handoff.Promise            // against which reports measure
	Passages    Passages                   // of the picture of a flow; nil if nobody counts
	Reports     Reports                    // without it nothing of ended cases is there
	Sessions    scs.CtxStore               // where log-ins are kept
	Key         []byte                     // random and secret, signs cookies; the same after a restart and on every node
	Client      func(*http.Request) string // names the network that a request comes from, "" if it may be everybody's
	Secure      bool                       // cookies only over HTTPS: set it whenever the public address is https
	RequireTOTP bool                       // who logs in must have a second factor, or set one up first
	Provider    Provider                   // the company's log-in; without it there are passwords alone
	OIDCOnly    bool                       // who logs in does so by the Provider
	BreakGlass  string                     // the one admin who then still may by password, "" for none
	WrongTokens int                        // from one network in a minute, and at once; 0 is no limit
	Refused     func(limit string)         // is told of every refusal by that limit: "keys"; nil if nobody counts
	Log         *slog.Logger
}

// Console serves the desk.
type Console struct {
	desk      Desk
	accounts  Accounts
	library   Library
	reference Reference
	texts     Texts
	hooks     Hooks
	pictures  Pictures
	lessons   Lessons
	phones    Phones
	reports   Reports
	passages  Passages
	zone      *time.Location
	promise   handoff.Promise
	assistant Assistant
	knowledge Knowledge
	mask      func(string) string
	papers    Papers
	sessions  *scs.SessionManager
	key       []byte
	client    func(*http.Request) string
	secure    bool
	log       *slog.Logger
	leases    leases
	places    places
	ping      time.Duration // between pings to an open page

	requireTOTP bool
	provider    Provider
	oidcOnly    bool
	breakGlass  string
	strangers   attempts // by browsers in which the agent has not logged in before
	devices     attempts // by the others
	guesses     guesses
	tokens      *throttle.Guesses
	overLimit   func(limit string)
	reads       reads
}

// A shift. Whoever logs in stays so for this long, unless the browser is closed.
const sessionLifetime = 12 * time.Hour

// New makes a console; it starts nothing.
func New(desk Desk, accounts Accounts, opt Options) *Console {
	c := &Console{
		desk:        desk,
		accounts:    accounts,
		library:     opt.Library,
		reference:   opt.Reference,
		texts:       opt.Texts,
		hooks:       opt.Hooks,
		pictures:    opt.Pictures,
		lessons:     opt.Lessons,
		phones:      opt.Phones,
		reports:     opt.Reports,
		passages:    opt.Passages,
		zone:        opt.Zone,
		promise:     opt.Promise,
		assistant:   opt.Assistant,
		knowledge:   opt.Knowledge,
		mask:        opt.Mask,
		papers:      opt.Papers,
		key:         opt.Key,
		client:      opt.Client,
		secure:      opt.Secure,
		log:         opt.Log,
		places:      newPlaces(),
		ping:        pingEvery,
		requireTOTP: opt.RequireTOTP,
		provider:    opt.Provider,
		oidcOnly:    opt.OIDCOnly,
		breakGlass:  opt.BreakGlass,
		tokens:      throttle.NewGuesses(opt.WrongTokens),
		overLimit:   opt.Refused,
		reads:       newReads(),
	}
	if c.zone == nil {
		c.zone = time.UTC
	}
	if c.overLimit == nil {
		c.overLimit = func(string) {}
	}
	sessions := scs.New()
	sessions.Store = opt.Sessions
	sessions.HashTokenInStore = true
	sessions.Lifetime = sessionLifetime
	sessions.Cookie.Name = c.cookie("supportbot_session")
	sessions.Cookie.Persist = false
	sessions.Cookie.Secure = opt.Secure
	c.sessions = sessions
	return c
}

// cookie is how a cookie is called. Under the prefix a browser takes it over
// HTTPS only, and from this host alone, not from a neighbour under one domain.
func (c *Console) cookie(name string) string {
	if c.secure {
		return "__Host-" + name
	}
	return name
}

// Routes lists all that the console serves.
func (c *Console) Routes() []channels.Route {
	routes := map[string]guarded{
		"GET /console/{$}":                      c.page(c.home),
		"GET /console/board":                    c.page(c.boardPage),
		"GET /console/login":                    public(http.HandlerFunc(c.loginPage)),
		"POST /console/login":                   public(c.sessions.LoadAndSave(http.HandlerFunc(c.login))),
		"POST /console/login/code":              public(c.sessions.LoadAndSave(http.HandlerFunc(c.loginCode))),
		"GET /console/account":                  c.personal(c.account),
		"GET /console/account/totp.png":         c.personal(c.qr),
		"POST /console/account/password":        c.personal(c.changePassword),
		"POST /console/account/totp":            c.personal(c.setTOTP),
		"POST /console/logout":                  public(c.sessions.LoadAndSave(http.HandlerFunc(c.logout))),
		"GET /console/static/{file}":            public(http.HandlerFunc(serveStatic)),
		"GET /console/static/vendor/{file}":     public(http.HandlerFunc(serveStatic)),
		"GET /console/ws":                       c.api(c.live),
		"GET /console/api/cases":                c.api(c.list),
		"GET /console/api/cases/{id}":           c.api(c.show),
		"POST /console/api/cases/{id}/claim":    c.api(c.act(supportbot.ActClaim)),
		"POST /console/api/cases/{id}/messages": c.api(c.act(supportbot.ActMessage)),
		"GET /console/api/cases/{id}/draft":     c.api(c.draft),
		"PUT /console/api/cases/{id}/draft":     c.api(c.setDraft),
		"POST /console/api/cases/{id}/outcome":  c.api(c.act(supportbot.ActOutcome)),
		"POST /console/api/cases/{id}/release":  c.api(c.act(supportbot.ActRelease)),
		"POST /console/api/cases/{id}/close":    c.api(c.act(supportbot.ActClose)),
		"POST /console/api/cases/{id}/accept":   c.api(c.act(supportbot.ActAccept)),
		"POST /console/api/cases/{id}/decline":  c.api(c.act(supportbot.ActDecline)),
		"POST /console/api/cases/{id}/transfer": c.api(c.act(supportbot.ActTransfer)),
		"POST /console/api/cases/{id}/consult":  c.api(c.act(supportbot.ActConsult)),
		"POST /console/api/cases/{id}/resume":   c.api(c.act(supportbot.ActResume)),
		"POST /console/api/cases/{id}/notes":    c.api(c.act(supportbot.ActNote)),
		"POST /console/api/cases/{id}/callback": c.api(c.act(supportbot.ActCallback)),
		"POST /console/api/cases/{id}/cancel":   c.api(c.act(supportbot.ActCancel)),
		"POST /console/api/presence":            c.api(c.presence),
		"GET /console/api/agents":               c.api(c.colleagues),
		"POST /console/api/cases/{id}/takeover": c.api(c.act(supportbot.ActTakeOver)),
		"POST /console/api/cases/{id}/reassign": c.api(c.act(supportbot.ActReassign)),
		"POST /console/api/cases/{id}/priority": c.api(c.act(supportbot.ActPriority)),
		"GET /console/api/board":                c.api(c.boardNow),
		"POST /console/api/cases/{id}/reveal":   c.api(c.reveal),
		"GET /console/api/knowledge":            c.api(c.know),
		"POST /console/api/cases/{id}/checks":   c.api(c.check),
		"POST /console/api/cases/{id}/code":     c.api(c.code),
		"POST /console/api/cases/{id}/hooks":    c.api(c.hook),
		"POST /console/api/cases/{id}/approve":  c.api(c.act(supportbot.ActApprove)),
		"POST /console/api/heartbeat":           c.api(c.heartbeat),
	}
	maps.Copy(routes, c.adminRoutes())
	if c.provider != nil {
		routes["GET /console/login/oidc"] = public(http.HandlerFunc(c.oidcStart))
		routes["GET /console/login/oidc/back"] = public(c.sessions.LoadAndSave(http.HandlerFunc(c.oidcBack)))
	}
	if c.library != nil {
		maps.Copy(routes, c.libraryRoutes())
	}
	if c.assistant != nil {
		maps.Copy(routes, c.assistRoutes())
	}
	if c.pictures != nil {
		routes["GET /console/api/cases/{id}/pictures/{picture}"] = c.api(c.showPicture)
	}
	if c.lessons != nil {
		maps.Copy(routes, c.missedRoutes())
	}
	if c.phones != nil {
		maps.Copy(routes, c.callRoutes())
	}
	if c.reports != nil {
		maps.Copy(routes, c.reportRoutes())
	}
	return enforce(routes)
}

// guard refuses what pages of other sites send, and sets the headers that keep
// foreign scripts and frames out. No page has a script in itself, so that there
// is none to give a nonce; and no script can make text into HTML or code. The referrer stays within the site rather than
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
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "+
			"require-trusted-types-for 'script'; trusted-types 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
