package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"supportbot/handoff"
	"supportbot/handoff/console"
)

// Whoever guesses is slowed down, and cannot keep the agent out of a browser in
// which the agent has worked before, though all come from one address.
func TestAGuesserCannotLockAnAgentOut(t *testing.T) {
	d := newDesk(t)
	desk, elsewhere, guesser := d.browser(t), d.browser(t), d.browser(t)
	if r, _ := d.login(t, desk, "li", password); r.StatusCode != 303 {
		t.Fatalf("the first log-in: %d", r.StatusCode)
	}
	read2(t)(desk.PostForm(d.URL+"/console/logout", nil))
	for range 10 {
		d.login(t, guesser, "li", "guess")
	}
	r, _ := d.login(t, guesser, "li", password)
	if r.StatusCode != 429 || r.Header.Get("Retry-After") == "" {
		t.Errorf("the eleventh guess: %d", r.StatusCode)
	}
	if r, _ := d.login(t, elsewhere, "li", password); r.StatusCode != 429 {
		t.Errorf("another new browser may go on guessing: %d", r.StatusCode)
	}
	for range 12 { // a bad morning
		if r, _ := d.login(t, desk, "li", "three cattles"); r.StatusCode != 401 {
			t.Fatalf("a slip in the agent's browser: %d", r.StatusCode)
		}
	}
	if r, _ := d.login(t, desk, "li", password); r.StatusCode != 303 {
		t.Errorf("the agent in a known browser: %d", r.StatusCode)
	}
	if r, _ := d.login(t, desk, "wang", "guess"); r.StatusCode != 401 {
		t.Errorf("another name: %d", r.StatusCode)
	}
	for range 10 { // the cookie of li makes nobody known as wang
		r, _ = d.login(t, desk, "wang", "guess")
	}
	if r.StatusCode != 429 {
		t.Errorf("li's browser may guess at wang: %d", r.StatusCode)
	}
}

// A flood of log-ins, of whatever names, keeps nobody out who has logged in here
// before. Others are asked to come back, and it counts as no guess of theirs.
func TestAFloodOfLoginsKeepsNoKnownAgentOut(t *testing.T) {
	d := newDesk(t)
	desk, elsewhere := d.browser(t), d.browser(t)
	d.login(t, desk, "li", password)
	read2(t)(desk.PostForm(d.URL+"/console/logout", nil))
	before := len(d.audited)
	d.console.FillPlaces()
	for range 30 {
		r, body := d.login(t, elsewhere, "li", password)
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || !strings.Contains(body, "Try again in a few seconds") {
			t.Fatalf("a browser that is not known: %d", r.StatusCode)
		}
	}
	if len(d.audited) != before {
		t.Errorf("audited are %q", d.audited[before:])
	}
	if r, _ := d.login(t, desk, "li", password); r.StatusCode != 303 {
		t.Errorf("the agent in a known browser: %d", r.StatusCode)
	}
	if r, _ := read2(t)(desk.PostForm(d.URL+"/console/account/password", url.Values{"password": {password}, "new": {"four kettles"}})); r.StatusCode != 200 {
		t.Errorf("the agent's own account: %d", r.StatusCode)
	}
}

// Whether there is an agent of a name is not told, not even by when guessing
// ends.
func TestUnknownNamesAreAnsweredLikeKnownOnes(t *testing.T) {
	d := newDesk(t)
	answers := map[string][]string{}
	for _, name := range []string{"li", "wang", "nobody", ""} {
		for range 12 {
			r, body := d.login(t, d.browser(t), name, "guess")
			if strings.Contains(body, `value="`+name+`"`) {
				body = strings.Replace(body, `value="`+name+`"`, `value="NAME"`, 1)
			}
			answers[name] = append(answers[name], fmt.Sprint(r.StatusCode, body))
		}
	}
	for _, name := range []string{"wang", "nobody"} {
		if !slices.Equal(answers[name], answers["li"]) {
			t.Errorf("%s is answered otherwise than li", name)
		}
	}
	if codes := answers[""]; !strings.HasPrefix(codes[0], "401") || !strings.HasPrefix(codes[11], "429") {
		t.Errorf("no name is answered with %.3s and %.3s", codes[0], codes[11])
	}
	if want := " login-refused  map[for:password network:203.0.113.9/32]"; !slices.Contains(d.audited, want) || slices.ContainsFunc(d.audited, func(a string) bool { return strings.Contains(a, "nobody") }) {
		t.Errorf("audited are %q: want %q, and never what was typed for a name", d.audited, want)
	}
}

func TestSecondFactor(t *testing.T) {
	d := newDesk(t)
	b := d.browser(t)
	d.login(t, b, "li", password)
	_, body := get(t, b, d.URL+"/console/account")
	_, key, _ := strings.Cut(body, `<code id="key">`)
	key, _, _ = strings.Cut(key, "<")
	if r, _ := get(t, b, d.URL+"/console/account/totp.png"); r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the QR code: %d %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
	code := func(at time.Time) string {
		code, err := totp.GenerateCode(key, at)
		must(err)
		return code
	}
	set := func(code, password string) (*http.Response, string) {
		return read2(t)(b.PostForm(d.URL+"/console/account/totp", url.Values{"code": {code}, "password": {password}}))
	}
	now := time.Now()
	if r, _ := set(code(now), "guess"); r.StatusCode != 403 {
		t.Errorf("without the password: %d", r.StatusCode)
	}
	if r, _ := set("000000", password); r.StatusCode != 400 {
		t.Errorf("with a wrong code: %d", r.StatusCode)
	}
	other := d.browser(t)
	d.login(t, other, "li", password)
	r, body := set(code(now), password)
	codes := strings.Split(body, "<li><code>")
	if r.StatusCode != 200 || len(codes) != 9 {
		t.Fatalf("%d with %d recovery codes", r.StatusCode, len(codes)-1)
	}
	recovery, _, _ := strings.Cut(codes[1], "<")
	if r, _ := get(t, b, d.URL+"/console/"); r.StatusCode != 200 {
		t.Errorf("the browser that set it up: %d", r.StatusCode)
	}
	if r, _ := get(t, other, d.URL+"/console/"); r.StatusCode != 303 {
		t.Errorf("another one: %d", r.StatusCode)
	}

	next := now.Add(30 * time.Second) // the step of now was used to set it up
	for _, try := range []struct {
		code   string
		status int
		why    string
	}{
		{code(now), 401, "a code that was used"},
		{"123", 401, "no code"},
		{code(next), 303, "a code"},
		{code(next), 401, "it again"},
		{strings.ToUpper(recovery), 303, "a recovery code"},
		{recovery, 401, "it again"},
	} {
		b := d.browser(t)
		r, body := d.login(t, b, "li", password)
		if r.StatusCode != 200 || !strings.Contains(body, `action="/console/login/code"`) {
			t.Fatalf("the password alone: %d", r.StatusCode)
		}
		if r, _ := get(t, b, d.URL+"/console/"); r.StatusCode != 303 {
			t.Error("the password alone opens the desk")
		}
		r, _ = read2(t)(b.PostForm(d.URL+"/console/login/code", url.Values{"code": {try.code}}))
		if r.StatusCode != try.status {
			t.Errorf("%s: %d, want %d", try.why, r.StatusCode, try.status)
		}
		after, _ := get(t, b, d.URL+"/console/")
		if in := after.StatusCode == 200; in != (try.status == 303) {
			t.Errorf("after %s the desk answers %d", try.why, after.StatusCode)
		}
		d.Server = serve(t, newConsole(d.memory, false)) // where attempts are counted anew
	}
}

// Whoever has the password gets ten codes to try, however often it is shown.
func TestCodesCannotBeGuessed(t *testing.T) {
	d := newDesk(t)
	must(d.SetTOTP(t.Context(), "li", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1, nil))
	tried := 0
	for range 12 {
		b := d.browser(t)
		if r, _ := d.login(t, b, "li", password); r.StatusCode != 200 {
			continue
		}
		r, _ := read2(t)(b.PostForm(d.URL+"/console/login/code", url.Values{"code": {"000000"}}))
		if r.StatusCode == 401 {
			tried++
		}
	}
	if tried == 0 || tried > 10 {
		t.Errorf("%d codes could be tried", tried)
	}
}

func TestARequiredSecondFactor(t *testing.T) {
	d := newDesk(t)
	c := console.New(d.memory, d.memory, console.Options{Papers: d.memory, Knowledge: handbook{}, Mask: masked, Sessions: newSessions(), Key: []byte("key"), Client: client, RequireTOTP: true, Log: discard})
	d.Server = serve(t, c)
	b := d.browser(t)
	d.login(t, b, "li", password)
	if r, _ := get(t, b, d.URL+"/console/"); r.Header.Get("Location") != "/console/account" {
		t.Errorf("the desk: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	if r, body := get(t, b, d.URL+"/console/api/cases?state=all"); r.StatusCode != 403 || !strings.Contains(body, "second factor") {
		t.Errorf("the API: %d %s", r.StatusCode, body)
	}
	if r, body := get(t, b, d.URL+"/console/account"); r.StatusCode != 200 || !strings.Contains(body, "Set it up before you go on") {
		t.Errorf("the account: %d", r.StatusCode)
	}
	if status, _ := d.call(t, "li", "GET", "/api/cases?state=all", ""); status != 200 {
		t.Errorf("a program with a token: %d", status)
	}
}

func TestChangePassword(t *testing.T) {
	d := newDesk(t)
	b, other := d.browser(t), d.browser(t)
	d.login(t, b, "li", password)
	d.login(t, other, "li", password)
	for _, try := range []struct {
		old, new string
		status   int
	}{{"guess", "four kettles", 403}, {password, "short", 400}, {password, "四只大水壶", 400}, {password, "四只大水壶和茶杯", 200}, {password, "five kettles", 403}} {
		r, _ := read2(t)(b.PostForm(d.URL+"/console/account/password", url.Values{"password": {try.old}, "new": {try.new}}))
		if r.StatusCode != try.status {
			t.Errorf("from %q to %q: %d, want %d", try.old, try.new, r.StatusCode, try.status)
		}
	}
	if r, _ := get(t, b, d.URL+"/console/"); r.StatusCode != 200 {
		t.Errorf("the browser that changed it: %d", r.StatusCode)
	}
	if r, _ := get(t, other, d.URL+"/console/"); r.StatusCode != 303 {
		t.Errorf("another one: %d", r.StatusCode)
	}
	if r, _ := d.login(t, other, "li", "四只大水壶和茶杯"); r.StatusCode != 303 {
		t.Errorf("the new password: %d", r.StatusCode)
	}
}

// What ends an agent's sessions ends them on every node, and open sockets too.
func TestSessionsAndSocketsEnd(t *testing.T) {
	d := newDesk(t)
	shared := newSessions()
	nodes := make([]string, 2)
	for i := range nodes {
		node := httptest.NewServer(mux(console.New(d.memory, d.memory, console.Options{Papers: d.memory, Knowledge: handbook{}, Mask: masked, Sessions: shared, Key: []byte("key"), Client: client, Log: discard})))
		t.Cleanup(node.Close)
		nodes[i] = node.URL
	}
	for what, end := range map[string]func() error{
		"a role":          func() error { return d.change("li", func(a *handoff.Agent) { a.Role = handoff.RoleSupervisor }) },
		"a new password":  func() error { return d.SetPassword(t.Context(), "li", passwordHash(), "li") },
		"a second factor": func() error { return d.SetTOTP(t.Context(), "li", "KEY", 1, nil) },
		"none any more":   func() error { return d.change("li", func(a *handoff.Agent) { a.TOTP = "" }) },
		"a removal":       func() error { return d.change("li", func(a *handoff.Agent) { a.Name = "gone" }) },
	} {
		must(d.change("li", func(a *handoff.Agent) { a.TOTP = "" }))
		d.URL = nodes[0]
		r, _ := d.login(t, d.browser(t), "li", password)
		cookie, _, _ := strings.Cut(sessionCookie(r).String(), ";")
		d.URL = nodes[1]
		for _, header := range []http.Header{{"Cookie": {cookie}, "Origin": {d.URL}}, d.bearer("li")} {
			if _, _, err := d.dial(t, header); err != nil {
				t.Fatal(err)
			}
		}
		await(t, "the sockets to watch", func() bool { return d.watching() == 2 })
		if err := end(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		request, err := http.NewRequestWithContext(t.Context(), "GET", d.URL+"/console/api/cases?state=all", nil)
		must(err)
		request.Header.Set("Cookie", cookie)
		if r, _ := read2(t)(http.DefaultClient.Do(request)); r.StatusCode != 401 {
			t.Errorf("the session outlives %s: %d", what, r.StatusCode)
		}
		await(t, "the sockets to end after "+what, func() bool { return d.watching() == 0 })
		if what == "a removal" {
			must(d.change("gone", func(a *handoff.Agent) { a.Name = "li" }))
		}
	}
}

// read2 reads an answer and its body.
func read2(t *testing.T) func(*http.Response, error) (*http.Response, string) {
	return func(response *http.Response, err error) (*http.Response, string) {
		t.Helper()
		return read(t, response, err)
	}
}
