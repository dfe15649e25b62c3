package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
	"supportbot/handoff/console"
)

// What a route answers to a stranger and to each role. Where it is about a case
// (or a version), the statuses are for one's own, for a colleague's, for one in
// the queue, and for one that is not there.
type expected struct{ stranger, agent, supervisor, admin string }

func all(stranger, each string) expected { return expected{stranger, each, each, each} }

// The table says what ought to be, in words of its own: it is not made from the
// table of the product.
var routes = map[string]expected{
	"GET /console/login":                all("200", "200 303"),     // by token 200, who has a session is sent on
	"POST /console/login":               all("401 429", "401 429"), // without a password
	"POST /console/login/code":          all("303", "303"),         // back to the password
	"GET /console/login/oidc":           all("503", "503"),         // the company's log-in is down here
	"GET /console/login/oidc/back":      all("401 429", "401 429"), // without having asked
	"POST /console/logout":              all("303", "303"),
	"GET /console/static/{file}":        all("200", "200"),
	"GET /console/static/vendor/{file}": all("200", "200"),

	// By token nobody has an account: it is the person's.
	"GET /console/account":           all("303", "303 200"),
	"GET /console/account/totp.png":  all("303", "303 200 404"),
	"POST /console/account/password": all("303", "303 403 429"), // without the password
	"POST /console/account/totp":     all("303", "303 403 429"),

	"GET /console/{$}":            all("303", "200"),
	"GET /console/board":          {"303", "403", "200", "200"},
	"GET /console/ws":             all("401", "400"), // 400: let in, but it is no websocket that asks
	"GET /console/api/cases":      all("401", "200"),
	"GET /console/api/knowledge":  all("401", "200"),
	"POST /console/api/heartbeat": all("401", "200"),

	"GET /console/api/cases/{id}":           {"401 401 401 401", "200 404 200 404", "200 200 200 404", "200 200 200 404"},
	"POST /console/api/cases/{id}/claim":    all("401 401 401 401", "200 409 200 404"),
	"POST /console/api/cases/{id}/messages": all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/outcome":  all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/release":  all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/close":    all("401 401 401 401", "200 409 409 404"),

	"POST /console/api/cases/{id}/wrapup": all("401 401 401 401", "404 404 404 404"), // nothing has ended
	"GET /console/api/cases/{id}/draft":   {"401 401 401 401", "200 404 200 404", "200 200 200 404", "200 200 200 404"},
	"PUT /console/api/cases/{id}/draft":   {"401 401 401 401", "200 404 200 404", "200 200 200 404", "200 200 200 404"},

	"POST /console/api/cases/{id}/accept":   all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/decline":  all("401 401 401 401", "409 409 409 404"),
	"POST /console/api/cases/{id}/transfer": all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/consult":  all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/resume":   all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/notes":    all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/callback": all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/cancel":   {"401 401 401 401", "403 403 403 403", "403 403 403 403", "200 200 200 404"},

	"POST /console/api/presence":               all("401", "200"),
	"GET /console/api/agents":                  all("401", "200"),
	"GET /console/api/cases/{id}/call":         {"401 401 401 401", "200 404 200 404", "200 200 200 404", "200 200 200 404"},
	"POST /console/api/cases/{id}/call":        all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/call/hold":   all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/call/resume": all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/cases/{id}/call/hangup": all("401 401 401 401", "200 409 409 404"),
	"POST /console/api/agents/{name}/phone":    {"401", "403", "403", "400"}, // 400: let in, but there is no number
	"POST /console/api/cases/{id}/takeover":    {"401 401 401 401", "403 403 403 403", "409 200 200 404", "409 200 200 404"},
	"POST /console/api/cases/{id}/reassign":    {"401 401 401 401", "403 403 403 403", "200 409 200 404", "200 409 200 404"},
	"POST /console/api/cases/{id}/priority":    {"401 401 401 401", "403 403 403 403", "200 200 200 404", "200 200 200 404"},
	"GET /console/api/board":                   {"401", "403", "200", "200"},

	"GET /console/agents":                      {"303", "403", "403", "200"},
	"GET /console/hours":                       {"303", "403", "403", "200"},
	"GET /console/api/hours":                   {"401", "403", "403", "200"},
	"PUT /console/api/hours":                   {"401", "403", "403", "200"},
	"GET /console/api/roster":                  {"401", "403", "403", "200"},
	"POST /console/api/agents":                 {"401", "403", "403", "200"},
	"PUT /console/api/agents/{name}":           {"401", "403", "403", "200"},
	"PATCH /console/api/agents/{name}":         {"401", "403", "403", "200"},
	"DELETE /console/api/agents/{name}":        {"401", "403", "403", "200"},
	"POST /console/api/agents/{name}/password": {"401", "403", "403", "200"},
	"GET /console/api/teams":                   all("401", "200"),
	"POST /console/api/teams":                  {"401", "403", "403", "200"},
	"PUT /console/api/teams/{name}":            {"401", "403", "403", "404"}, // let in, but there is no such team
	"DELETE /console/api/teams/{name}":         {"401", "403", "403", "404"},

	"POST /console/api/cases/{id}/checks":  {"401 401 401 401", "422 404 409 404", "422 409 409 404", "422 409 409 404"},
	"POST /console/api/cases/{id}/code":    {"401 401 401 401", "422 404 409 404", "422 409 409 404", "422 409 409 404"},
	"POST /console/api/cases/{id}/hooks":   {"401 401 401 401", "422 404 409 404", "422 409 409 404", "422 409 409 404"},
	"POST /console/api/cases/{id}/approve": {"401 401 401 401", "422 404 409 404", "422 422 409 404", "422 422 409 404"},
	// 404 of one's own: it has no such picture.
	"GET /console/api/cases/{id}/pictures/{picture}": all("401 401 401 401", "404 404 404 404"),

	"POST /console/api/cases/{id}/reveal": {"401 401 401 401", "200 404 409 404", "200 409 409 404", "200 409 409 404"},

	"GET /console/api/cases/{id}/summary":      {"401 401 401 401", "200 404 200 404", "200 200 200 404", "200 200 200 404"},
	"POST /console/api/cases/{id}/draft-reply": {"401 401 401 401", "200 404 409 404", "200 409 409 404", "200 409 409 404"},

	"GET /console/content":                            all("303", "200"),
	"GET /console/content/{version}/preview":          all("303 303", "200 404"),
	"GET /console/content/{version}/flows":            all("303 303", "200 404"),
	"GET /console/content/{version}/flows/{flow}":     all("303 303", "200 404"),
	"GET /console/content/{version}/retire":           {"303 303", "403 403", "200 404", "200 404"},
	"POST /console/content/{version}/retire":          {"303 303", "403 403", "303 404", "303 404"},
	"POST /console/content/{version}/publish":         {"303 303", "403 403", "303 404", "303 404"},
	"GET /console/api/content":                        all("401", "200"),
	"POST /console/api/content/{version}/preview":     all("401 401", "200 404"),
	"GET /console/api/content/{version}/flows/{flow}": all("401 401", "200 404"),
	"GET /console/api/content/{version}/retirement":   {"401 401", "403 403", "200 404", "200 404"},
	"POST /console/api/content/{version}/retire":      {"401 401", "403 403", "200 404", "200 404"},
	"POST /console/api/content/{version}/publish":     {"401 401", "403 403", "200 404", "200 404"},

	"GET /console/reports":     {"303", "403", "200", "200"},
	"GET /console/reports.csv": {"303", "403", "200", "200"},

	// 404 and 400: let in, but no message is named.
	"GET /console/missed":              {"303", "403", "200", "200"},
	"GET /console/missed/{message}":    {"303", "403", "404", "404"},
	"POST /console/missed/export":      {"303", "403", "404", "404"},
	"POST /console/missed/dismiss":     {"303", "403", "404", "404"},
	"GET /console/api/missed":          {"401", "403", "200", "200"},
	"POST /console/api/missed/export":  {"401", "403", "400", "400"},
	"POST /console/api/missed/dismiss": {"401", "403", "400", "400"},
}

// office is a console with one agent a role, each with a token and a session,
// and a handler that serves it.
type office struct {
	*desk
	shelf    *shelf
	sessions *memstore.MemStore
	handler  http.Handler
	served   []string
	before   []supportbot.Case
	everyone []handoff.Agent
}

// secret stands in every case, so that it can be told whether one was shown.
const secret = "尾号6789"

func newOffice(t *testing.T) *office {
	d, s := newLibrary(t)
	o := &office{desk: d, shelf: s, sessions: memstore.NewWithCleanupInterval(0)}
	for name, role := range map[string]handoff.Role{"agent": handoff.RoleAgent, "supervisor": handoff.RoleSupervisor, "admin": handoff.RoleAdmin, "revoked": handoff.RoleAdmin, "colleague": handoff.RoleAgent} {
		token, sum := handoff.NewToken()
		d.agents = append(d.agents, handoff.Agent{Name: name, Role: role, Password: passwordHash()})
		d.token[name], d.tokens[sum] = token, name
		o.add("own-"+name, supportbot.CaseActive, name)
	}
	delete(d.tokens, handoff.SumToken(d.token["revoked"]))
	o.add("queue", supportbot.CaseWaiting, "")
	o.before, o.everyone = d.cases, slices.Clone(d.agents)
	c := console.New(d.memory, d.memory, console.Options{Papers: d.memory, Knowledge: handbook{}, Mask: masked, Library: s, Pictures: d.memory, Lessons: newLessons("手续的费退掉"), Phones: phones{d.memory}, Assistant: echo{}, Provider: away{}, Reports: &books{}, Key: []byte("key"), Client: client, Sessions: sessions{o.sessions}, Log: discard})
	mux := http.NewServeMux()
	for _, route := range c.Routes() {
		mux.Handle(route.Pattern, route.Handler)
		o.served = append(o.served, route.Pattern)
	}
	o.handler = mux
	return o
}

// away is a provider that is never there.
type away struct{}

func (away) Where(context.Context, handoff.Asking) (string, error) { return "", handoff.ErrProvider }

func (away) Who(context.Context, handoff.Asking, string) (who handoff.Identity, err error) {
	return who, handoff.ErrProvider
}

// echo is an assistant that says what the merchant said.
type echo struct{}

func (echo) Summary(_ context.Context, one supportbot.Case, transcript []supportbot.Message) (string, error) {
	return one.Packet.Goal + transcript[0].Text, nil
}

func (e echo) Draft(ctx context.Context, one supportbot.Case, transcript []supportbot.Message) (string, error) {
	return e.Summary(ctx, one, transcript)
}

func (o *office) add(id string, state supportbot.CaseState, owner string) {
	c := o.cases[0]
	c.ID, c.State, c.Owner, c.Fence = id, state, owner, 2
	c.Packet.Goal = secret
	o.cases = append(o.cases, c)
	o.say(id, supportbot.FromUser, "", secret)
}

// session logs an agent in and returns the cookie.
func (o *office) session(t *testing.T, name string) string {
	t.Helper()
	w := o.ask("POST", "/console/login", "name="+name+"&password="+strings.ReplaceAll(password, " ", "+"), "Content-Type", "application/x-www-form-urlencoded")
	if w.Code != 303 {
		t.Fatalf("%s cannot log in: %d", name, w.Code)
	}
	cookie, _, _ := strings.Cut(sessionCookie(w.Result()).String(), ";")
	return cookie
}

func (o *office) ask(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	return w
}

func TestEveryRouteIsExpected(t *testing.T) {
	o := newOffice(t)
	var expected []string
	for pattern := range routes {
		expected = append(expected, pattern)
	}
	slices.Sort(o.served)
	slices.Sort(expected)
	if diff := cmp.Diff(expected, o.served); diff != "" {
		t.Errorf("routes (-expected +served):\n%s", diff)
	}
}

// Every route, asked by everybody, about everything.
func TestEveryRouteAndRole(t *testing.T) {
	o := newOffice(t)
	expired := o.session(t, "admin")
	for token, data := range must2(o.sessions.All()) {
		must(o.sessions.Commit(token, data, time.Now().Add(-time.Second)))
	}
	type caller struct{ who, role, header, value string }
	callers := []caller{
		{"nobody", "", "X-Nobody", "1"},
		{"an expired session", "", "Cookie", expired},
		{"a made-up session", "", "Cookie", "supportbot_session=made-up"},
		{"a revoked token", "", "Authorization", "Bearer " + o.token["revoked"]},
		{"a made-up token", "", "Authorization", "Bearer sb_made-up"},
		{"a password", "", "Authorization", "Basic " + o.token["admin"]},
	}
	for _, role := range []string{"agent", "supervisor", "admin"} {
		callers = append(callers,
			caller{role + " by token", role, "Authorization", "Bearer " + o.token[role]},
			caller{role + " by session", role, "Cookie", o.session(t, role)})
	}
	for pattern, want := range routes {
		for _, c := range callers {
			o.try(t, pattern, want, c.who, c.role, c.header, c.value)
			if pattern == "POST /console/logout" && c.header == "Cookie" {
				if w := o.ask("GET", "/console/api/cases?state=all", "", c.header, c.value); w.Code != 401 {
					t.Errorf("%s after the log-out: %d", c.who, w.Code)
				}
			}
		}
		if pattern == "POST /console/logout" { // it has done its work
			for i, c := range callers {
				if c.role != "" && c.header == "Cookie" {
					callers[i].value = o.session(t, c.role)
				}
			}
		}
	}
}

// try asks one route as one caller about every target, and compares.
func (o *office) try(t *testing.T, pattern string, want expected, who, role, header, value string) {
	statuses := map[string]string{"": want.stranger, "agent": want.agent, "supervisor": want.supervisor, "admin": want.admin}[role]
	method, path, _ := strings.Cut(pattern, " ")
	targets := []string{""}
	switch {
	case strings.Contains(path, "{id}"):
		targets = []string{"own-" + role, "own-colleague", "queue", "99-1"}
	case strings.Contains(path, "{version}"):
		targets = []string{"back", "never"}
	}
	allowed := strings.Fields(statuses)
	var unseen []string // what was answered of cases that may not be seen
	for i, target := range targets {
		o.cases, o.shelf.versions = slices.Clone(o.before), newShelf().versions
		o.agents, o.teams = slices.Clone(o.everyone), nil
		if role == "" && strings.HasPrefix(target, "own-") {
			target = "own-colleague"
		}
		at := strings.NewReplacer("{id}", target, "{version}", target, "{flow}", "forgot-password", "{name}", "colleague", "vendor/{file}", "vendor/dagre.esm.js", "{file}", "page.js", "{$}", "").Replace(path)
		if at == "/console/api/cases" {
			at += "?state=all"
		}
		if at == "/console/api/knowledge" {
			at += "?language=zh"
		}
		body := ""
		if method != "GET" {
			body = `{"fence":2,"agent":"colleague","priority":"high","state":"away","capacity":3,"text":"您好","outcome":"failed","code":"solved","channel":"web","language":"zh","slot":"terminal","item":"owner","reason":"needed to call back","name":"夜班","role":"agent","disabled":true}`
		}
		w := o.ask(method, at, body, header, value)
		fits := allowed
		if len(targets) > 1 {
			fits = allowed[i : i+1]
		}
		if !slices.Contains(fits, fmt.Sprint(w.Code)) {
			t.Errorf("%s by %s, of %q: %d %.200s, want %s", pattern, who, target, w.Code, w.Body, fits)
		}
		if w.Code >= 300 && strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s by %s, of %q: %d shows the case: %s", pattern, who, target, w.Code, w.Body)
		}
		if w.Code == 404 {
			unseen = append(unseen, w.Body.String())
		}
		if changed := cmp.Diff(o.before, o.cases); changed != "" && w.Code >= 400 {
			t.Errorf("%s by %s, of %q: %d, and changed\n%s", pattern, who, target, w.Code, changed)
		}
	}
	if len(slices.Compact(unseen)) > 1 {
		t.Errorf("%s by %s: what may not be seen and what is not there can be told apart: %q", pattern, who, unseen)
	}
}

// Of the list of all cases, agents get the queue and their own.
func TestAgentsListOnlyWhatTheyMaySee(t *testing.T) {
	o := newOffice(t)
	for role, want := range map[string]int{"agent": 3, "supervisor": len(o.cases), "admin": len(o.cases)} {
		status, answer := o.call(t, role, "GET", "/api/cases?state=all", "")
		var ids []string
		for _, c := range answer["cases"].([]any) {
			ids = append(ids, c.(map[string]any)["id"].(string))
		}
		if status != 200 || len(ids) != want || !slices.Contains(ids, "own-"+role) || !slices.Contains(ids, "queue") {
			t.Errorf("%s is shown %v", role, ids)
		}
	}
}

func must2[T any](value T, err error) T {
	must(err)
	return value
}
