package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
	"supportbot/handoff"
	"supportbot/handoff/console"
	"supportbot/internal/signin"
)

// company is a desk beside a provider that others wrote.
type company struct {
	*desk
	issuer string
}

func newCompany(t *testing.T, change func(*console.Options)) *company {
	t.Helper()
	c := &company{desk: newDesk(t), issuer: channeltest.Node(t, "testdata/oidc")}
	var served http.Handler
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { served.ServeHTTP(w, r) }))
	t.Cleanup(c.Close)
	config := signin.Config{Issuer: c.issuer, Client: "supportbot", Secret: "a secret of the desk", Redirect: c.URL + "/console/login/oidc/back"}
	if err := config.Check(); err != nil {
		t.Fatal(err)
	}
	options := console.Options{
		Papers: c.memory, Knowledge: handbook{}, Mask: masked, Sessions: newSessions(), Key: []byte("key"), Client: client,
		Provider: signin.New(config), Log: discard,
	}
	change(&options)
	c.console = console.New(c.memory, c.memory, options)
	served = mux(c.console)
	c.tell(t, "redirect", config.Redirect)
	return c
}

// tell has the provider do something from now on.
func (c *company) tell(t *testing.T, what, body string) {
	t.Helper()
	response, err := http.Post(c.issuer+"/peer/"+what, "text/plain", strings.NewReader(body))
	read(t, response, err)
}

var formAction = regexp.MustCompile(`action="([^"]+)"`)

// comes goes the way of a person through the provider's pages, and returns what the
// console answers in the end.
func (c *company) comes(t *testing.T, b *http.Client, who string) (*http.Response, string) {
	t.Helper()
	back := c.way(t, b, c.URL+"/console/login/oidc", who)
	response, err := b.Get(back)
	return read(t, response, err)
}

// way is comes up to the address that leads back.
func (c *company) way(t *testing.T, b *http.Client, from, who string) string {
	t.Helper()
	for range 20 {
		response, err := b.Get(from)
		r, body := read(t, response, err)
		form := url.Values{"login": {who}, "password": {"any"}}
		for r.StatusCode == 200 {
			found := formAction.FindStringSubmatch(body)
			prompt := regexp.MustCompile(`name="prompt" value="(\w+)"`).FindStringSubmatch(body)
			if found == nil || prompt == nil {
				t.Fatalf("the provider shows\n%s", body)
			}
			form.Set("prompt", prompt[1])
			response, err = b.PostForm(html.UnescapeString(found[1]), form)
			r, body = read(t, response, err)
		}
		next, err := r.Location()
		if err != nil {
			t.Fatalf("%s answers %d\n%s", from, r.StatusCode, body)
		}
		if from = next.String(); strings.HasPrefix(from, c.URL) {
			return from
		}
	}
	t.Fatal("the way has no end")
	return ""
}

func TestAnAgentComesByTheCompanysLogin(t *testing.T) {
	c := newCompany(t, func(*console.Options) {})
	b := c.browser(t)
	r, _ := get(t, b, c.URL+"/console/reports?from=2026-11-01")
	if want := "/console/login?next=%2Fconsole%2Freports%3Ffrom%3D2026-11-01"; r.StatusCode != 404 && r.Header.Get("Location") != want {
		t.Errorf("a stranger is sent to %s", r.Header.Get("Location"))
	}
	_, body := get(t, b, c.URL+"/console/login?next=%2Fconsole%2Faccount")
	if !strings.Contains(body, `href="/console/login/oidc?next=%2fconsole%2faccount"`) || !strings.Contains(body, `id="password"`) {
		t.Errorf("the page is\n%s", body)
	}
	back := c.way(t, b, c.URL+"/console/login/oidc?next=/console/account", "lin")
	stolen := c.browser(t) // the address without the cookie
	if r, _ := get(t, stolen, back); r.StatusCode != 401 {
		t.Errorf("another browser comes back: %d", r.StatusCode)
	}
	r, _ = get(t, b, back)
	if r.StatusCode != 303 || r.Header.Get("Location") != "/console/account" {
		t.Fatalf("the log-in: %d %s", r.StatusCode, r.Header)
	}
	if r, _ := get(t, b, c.URL+"/console/"); r.StatusCode != 200 {
		t.Errorf("the desk: %d", r.StatusCode)
	}
	if r, _ := get(t, b, back); r.StatusCode != 401 {
		t.Errorf("the same answer of the provider again: %d", r.StatusCode)
	}
	if !slices.Contains(c.audited, "li login li map[with:oidc]") || !slices.Contains(c.audited, " login-refused  map[for:oidc network:203.0.113.9/32]") {
		t.Errorf("audited are %q", c.audited)
	}
	read2(t)(b.PostForm(c.URL+"/console/logout", nil))
	if r, _ := get(t, b, c.URL+"/console/"); r.StatusCode != 303 {
		t.Errorf("after the log-out: %d", r.StatusCode)
	}
	if r, _ := c.comes(t, b, "lin"); r.StatusCode != 303 {
		t.Errorf("a second time, known by the subject: %d", r.StatusCode)
	}
	for who, want := range map[string]string{"double": "may not use the agent desk", "stranger": "not verified", "eve": "not verified"} {
		if r, body := c.comes(t, c.browser(t), who); r.StatusCode != 401 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", who, r.StatusCode, body)
		}
	}
	li := slices.IndexFunc(c.agents, func(a handoff.Agent) bool { return a.Name == "li" })
	c.agents[li].Disabled = true
	if r, _ := get(t, b, c.URL+"/console/"); r.StatusCode != 303 {
		t.Errorf("the session of an agent who was disabled: %d", r.StatusCode)
	}
	if r, _ := c.comes(t, b, "lin"); r.StatusCode != 401 {
		t.Errorf("an agent who was disabled comes: %d", r.StatusCode)
	}
	c.agents[li].Disabled = false
	c.agents = slices.DeleteFunc(c.agents, func(a handoff.Agent) bool { return a.Name == "li" })
	if r, _ := get(t, b, c.URL+"/console/"); r.StatusCode != 303 {
		t.Errorf("the session of an agent who was removed: %d", r.StatusCode)
	}
	if r, _ := c.comes(t, b, "lin"); r.StatusCode != 401 {
		t.Errorf("an agent who was removed comes: %d", r.StatusCode)
	}
}

// What a provider's own key has signed, but for somebody or something else.
func TestTokensThatAreNotBelieved(t *testing.T) {
	c := newCompany(t, func(*console.Options) {})
	b := c.browser(t)
	now := time.Now().Unix()
	for _, one := range []struct {
		name string
		body map[string]any
		want int
	}{
		{"as it is", map[string]any{}, 303},
		{"another nonce", map[string]any{"nonce": "other"}, 401},
		{"no nonce", map[string]any{"nonce": nil}, 401},
		{"another audience", map[string]any{"aud": "shop"}, 401},
		{"ours among others, for another", map[string]any{"aud": []string{"supportbot", "shop"}, "azp": "shop"}, 401},
		{"ours among others, for nobody", map[string]any{"aud": []string{"supportbot", "shop"}}, 401},
		{"another issuer", map[string]any{"iss": "https://login.example.com"}, 401},
		{"expired", map[string]any{"exp": now - 300}, 401},
		{"expired by the clock of the other side", map[string]any{"exp": now - 20}, 303},
		{"issued by a clock that is ahead", map[string]any{"iat": now + 30, "nbf": now + 30}, 303},
		{"not yet valid", map[string]any{"nbf": now + 3600}, 401},
		{"no subject", map[string]any{"sub": ""}, 401},
	} {
		c.tell(t, "fault", must2(marshal(map[string]any{"claims": one.body})))
		if r, _ := c.comes(t, b, "lin"); r.StatusCode != one.want {
			t.Errorf("%s: %d, want %d", one.name, r.StatusCode, one.want)
		}
	}
	c.tell(t, "fault", `{"alg": "none"}`)
	if r, _ := c.comes(t, b, "lin"); r.StatusCode != 401 {
		t.Errorf("a token that nobody signed: %d", r.StatusCode)
	}
}

func marshal(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

// What comes back of the way is not what was asked for.
func TestAnswersThatWereNotAskedFor(t *testing.T) {
	c := newCompany(t, func(*console.Options) {})
	at := must2(url.Parse(c.URL))
	changed := func(change func(b *http.Client, q url.Values)) (int, string) {
		b := c.browser(t)
		back := must2(url.Parse(c.way(t, b, c.URL+"/console/login/oidc", "lin")))
		q := back.Query()
		change(b, q)
		back.RawQuery = q.Encode()
		r, body := get(t, b, back.String())
		return r.StatusCode, body
	}
	var used url.Values
	var kept []*http.Cookie
	for _, one := range []struct {
		name   string
		change func(b *http.Client, q url.Values)
		status int
		want   string
	}{
		{"as it is", func(b *http.Client, q url.Values) {
			used = maps.Clone(q)
			kept = b.Jar.Cookies(at)
		}, 303, ""},
		{"another state", func(_ *http.Client, q url.Values) { q.Set("state", "other") }, 401, "try again"},
		{"no state", func(_ *http.Client, q url.Values) { q.Del("state") }, 401, "try again"},
		{"the state and code of an earlier log-in", func(_ *http.Client, q url.Values) { maps.Copy(q, used) }, 401, "try again"},
		{"the whole earlier log-in, with its cookie: the code was used", func(b *http.Client, q url.Values) {
			maps.Copy(q, used)
			b.Jar.SetCookies(at, kept)
		}, 401, "try again"},
		{"a code of another log-in", func(_ *http.Client, q url.Values) { q.Set("code", used.Get("code")) }, 401, "try again"},
		{"a cookie that was changed", func(b *http.Client, _ url.Values) {
			b.Jar.SetCookies(at, []*http.Cookie{{Name: "supportbot_asking", Value: "AAAA", Path: "/"}})
		}, 401, "try again"},
		{"cancelled", func(_ *http.Client, q url.Values) { q.Set("error", "access_denied"); q.Del("code") }, 401, "was cancelled"},
		{"the provider is busy", func(_ *http.Client, q url.Values) { q.Set("error", "temporarily_unavailable") }, 503, "does not answer now"},
		{"the provider takes us for another", func(_ *http.Client, q url.Values) { q.Set("error", "<script>") }, 401, "try again"},
	} {
		if status, body := changed(one.change); status != one.status || !strings.Contains(body, one.want) || strings.Contains(body, "<script>") {
			t.Errorf("%s: %d, want %d and %q in\n%s", one.name, status, one.status, one.want, body)
		}
	}
}

// A log-in leads to pages of the console alone.
func TestALoginLeadsNowhereElse(t *testing.T) {
	c := newCompany(t, func(*console.Options) {})
	b := c.browser(t)
	for next, want := range map[string]string{
		"/console/account":                       "/console/account",
		"/console/reports?from=2026-11-01&to=x":  "/console/reports?from=2026-11-01&to=x",
		"//evil.example/console/":                "/console/",
		"https://evil.example/console/":          "/console/",
		`/\evil.example`:                         "/console/",
		"/console/../../evil":                    "/console/",
		"/console//evil.example":                 "/console/evil.example",
		"javascript:alert(1)":                    "/console/",
		"/widget.js":                             "/console/",
		"/console/login":                         "/console/",
		"/console/logout":                        "/console/",
		"/console/\r\nSet-Cookie: x=y":           "/console/",
		"/console/%2e%2e/%2e%2e//evil.example/x": "/console/",
	} {
		back := c.way(t, b, c.URL+"/console/login/oidc?next="+url.QueryEscape(next), "lin")
		if r, _ := get(t, b, back); r.StatusCode != 303 || r.Header.Get("Location") != want {
			t.Errorf("%q leads to %d %q, want %q", next, r.StatusCode, r.Header.Get("Location"), want)
		}
	}
}

func TestTheCompanysLoginIsDown(t *testing.T) {
	c := newCompany(t, func(*console.Options) {})
	b := c.browser(t)
	down := func(what string, r *http.Response, body string) {
		t.Helper()
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || !strings.Contains(body, "does not answer now") ||
			!strings.Contains(body, `href="/console/login/oidc`) || !strings.Contains(body, `id="password"`) {
			t.Errorf("%s: %d\n%s", what, r.StatusCode, body)
		}
	}
	c.tell(t, "fault", `{"path": "/.well-known/openid-configuration", "status": 500}`)
	r, body := get(t, b, c.URL+"/console/login/oidc")
	down("at first", r, body)
	if r, _ := c.login(t, c.browser(t), "li", password); r.StatusCode != 303 {
		t.Errorf("meanwhile by password: %d", r.StatusCode)
	}
	c.tell(t, "fault", `{}`)
	deadline := time.Now().Add(20 * time.Second)
	for r.StatusCode != 303 && time.Now().Before(deadline) {
		r, _ = get(t, b, c.URL+"/console/login/oidc")
	}
	for path, fault := range map[string]string{"/token": `"status": 502`, "/me": `"status": 500`} {
		c.tell(t, "fault", fmt.Sprintf(`{"path": %q, %s}`, path, fault))
		r, body = c.comes(t, b, "lin")
		down(path, r, body)
	}
	c.tell(t, "fault", `{"path": "/token", "slow": true}`)
	back := must2(http.NewRequest("GET", c.way(t, b, c.URL+"/console/login/oidc", "lin"), nil))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // the console gives up before
	defer cancel()
	response, err := b.Do(back.WithContext(ctx))
	r, body = read(t, response, err)
	down("slow", r, body)
	c.tell(t, "fault", `{}`)
	if r, _ := c.comes(t, b, "lin"); r.StatusCode != 303 {
		t.Errorf("when it is back: %d", r.StatusCode)
	}
}

// Where everybody comes by the provider, one admin may still come by password.
func TestTheCompanysLoginAlone(t *testing.T) {
	c := newCompany(t, func(o *console.Options) { o.OIDCOnly, o.BreakGlass = true, "duty" })
	c.agents = append(c.agents, handoff.Agent{Name: "duty", Role: handoff.RoleAdmin, Password: passwordHash()})
	var answers []string
	for _, name := range []string{"li", "nobody", "duty"} {
		_, body := c.login(t, c.browser(t), name, "wrong")
		answers = append(answers, strings.ReplaceAll(body, `value="`+name+`"`, ""))
	}
	if answers[0] != answers[1] || answers[0] != answers[2] || !strings.Contains(answers[0], "You cannot log in like this") {
		t.Errorf("wrong passwords are answered with\n%s", strings.Join(answers, "\n"))
	}
	for name, want := range map[string]int{"li": 401, "duty": 303} {
		if r, _ := c.login(t, c.browser(t), name, password); r.StatusCode != want {
			t.Errorf("%s by password: %d, want %d", name, r.StatusCode, want)
		}
	}
	for i := range c.agents {
		c.agents[i].Role = handoff.RoleSupervisor
	}
	if r, _ := c.login(t, c.browser(t), "duty", password); r.StatusCode != 401 {
		t.Errorf("one who is no admin any more: %d", r.StatusCode)
	}
	if r, _ := c.comes(t, c.browser(t), "lin"); r.StatusCode != 303 {
		t.Errorf("by the provider: %d", r.StatusCode)
	}
}

// A second factor is asked for by the provider, or here.
func TestASecondFactorBesideTheProvider(t *testing.T) {
	c := newCompany(t, func(o *console.Options) { o.RequireTOTP = true })
	b := c.browser(t)
	if r, body := c.comes(t, b, "lin"); r.StatusCode != 401 || !strings.Contains(body, "needs a second factor") {
		t.Errorf("without any: %d\n%s", r.StatusCode, body)
	}
	c.tell(t, "fault", `{"claims": {"amr": ["pwd", "mfa"]}}`)
	if r, _ := c.comes(t, b, "lin"); r.StatusCode != 303 {
		t.Errorf("asked for there: %d", r.StatusCode)
	}
	if r, _ := get(t, b, c.URL+"/console/"); r.StatusCode != 200 {
		t.Errorf("the desk: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	c.tell(t, "fault", `{}`)
	c.agents[0].TOTP = "JBSWY3DPEHPK3PXP"
	other := c.browser(t)
	if r, body := c.comes(t, other, "lin"); r.StatusCode != 200 || !strings.Contains(body, `id="code"`) {
		t.Errorf("asked for here: %d\n%s", r.StatusCode, body)
	}
	if r, _ := get(t, other, c.URL+"/console/"); r.StatusCode != 303 {
		t.Errorf("the desk before the code: %d", r.StatusCode)
	}
}

// Whoever has begun a log-in and tries codes is slowed down. Who has begun none, such as a
// page of another site that an agent looks at, keeps nobody in that network out.
func TestGuessingAtTheWayBack(t *testing.T) {
	c := newCompany(t, func(*console.Options) {})
	for range 101 {
		get(t, c.browser(t), c.URL+"/console/login/oidc/back?state=x&code=y")
	}
	if r, _ := c.comes(t, c.browser(t), "lin"); r.StatusCode != 303 {
		t.Errorf("an agent of the same network: %d", r.StatusCode)
	}

	b, at := c.browser(t), must2(url.Parse(c.URL))
	back := must2(url.Parse(c.way(t, b, c.URL+"/console/login/oidc", "lin")))
	begun, q := b.Jar.Cookies(at), back.Query()
	q.Set("code", "y")
	guess := func() int {
		b.Jar.SetCookies(at, begun)
		r, _ := get(t, b, c.URL+"/console/login/oidc/back?"+q.Encode())
		return r.StatusCode
	}
	for range 100 {
		guess()
	}
	if status := guess(); status != 429 {
		t.Errorf("the hundred and first code: %d", status)
	}
}

// An agent in a browser, with the pages of both sides.
func TestTheCompanysLoginInABrowser(t *testing.T) {
	c := newCompany(t, func(o *console.Options) { o.OIDCOnly, o.BreakGlass = true, "duty" })
	ctx := chromium(t)
	run(t, ctx,
		chromedp.Navigate(c.URL+"/console/account"),
		chromedp.WaitVisible("a.button"),
		chromedp.Click("a.button"),
		chromedp.SendKeys("input[name=login]", "lin"),
		chromedp.SendKeys("input[name=password]", "any\r"),
		chromedp.Click("form:has(input[value=consent]) button"), // of the next page
		chromedp.WaitVisible("#key"),
		chromedp.Navigate(c.URL+"/console/"),
		chromedp.WaitVisible("#waiting button"),
	)
	cancelled := chromium(t)
	run(t, cancelled,
		chromedp.Navigate(c.URL+"/console/login"),
		chromedp.Click("a.button"),
		chromedp.WaitVisible("input[name=login]"),
		chromedp.Click("a[href*=abort]"),
		chromedp.WaitVisible("[role=alert]"),
	)
	if said := evaluate[string](t, cancelled, `document.querySelector("[role=alert]").innerText`); !strings.Contains(said, "was cancelled") {
		t.Errorf("who cancels reads %q", said)
	}
}
