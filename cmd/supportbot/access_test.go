package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"supportbot/internal/store/pgtest"
)

// TestAnOperatorEndsSessions changes an agent while the agent works: sessions and
// sockets end, on a second server too, and a removed agent's case goes back to
// the queue.
func TestAnOperatorEndsSessions(t *testing.T) {
	place := pgtest.Database(t)
	one := serve(t, t.TempDir(), "--database", place)
	two := serve(t, t.TempDir(), "--database", place)
	operator := func(args ...string) string {
		t.Helper()
		out, err := command(t, "", append(args, "--database", place)...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	_, password, _ := strings.Cut(operator("agent", "add", "Lin"), "password: ")
	password = strings.TrimSpace(password)
	token := strings.TrimSpace(operator("agent", "token", "Lin"))

	one.says("1", "转人工")
	_, list := one.rest(token, "GET", "/console/api/cases?state=waiting", "")
	waiting := list["cases"].([]any)
	if len(waiting) != 1 {
		t.Fatalf("%v", list)
	}
	id := waiting[0].(map[string]any)["id"].(string)
	if status, answer := one.rest(token, "POST", "/console/api/cases/"+id+"/claim", ""); status != 200 {
		t.Fatalf("claim: %d %v", status, answer)
	}

	for _, act := range [][]string{{"role", "Lin", "supervisor"}, {"password", "Lin"}, {"totp-reset", "Lin"}, {"remove", "Lin"}} {
		cookie := one.login("Lin", password)
		byCookie := two.socket(http.Header{"Cookie": {cookie}, "Origin": {two.url}})
		byToken := two.socket(http.Header{"Authorization": {"Bearer " + token}})
		out := operator(append([]string{"agent"}, act...)...)
		for what, conn := range map[string]*websocket.Conn{"cookie": byCookie, "token": byToken} {
			if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
				t.Fatal(err)
			}
			for {
				_, _, err := conn.ReadMessage()
				if err == nil {
					continue
				}
				if strings.Contains(err.Error(), "timeout") {
					t.Errorf("a socket by %s outlives agent %v", what, act)
				}
				break
			}
		}
		request, err := http.NewRequestWithContext(t.Context(), "GET", two.url+"/console/api/cases?state=all", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Cookie", cookie)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("a session outlives agent %v: %d", act, response.StatusCode)
		}
		if _, made, found := strings.Cut(out, "password: "); found {
			password = strings.TrimSpace(made)
		}
	}

	admin := strings.TrimSpace(operator("agent", "token", "admin"))
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		_, c := one.rest(admin, "GET", "/console/api/cases/"+id, "")
		if c["state"] == "waiting" && c["owner"] == "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the case of a removed agent is %v of %v", c["state"], c["owner"])
		}
	}
	audited := operator("audit", "list")
	for _, act := range []string{`" agent-added "Lin"`, `"Lin" case-claimed "` + id + `"`, `"Lin" login "Lin" with="password"`, `" role-changed "Lin"`, `" agent-removed "Lin"`} {
		if !strings.Contains(audited, act) {
			t.Errorf("the audit log lacks %s:\n%s", act, audited)
		}
	}
	if out := operator("audit", "verify"); !strings.HasPrefix(out, "ok: ") {
		t.Error(out)
	}
}

// login logs in with the form and returns the session's cookie.
func (s *server) login(name, password string) (cookie string) {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.PostForm(s.url+"/console/login", url.Values{"name": {name}, "password": {password}})
	if err != nil {
		s.Fatal(err)
	}
	response.Body.Close()
	for _, c := range response.Cookies() {
		if c.Name == "supportbot_session" {
			return c.Name + "=" + c.Value
		}
	}
	s.Fatalf("log-in as %s: %d", name, response.StatusCode)
	return ""
}

// socket opens the console's websocket.
func (s *server) socket(header http.Header) *websocket.Conn {
	s.Helper()
	conn, response, err := websocket.DefaultDialer.DialContext(s.Context(), strings.Replace(s.url, "http", "ws", 1)+"/console/ws", header)
	if err != nil {
		s.Fatal(err)
	}
	response.Body.Close()
	s.Cleanup(func() { conn.Close() })
	return conn
}
