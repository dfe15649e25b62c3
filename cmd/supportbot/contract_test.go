package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	validation "github.com/pb33f/libopenapi-validator/errors"

	"supportbot/channels"
	"supportbot/channels/twilio"
	"supportbot/handoff"
	"supportbot/internal/api"
	"supportbot/internal/store"
	"supportbot/internal/turn"
	"supportbot/kb"
	"supportbot/kb/openai"
)

// contract is a server in this process that is held to the document: every
// answer must be one that is described.
type contract struct {
	*testing.T
	*httptest.Server
	document libopenapi.Document
	check    validator.Validator
	store    *store.Store
	others   *others
	routes   []channels.Route
	seen     map[string]bool // "POST /path 200"
	operator string          // a token
	path     *turn.Path
	model    *httptest.Server
}

func newContract(t *testing.T) *contract {
	c := &contract{T: t, seen: map[string]bool{}}
	var err error
	if c.document, err = libopenapi.NewDocument(api.Document); err != nil {
		t.Fatal(err)
	}
	var problems []error
	if c.check, problems = validator.NewValidator(c.document, config.WithFormatAssertions(), config.WithStrictMode(),
		config.WithStrictIgnoredHeadersExtra("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options")); len(problems) > 0 {
		t.Fatal(problems)
	}
	if c.store, err = store.Open(t.Context(), t.TempDir(), testKey()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.store.Close() })
	log := slog.New(slog.DiscardHandler)
	content, _, err := openLibrary(t.Context(), c.store, source(strictContent(t), true, kb.NewReader), kb.NewReader, log)
	if err != nil {
		t.Fatal(err)
	}
	path := turn.New(c.store, []byte("key"), content, log)
	c.path = path
	c.others = newOthers(t)
	cmd := &serveCmd{
		PublicURL: "https://bot.example.com", RESTKey: restKey, twilioFlags: c.others.twilio(), referenceFlags: c.others.reference(),
		limitFlags: limitFlags{
			LimitREST: 600, LimitReads: 600, LimitKeys: 60, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		},
	}
	known, _, err := cmd.reference(log)
	if err != nil {
		t.Fatal(err)
	}
	hooks, err := cmd.hooks()
	if err != nil {
		t.Fatal(err)
	}
	c.routes = cmd.routes(t.Context(), path, c.store, "", new(atomic.Bool), log)
	c.model = modelSaying(t, "The merchant waits.")
	model := openai.New(openai.Options{URL: c.model.URL, Model: "m"}, log)
	c.routes = append(c.routes, cmd.desk(path, nil, nil, shelf{content}, known, hooks, twilio.NewSwitchboard(path, path, c.store, twilio.Config{}, log), c.store, model, []byte("key"), log).Routes()...)
	c.routes = append(c.routes, metricsRoute(path, c.store, func() string { return "v" }, log))
	c.Server = httptest.NewServer(handler(c.routes, log))
	t.Cleanup(c.Close)

	c.operator = c.agent("operator")
	return c
}

// agent adds an agent and returns a token.
func (c *contract) agent(name string) (token string) {
	c.Helper()
	if err := c.store.AddAgent(c.Context(), handoff.Agent{Name: name, Role: handoff.RoleAgent}); err != nil {
		c.Fatal(err)
	}
	token, sum := handoff.NewToken()
	if err := c.store.AddToken(c.Context(), name, sum, time.Time{}); err != nil {
		c.Fatal(err)
	}
	return token
}

// admin adds one and returns a token.
func (c *contract) admin(name string) (token string) {
	c.Helper()
	token = c.agent(name)
	if err := c.store.SetRole(c.Context(), name, handoff.RoleAdmin, ""); err != nil {
		c.Fatal(err)
	}
	return token
}

// call makes a request and wants an answer of a status that is described. A
// request that succeeds must be one that is described too.
func (c *contract) call(want int, method, path, body string, header ...string) (answer string) {
	c.Helper()
	request := func() *http.Request {
		r, err := http.NewRequestWithContext(c.Context(), method, c.URL+path, strings.NewReader(body))
		if err != nil {
			c.Fatal(err)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return r
	}
	response, err := c.Client().Do(request())
	if err != nil {
		c.Fatal(err)
	}
	data, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		c.Fatal(err)
	}
	where := method + " " + path + " " + body
	if response.StatusCode != want {
		c.Errorf("%s: %d %s, want %d", where, response.StatusCode, data, want)
	}
	if want < 300 {
		_, problems := c.check.ValidateHttpRequest(request())
		c.report(where, problems)
	}
	response.Body = io.NopCloser(strings.NewReader(string(data)))
	_, problems := c.check.ValidateHttpResponse(request(), response)
	c.report(where+" "+response.Status+" "+string(data), problems)
	c.seen[c.operation(method, path)+" "+response.Status[:3]] = true
	return string(data)
}

func (c *contract) report(where string, problems []*validation.ValidationError) {
	c.Helper()
	for _, p := range problems {
		c.Errorf("%.300s\n\t%s: %s", where, p.Message, p.Reason)
		for _, detail := range p.SchemaValidationErrors {
			c.Errorf("\t%s: %s", detail.FieldPath, detail.Reason)
		}
	}
}

// operation is the described operation that a call is of, as "GET /path/{id}".
func (c *contract) operation(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	for _, route := range c.routes {
		mux := http.NewServeMux()
		mux.Handle(route.Pattern, route.Handler)
		if _, pattern := mux.Handler(httptest.NewRequest(method, path, nil)); pattern != "" {
			return pattern
		}
	}
	c.Fatalf("nothing serves %s %s", method, path)
	return ""
}

// described lists the operations of the document, and each with its statuses.
func (c *contract) described() (operations, answers []string) {
	c.Helper()
	model, err := c.document.BuildV3Model()
	if err != nil {
		c.Fatal(err)
	}
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		for method, operation := range item.GetOperations().FromOldest() {
			name := strings.ToUpper(method) + " " + path
			operations = append(operations, name)
			for status := range operation.Responses.Codes.KeysFromOldest() {
				answers = append(answers, name+" "+status)
			}
		}
	}
	return operations, answers
}

func TestTheDocumentIsOpenAPI(t *testing.T) {
	c := newContract(t)
	_, problems := c.check.ValidateDocument()
	c.report("openapi.yaml", problems)
}

// The content routes of the console are its own and may change with it.
func TestEveryRouteIsDescribed(t *testing.T) {
	c := newContract(t)
	var served []string
	for _, route := range c.routes {
		_, path, _ := strings.Cut(route.Pattern, " ")
		if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/console/api/") && !strings.HasPrefix(path, "/console/api/content") {
			served = append(served, route.Pattern)
		}
	}
	described, _ := c.described()
	slices.Sort(served)
	slices.Sort(described)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("routes (-served +described):\n%s", diff)
	}
}
