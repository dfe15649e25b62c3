package webchat

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// serve starts the channel over bot on a server of its own.
func serve(t *testing.T, bot *memory, origins ...string) *httptest.Server {
	t.Helper()
	return serveChannel(t, New(bot, Options{Context: t.Context(), AllowedOrigins: origins, Log: quiet}))
}

var quiet = slog.New(slog.DiscardHandler)

func serveChannel(t *testing.T, c *Channel) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for _, route := range c.Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// client is a websocket client that speaks in frames.
type client struct {
	*testing.T
	ws *websocket.Conn
}

type frame map[string]any

func dial(t *testing.T, server *httptest.Server) *client {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(strings.Replace(server.URL, "http", "ws", 1)+"/chat/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return &client{t, ws}
}

func (c *client) write(text string) {
	c.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.Fatal(err)
	}
}

func (c *client) say(id, text string) {
	c.Helper()
	c.write(fmt.Sprintf(`{"type":"message","id":%q,"text":%q}`, id, text))
}

// until reads frames up to the first of a type, and returns all of them.
func (c *client) until(kind string) []frame {
	c.Helper()
	var read []frame
	for {
		_ = c.ws.SetReadDeadline(time.Now().Add(5 * time.Second))
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			c.Fatalf("waiting for %q after %v: %v", kind, read, err)
		}
		var f frame
		if err := json.Unmarshal(data, &f); err != nil {
			c.Fatal(err)
		}
		read = append(read, f)
		if f["type"] == kind {
			return read
		}
	}
}

func (c *client) next(kind string) frame {
	c.Helper()
	read := c.until(kind)
	return read[len(read)-1]
}

// endsWith reads up to the end of the connection, which must have a code.
func (c *client) endsWith(code int) {
	c.Helper()
	for {
		_ = c.ws.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, _, err := c.ws.ReadMessage(); err != nil {
			if !websocket.IsCloseError(err, code) {
				c.Errorf("the connection ended with %v, want code %d", err, code)
			}
			return
		}
	}
}

// hello opens a conversation and returns its token and the messages after seq.
func (c *client) hello(token string, after int) (string, []string) {
	c.Helper()
	c.write(fmt.Sprintf(`{"type":"hello","token":%q,"after":%d,"language":"zh"}`, token, after))
	return c.next("welcome")["token"].(string), shown(c.next("messages"))
}

// shown lists the messages of a frame as "seq from content".
func shown(f frame) []string {
	var list []string
	for _, m := range f["messages"].([]any) {
		m := m.(map[string]any)
		content := m["text"]
		if m["html"] != nil {
			content = m["html"]
		}
		list = append(list, strings.TrimSpace(fmt.Sprint(m["seq"], " ", m["from"], " ", content)))
	}
	return list
}

func want(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
