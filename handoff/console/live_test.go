package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func (d *desk) dial(t *testing.T, header http.Header) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	conn, response, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(d.URL, "http", "ws", 1)+"/console/ws", header)
	if err == nil {
		t.Cleanup(func() { conn.Close() })
	}
	return conn, response, err
}

func (d *desk) bearer(agent string) http.Header {
	return http.Header{"Authorization": {"Bearer " + d.token[agent]}}
}

// hints counts the hints that come within a time.
func hints(t *testing.T, conn *websocket.Conn, within time.Duration) (n int) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	for {
		var hint struct {
			Type string
			Seq  int
		}
		if err := conn.ReadJSON(&hint); err != nil {
			return n
		}
		n++
		if hint.Type != "changed" || hint.Seq != n {
			t.Errorf("hint %d is %+v", n, hint)
		}
	}
}

func TestAChangeIsHintedAtOnce(t *testing.T) {
	d := newDesk(t)
	conn, _, err := d.dial(t, d.bearer("li"))
	if err != nil {
		t.Fatal(err)
	}
	await(t, "the socket to watch", func() bool { return d.watching() == 1 })
	d.merchantSays("17-1", "在吗")
	start := time.Now()
	if err := conn.SetReadDeadline(start.Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, text, err := conn.ReadMessage(); err != nil || string(text) != "{\"type\":\"changed\",\"seq\":1}\n" {
		t.Fatalf("%q %v", text, err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("the hint took %s", took)
	}
	conn.Close()
	await(t, "the closed socket to stop watching", func() bool { return d.watching() == 0 })
}

func TestHintsAreFewHoweverMuchChanges(t *testing.T) {
	d := newDesk(t)
	conn, _, err := d.dial(t, d.bearer("li"))
	if err != nil {
		t.Fatal(err)
	}
	await(t, "the socket to watch", func() bool { return d.watching() == 1 })
	go func() {
		for range 500 {
			d.merchantSays("17-1", "在吗")
			time.Sleep(time.Millisecond)
		}
	}()
	if n := hints(t, conn, 1500*time.Millisecond); n < 2 || n > 16 {
		t.Errorf("%d hints in 1.5 s, want at most ten a second and one after the last change", n)
	}
}

func TestOnlyOurOwnPagesOpenASocket(t *testing.T) {
	d := newDesk(t)
	b := d.browser(t)
	r, _ := d.login(t, b, "li", password)
	cookie, _, _ := strings.Cut(sessionCookie(r).String(), ";")
	for _, test := range []struct {
		header http.Header
		status int
	}{
		{http.Header{"Cookie": {cookie}, "Origin": {d.URL}}, 101},
		{http.Header{"Cookie": {cookie}, "Origin": {"https://evil.example"}}, 403},
		{http.Header{"Cookie": {cookie}, "Origin": {d.URL + ".evil.example"}}, 403},
		{http.Header{"Cookie": {cookie}, "Origin": {"null"}}, 403},
		{http.Header{"Origin": {d.URL}}, 401},
		{http.Header{"Cookie": {"supportbot_session=made-up"}, "Origin": {d.URL}}, 401},
	} {
		_, response, err := d.dial(t, test.header)
		if response == nil || response.StatusCode != test.status {
			t.Errorf("%v: %v %v, want %d", test.header, response, err, test.status)
		}
	}
}

func TestAnOpenPageKeepsTheLeases(t *testing.T) {
	d := newDesk(t)
	d.console.PingEvery(50 * time.Millisecond)
	conn, _, err := d.dial(t, d.bearer("li"))
	if err != nil {
		t.Fatal(err)
	}
	go func() { // as a browser does, answer pings
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	await(t, "the second renewal, five seconds after the first", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.beats["li"] >= 2
	})
}

func TestLogoutEndsTheSocket(t *testing.T) {
	d := newDesk(t)
	d.console.PingEvery(50 * time.Millisecond)
	b := d.browser(t)
	r, _ := d.login(t, b, "li", password)
	cookie, _, _ := strings.Cut(sessionCookie(r).String(), ";")
	if _, _, err := d.dial(t, http.Header{"Cookie": {cookie}, "Origin": {d.URL}}); err != nil {
		t.Fatal(err)
	}
	await(t, "the socket to watch", func() bool { return d.watching() == 1 })
	response, err := b.PostForm(d.URL+"/console/logout", nil)
	read(t, response, err)
	await(t, "the socket to close", func() bool { return d.watching() == 0 })
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 400 {
		if done() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}

// However a foreign page calls itself, it gets no socket with an agent's cookie.
func TestForeignOriginsOpenNoSocket(t *testing.T) {
	d := newDesk(t)
	r, _ := d.login(t, d.browser(t), "li", password)
	cookie, _, _ := strings.Cut(sessionCookie(r).String(), ";")
	_, own, _ := strings.Cut(d.URL, "://")
	host, port, _ := strings.Cut(own, ":")
	tried := 0
	for _, scheme := range []string{"http://", "https://", "HTTP://", "ws://", "file://", "//", "http:", "chrome-extension://", "blob:http://", ""} {
		for _, at := range []string{
			"evil.example", "evil.example:" + port, host, host + ":1", host + ":", own + "0", own + ".evil.example", "evil.example." + own, own + "@evil.example",
			"evil.example/" + own, "evil.example?" + own, "evil.example#" + own, "evil.example\\" + own, own + "%00.evil.example", own + " evil.example", "localhost:" + port,
			"[::1]:" + port, "[::ffff:" + host + "]:" + port, "0x7f000001:" + port, "2130706433:" + port, "127.1:" + port, host + ".:" + port, "null", "",
		} {
			tried++
			if _, response, err := d.dial(t, http.Header{"Cookie": {cookie}, "Origin": {scheme + at}}); err == nil || response == nil || response.StatusCode != 403 {
				t.Errorf("a page of %q has a socket, or no clear answer: %v %v", scheme+at, response, err)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d were tried", tried)
	}
}
