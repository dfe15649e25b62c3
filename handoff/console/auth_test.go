package console_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// browser keeps cookies and does not follow redirects.
func (d *desk) browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func get(t *testing.T, b *http.Client, url string) (*http.Response, string) {
	t.Helper()
	response, err := b.Get(url)
	return read(t, response, err)
}

func (d *desk) login(t *testing.T, b *http.Client, name, password string) (*http.Response, string) {
	t.Helper()
	response, err := b.PostForm(d.URL+"/console/login", url.Values{"name": {name}, "password": {password}})
	return read(t, response, err)
}

func read(t *testing.T, response *http.Response, err error) (*http.Response, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func sessionCookie(r *http.Response) *http.Cookie {
	for _, cookie := range r.Cookies() {
		if strings.HasSuffix(cookie.Name, "supportbot_session") {
			return cookie
		}
	}
	return &http.Cookie{}
}

func TestLoginAndLogout(t *testing.T) {
	d := newDesk(t)
	b := d.browser(t)
	if r, _ := get(t, b, d.URL+"/console/"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/console/login" {
		t.Fatalf("the desk without log-in: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	if r, _ := get(t, b, d.URL+"/console"); r.Header.Get("Location") != "/console/" {
		t.Errorf("/console leads to %q", r.Header.Get("Location"))
	}
	for _, wrong := range [][2]string{{"li", "x"}, {"li", ""}, {"nobody", password}, {"wang", ""}, {"", ""}} {
		r, body := d.login(t, b, wrong[0], wrong[1])
		if r.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "is wrong") {
			t.Errorf("log-in as %q: %d", wrong, r.StatusCode)
		}
	}
	r, _ := d.login(t, b, "li", password)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/console/" {
		t.Fatalf("log-in: %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	cookie := sessionCookie(r)
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Secure {
		t.Errorf("the session cookie is %s", cookie)
	}
	if r, body := get(t, b, d.URL+"/console/"); r.StatusCode != 200 || !strings.Contains(body, `data-agent="li"`) {
		t.Errorf("the desk after log-in: %d", r.StatusCode)
	}
	if r, _ := get(t, b, d.URL+"/console/api/cases?state=waiting"); r.StatusCode != 200 {
		t.Errorf("the API with a cookie: %d", r.StatusCode)
	}
	if r, _ := get(t, b, d.URL+"/console/login"); r.Header.Get("Location") != "/console/" {
		t.Error("who is logged in is asked to log in")
	}

	response, err := b.PostForm(d.URL+"/console/logout", nil)
	if r, _ := read(t, response, err); r.Header.Get("Location") != "/console/login" {
		t.Errorf("log-out: %d", r.StatusCode)
	}
	request, _ := http.NewRequest("GET", d.URL+"/console/api/cases?state=waiting", nil)
	request.AddCookie(cookie) // a copy that somebody kept
	response, err = http.DefaultClient.Do(request)
	if r, _ := read(t, response, err); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("the cookie works after log-out: %d", r.StatusCode)
	}
}

func TestSessionFixation(t *testing.T) {
	d := newDesk(t)
	attacker := d.browser(t)
	r, _ := d.login(t, attacker, "li", password)
	planted := sessionCookie(r) // a session that the attacker knows, of whatever account

	victim := d.browser(t)
	home, _ := url.Parse(d.URL)
	victim.Jar.SetCookies(home, []*http.Cookie{{Name: planted.Name, Value: planted.Value, Path: "/"}})
	r, _ = d.login(t, victim, "li", password)
	if got := sessionCookie(r); got.Value == "" || got.Value == planted.Value {
		t.Fatal("the token was not renewed at log-in")
	}
	if r, _ := get(t, attacker, d.URL+"/console/api/cases?state=waiting"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("the planted session is logged in: %d", r.StatusCode)
	}
}

// A page of another site cannot act with the agent's cookie, and a program with
// a token is not hindered.
func TestCrossSiteRequests(t *testing.T) {
	d := newDesk(t)
	b := d.browser(t)
	d.login(t, b, "li", password)
	for _, test := range []struct {
		header, value string
		status        int
	}{
		{"Sec-Fetch-Site", "cross-site", 403},
		{"Sec-Fetch-Site", "same-site", 403},
		{"Origin", "https://evil.example", 403},
		{"Origin", "null", 403},
		{"Origin", d.URL, 200},
		{"Sec-Fetch-Site", "same-origin", 200},
	} {
		for _, path := range []string{"/console/api/heartbeat", "/console/api/cases/17-1/claim"} {
			request, _ := http.NewRequest("POST", d.URL+path, strings.NewReader("{}"))
			request.Header.Set(test.header, test.value)
			response, err := b.Do(request)
			if r, body := read(t, response, err); r.StatusCode != test.status {
				t.Errorf("POST %s with %s: %s: %d %s, want %d", path, test.header, test.value, r.StatusCode, body, test.status)
			}
		}
	}
	request, _ := http.NewRequest("POST", d.URL+"/console/logout", nil)
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := b.Do(request)
	if r, _ := read(t, response, err); r.StatusCode != 403 {
		t.Errorf("another site can log the agent out: %d", r.StatusCode)
	}
}

func TestPagesAllowNoForeignCode(t *testing.T) {
	d := newDesk(t)
	r, body := get(t, d.browser(t), d.URL+"/console/login")
	policy := r.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(body, "style=") || strings.Contains(body, "onclick") {
		t.Error("the page leans on inline code")
	}
	if _, body := d.login(t, d.browser(t), `"><script>alert(1)</script>`, "x"); strings.Contains(body, "<script>alert") {
		t.Error("the name comes back as HTML")
	}
}

func TestLanguage(t *testing.T) {
	d := newDesk(t)
	b := d.browser(t)
	title := func(url, accept string) string {
		request, _ := http.NewRequest("GET", d.URL+url, nil)
		request.Header.Set("Accept-Language", accept)
		response, err := b.Do(request)
		_, body := read(t, response, err)
		_, body, _ = strings.Cut(body, "<title>")
		body, _, _ = strings.Cut(body, "<")
		return body
	}
	const zh, en = "登录客服台", "Log in to the agent desk"
	for _, test := range []struct{ url, accept, want string }{
		{"/console/login", "zh-CN,zh;q=0.9,en;q=0.8", zh},
		{"/console/login", "de-DE, EN-gb;q=0.8, zh;q=0.5", en},
		{"/console/login", "fr", en},
		{"/console/login", "", en},
		{"/console/login?lang=xx", "zh", zh},
		{"/console/login?lang=en", "zh", en}, // the switch,
		{"/console/login", "zh", en},         // which is remembered
	} {
		if got := title(test.url, test.accept); got != test.want {
			t.Errorf("%s with %q: %q, want %q", test.url, test.accept, got, test.want)
		}
	}
}

func TestSecureCookies(t *testing.T) {
	d := newDesk(t)
	over := serve(t, newConsole(d.memory, true))
	response, err := d.browser(t).PostForm(over.URL+"/console/login", url.Values{"name": {"li"}, "password": {password}})
	r, _ := read(t, response, err)
	if len(r.Cookies()) != 2 {
		t.Fatalf("cookies %v", r.Cookies())
	}
	for _, cookie := range r.Cookies() {
		if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || cookie.SameSite == http.SameSiteDefaultMode {
			t.Errorf("browsers would not keep to themselves the cookie %s", cookie)
		}
	}
}
