package webchat

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
)

// tokenOf is the token of a person of the suite.
func tokenOf(person int) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%0*d", tokenBytes, person))
}

func TestSuite(t *testing.T) {
	at := supportbot.Address{Channel: supportbot.Web, Peer: peer(tokenOf(1))}
	opened := supportbot.Inbound{Address: at, ID: "open", Kind: supportbot.InOpen, Language: supportbot.Chinese}
	channeltest.Run(t, channeltest.Suite{
		Channel: supportbot.Web,
		Receive: &channeltest.Receiver{
			New: func(conv channels.Conversations) []channels.Route {
				return New(conv, Options{Context: t.Context(), AllowedOrigins: []string{"https://shop.example"}, Log: quiet}).Routes()
			},
			Request: func(string) *http.Request {
				r := httptest.NewRequest(http.MethodGet, "/chat/ws", nil)
				r.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}}
				return r
			},
			Forge: foreign,
			Wire:  overSocket,
			Payloads: []channeltest.Payload{
				{Name: "nothing but the connection", Body: `{"type":"hello","token":"` + tokenOf(1) + `","after":0,"language":"zh"}`, Want: []supportbot.Inbound{opened}},
				{Name: "words", Body: frameOf(1, `"id":"1","text":"绑卡失败"`),
					Want: []supportbot.Inbound{opened, {Address: at, ID: "1", Kind: supportbot.InText, Text: "绑卡失败"}}},
				{Name: "a button, and a field of tomorrow", Body: frameOf(1, `"id":"1","choice":"control:agent","mood":"bad"`),
					Want: []supportbot.Inbound{opened, {Address: at, ID: "1", Kind: supportbot.InChoice, Choice: "control:agent"}}},
			},
			Numbered: func(p, n int) string { return frameOf(p, fmt.Sprintf(`"id":"%d","text":"%[1]d"`, n)) },
			MaxBody:  maxFrame,
			Forged:   http.StatusForbidden,
			Conflict: http.StatusConflict,
			Invalid:  http.StatusBadRequest,
		},
		Shown: func(m supportbot.Message) []string {
			shown := render([]supportbot.Message{m})[0]
			text := shown.Text + html.UnescapeString(markup.ReplaceAllString(shown.HTML, ""))
			if text == "" { // of marks alone
				return nil
			}
			return []string{text}
		},
	})
}

var markup = regexp.MustCompile(`<[^>]*>`)

// frameOf is a message of a person. That the token stands in it tells the suite whose
// connection takes it; the channel does not look at it there.
func frameOf(person int, fields string) string {
	return fmt.Sprintf(`{"type":"message","token":%q,%s}`, tokenOf(person), fields)
}

// foreign has a page of another site ask for the connection.
func foreign(r *http.Request, random *rand.Rand) {
	const good = "https://shop.example"
	origin := good
	for origin == good { // some changes change nothing
		if random.IntN(2) == 0 {
			origin = hostileSites[random.IntN(len(hostileSites))]
			continue
		}
		letters := []byte(good)
		letters[random.IntN(len(letters))] ^= 1 << random.IntN(8)
		origin = string(letters)
	}
	r.Header["Origin"] = []string{origin}
}

var hostileSites = hostileOrigins("https", "shop.example")

// overSocket carries frames as the widget does: over one connection a person, which it
// opens again when it has ended.
func overSocket(t *testing.T, routes http.Handler) func(body string) channeltest.Answer {
	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)
	conns := map[string]*websocket.Conn{}
	t.Cleanup(func() {
		for _, ws := range conns {
			ws.Close()
		}
	})
	return func(body string) channeltest.Answer {
		var sent fromClient
		if err := json.Unmarshal([]byte(body), &sent); err != nil {
			t.Fatal(err)
		}
		if conns[sent.Token] == nil {
			ws, greeting := greeted(t, server.URL, sent.Token)
			if greeting.Status != http.StatusOK || sent.Type == "hello" {
				ws.Close()
				return greeting
			}
			conns[sent.Token] = ws
		}
		answer := asked(t, conns[sent.Token], body, func(f fromServer) bool { return f.Type == "done" || f.Type == "error" })
		if ended := []int{http.StatusServiceUnavailable, http.StatusRequestEntityTooLarge}; slices.Contains(ended, answer.Status) {
			conns[sent.Token].Close()
			delete(conns, sent.Token)
		}
		return answer
	}
}

// greeted opens a connection and says hello on it.
func greeted(t *testing.T, url, token string) (*websocket.Conn, channeltest.Answer) {
	ws, _, err := websocket.DefaultDialer.Dial(strings.Replace(url, "http", "ws", 1)+"/chat/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	return ws, asked(t, ws, fmt.Sprintf(`{"type":"hello","token":%q,"language":"zh"}`, token), func(f fromServer) bool { return f.Type == "messages" })
}

// fromServer is as much of a frame as tells what came of a message.
type fromServer struct{ Type, Code string }

// statusOf is what frames of error say, and the ends of a connection, in the words of
// HTTP.
var statusOf = map[string]int{
	codeMalformed: http.StatusBadRequest, codeTooLong: http.StatusRequestEntityTooLarge, codeOutOfOrder: http.StatusBadRequest,
	codeConflict: http.StatusConflict, codeInvalid: http.StatusBadRequest, codeUnavailable: http.StatusServiceUnavailable, codeSlowDown: http.StatusTooManyRequests,
}

// asked writes a frame and reads up to the answer, or to the end of the connection.
func asked(t *testing.T, ws *websocket.Conn, body string, answers func(fromServer) bool) channeltest.Answer {
	if err := ws.WriteMessage(websocket.TextMessage, []byte(body)); err != nil {
		return channeltest.Answer{Status: http.StatusServiceUnavailable, Body: "cut"}
	}
	for {
		_ = ws.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, data, err := ws.ReadMessage()
		switch {
		case websocket.IsCloseError(err, websocket.CloseMessageTooBig):
			return channeltest.Answer{Status: http.StatusRequestEntityTooLarge, Body: err.Error()}
		case err != nil:
			return channeltest.Answer{Status: http.StatusServiceUnavailable, Body: err.Error()}
		}
		var f fromServer
		if err := json.Unmarshal(data, &f); err != nil {
			t.Fatal(err)
		}
		if !answers(f) {
			continue
		}
		if status, bad := statusOf[f.Code]; bad {
			return channeltest.Answer{Status: status, Body: string(data)}
		}
		return channeltest.Answer{Status: http.StatusOK, Body: string(data)}
	}
}
