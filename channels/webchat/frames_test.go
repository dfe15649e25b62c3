package webchat

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestBadFrames(t *testing.T) {
	bot := newMemory()
	c := dial(t, serve(t, bot))
	c.say("early", "你好")
	if f := c.next("error"); f["code"] != codeOutOfOrder || f["id"] != "early" {
		t.Errorf("a message before hello was answered %v", f)
	}
	c.hello("", 0)
	for _, test := range []struct{ frame, code string }{
		{`not JSON`, codeMalformed},
		{`[]`, codeMalformed},
		{`{}`, codeMalformed},
		{"{\"type\":\"\xff\"}", codeMalformed},
		{`{"type":"shout"}`, codeMalformed},
		{`{"type":"hello"}`, codeOutOfOrder},
		{`{"type":"hello","after":-1}`, codeMalformed},
		{`{"type":"hello","language":"fr"}`, codeMalformed},
		{`{"type":"message","text":"no id"}`, codeMalformed},
		{`{"type":"message","id":"x"}`, codeMalformed},
		{`{"type":"message","id":"x","text":" \n"}`, codeMalformed},
		{`{"type":"message","id":"x","text":"a","choice":"b"}`, codeMalformed},
		{`{"type":"message","id":"x","text":"` + strings.Repeat("字", maxText+1) + `"}`, codeTooLong},
		{`{"type":"message","id":"x","choice":"` + strings.Repeat("c", maxName+1) + `"}`, codeTooLong},
		{`{"type":"message","id":"` + strings.Repeat("i", maxName+1) + `","text":"a"}`, codeTooLong},
	} {
		c.write(test.frame)
		if f := c.next("error"); f["code"] != test.code || f["message"] == "" {
			t.Errorf("%.60s was answered %v, want %s", test.frame, f, test.code)
		}
	}
	c.write(`{"type":"message","id":"y","text":"` + strings.Repeat("字", maxText) + `"}`)
	c.next("done")
	if n := len(bot.texts()); n != 2 {
		t.Errorf("%d messages were handled, want the opening and the one that is right", n)
	}
}

func TestTooManyBadFramesEndTheConnection(t *testing.T) {
	c := dial(t, serve(t, newMemory()))
	for range maxFaults {
		c.write(`{`)
		c.next("error")
	}
	_, _, err := c.ws.ReadMessage()
	if !websocket.IsCloseError(err, websocket.ClosePolicyViolation) {
		t.Errorf("the connection ended with %v", err)
	}
}

func TestOversizeFrameCostsOnlyItsConnection(t *testing.T) {
	server := serve(t, newMemory())
	other := dial(t, server)
	other.hello("", 0)
	c := dial(t, server)
	token, _ := c.hello("", 0)
	c.write(`{"type":"message","id":"x","text":"` + strings.Repeat("a", maxFrame) + `"}`)
	for err := error(nil); err == nil; { // 1009, or a reset that overtakes it
		_, _, err = c.ws.ReadMessage()
	}
	other.say("a", "你好")
	other.next("done")
	_, all := dial(t, server).hello(token, 0)
	want(t, all, []string{greeting})
}

func TestOrigins(t *testing.T) {
	server := serve(t, newMemory(), "https://shop.example")
	for _, test := range []struct {
		origins []string
		status  int
	}{
		{nil, 101},
		{[]string{server.URL}, 101},
		{[]string{"https://shop.example"}, 101},
		{[]string{"https://shop.example.evil.example"}, 403},
		{[]string{"https://shop.example:8443"}, 403},
		{[]string{"http://shop.example"}, 403},
		{[]string{"https://evil.example"}, 403},
		{[]string{"null"}, 403},
		{[]string{""}, 403},
		{[]string{"https://shop.example", "https://evil.example"}, 403},
	} {
		header := http.Header{"Origin": test.origins}
		ws, answer, err := websocket.DefaultDialer.Dial(strings.Replace(server.URL, "http", "ws", 1)+"/chat/ws", header)
		if err == nil {
			ws.Close()
		}
		if answer == nil || answer.StatusCode != test.status {
			t.Errorf("origins %q: %v, %v, want status %d", test.origins, answer, err, test.status)
		}
	}
}
