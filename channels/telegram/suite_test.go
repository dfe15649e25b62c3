package telegram_test

import (
	"fmt"
	"html"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
	"supportbot/channels/telegram"
)

const (
	token  = "123456789:AAExampleTokenOfABotThatIsNoBot00000"
	secret = "a-secret_of-the_webhook"
	header = "X-Telegram-Bot-Api-Secret-Token"
)

func open(t testing.TB, conv channels.Conversations, opt telegram.Options) *telegram.Channel {
	t.Helper()
	opt.Token = token
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if err := opt.Check(); err != nil {
		t.Fatal(err)
	}
	c, err := telegram.New(conv, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/channels/telegram", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(header, secret)
	return r
}

func TestSuite(t *testing.T) {
	channeltest.Run(t, channeltest.Suite{Channel: supportbot.Telegram, Receive: receiver(t), Send: sending(t), Shown: shown(t)})
}

func receiver(t *testing.T) *channeltest.Receiver {
	server := api(t, nil) // to whom buttons are answered
	return &channeltest.Receiver{
		New: func(conv channels.Conversations) []channels.Route {
			return open(t, conv, telegram.Options{Secret: secret, Server: server.URL}).Routes()
		},
		Request:  post,
		Forge:    forge,
		Payloads: payloads,
		Numbered: func(p, n int) string {
			return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false},"chat":{"id":%[3]d,"type":"private"},"date":1,"text":"%[2]d"}}`, p*1000+n, n, p)
		},
		MaxBody:  256 << 10,
		Forged:   http.StatusUnauthorized,
		Conflict: http.StatusOK, // or it would come again and again
		Invalid:  http.StatusOK,
	}
}

// forge changes, cuts, lengthens or leaves out the secret.
func forge(r *http.Request, random *rand.Rand) {
	forged := []byte(secret)
	switch random.IntN(4) {
	case 0:
		r.Header.Del(header)
		return
	case 1:
		forged = forged[:random.IntN(len(forged))]
	case 2:
		forged = append(forged, byte('a'+random.IntN(26)))
	case 3:
		forged[random.IntN(len(forged))] ^= byte(1 + random.IntN(15))
	}
	r.Header.Set(header, string(forged))
}

func sending(t *testing.T) *channeltest.Sending {
	refused := func(code int, description, parameters string) string {
		return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q%s}`, code, description, parameters)
	}
	return &channeltest.Sending{
		New: func(url string) channels.Sender {
			return open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: url})
		},
		To:     at("614"),
		Secret: token,
		Taken:  channeltest.Verdict{Status: 200, Body: `{"ok":true,"result":{"message_id":5,"chat":{"id":614,"type":"private"},"date":1,"text":"canary"}}`},
		Faults: []channeltest.Verdict{
			{Name: "too many", Status: 429, Body: refused(429, "Too Many Requests: retry after 17", `,"parameters":{"retry_after":17}`), Want: channels.Limited, After: 17 * time.Second},
			{Name: "too many, for a year", Status: 429, Body: refused(429, "Too Many Requests", `,"parameters":{"retry_after":31536000}`), Want: channels.Limited, After: time.Hour},
			{Name: "blocked", Status: 403, Body: refused(403, "Forbidden: bot was blocked by the user", ""), Want: channels.Gone},
			{Name: "deactivated", Status: 403, Body: refused(403, "Forbidden: user is deactivated", ""), Want: channels.Gone},
			{Name: "no such chat", Status: 400, Body: refused(400, "Bad Request: chat not found", ""), Want: channels.Gone},
			{Name: "a group that became a supergroup", Status: 400, Body: refused(400, "Bad Request: group chat was upgraded to a supergroup chat", `,"parameters":{"migrate_to_chat_id":-100188}`), Want: channels.Gone},
			{Name: "not taken", Status: 400, Body: refused(400, "Bad Request: can't parse entities: canary", ""), Want: channels.Refused},
			{Name: "the token was taken back", Status: 401, Body: refused(401, "Unauthorized", ""), Want: channels.Absent},
			{Name: "no such token", Status: 404, Body: refused(404, "Not Found", ""), Want: channels.Absent},
			{Name: "an error of the server", Status: 500, Body: refused(500, "Internal Server Error: canary", ""), Want: channels.Unsure},
			{Name: "a proxy's page", Status: 502, Body: "<html>canary 502</html>", Want: channels.Unsure},
			{Name: "half an answer", Status: 200, Body: `{"ok":true,"result":{"text":"canary`, Want: channels.Unsure},
			{Name: "sent elsewhere", Status: 302, Header: map[string]string{"Location": "http://127.0.0.1:1/"}, Want: channels.Unsure},
		},
	}
}

// TestAnAnswerOfANewFormIsNoFailure: the message was taken, and must not go out
// again.
func TestAnAnswerOfANewFormIsNoFailure(t *testing.T) {
	server := api(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok":true,"result":"sent"}`) })
	c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL})
	if err := c.Send(t.Context(), at("614"), supportbot.Message{From: supportbot.FromBot, Text: "x"}, "1"); err != nil {
		t.Error(err)
	}
}

// shown sends whatever may be said, and looks at what a Telegram app would show of it.
func shown(t *testing.T) channeltest.Shown {
	var parts []string
	server := api(t, func(w http.ResponseWriter, r *http.Request) {
		parts = append(parts, visible(t, r.FormValue("text")))
		fmt.Fprint(w, `{"ok":true,"result":{}}`)
	})
	return func(m supportbot.Message) []string {
		parts = nil
		c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL}) // that has not sent too much yet
		if err := c.Send(t.Context(), at("614"), m, "1"); err != nil {
			t.Fatal(err)
		}
		return parts
	}
}

var tags = regexp.MustCompile(`<(/?)(a|b)(?: href="https?://[^"<>]+")?>`)

// visible is what is left of HTML, which must nest and have no other tags.
func visible(t *testing.T, text string) string {
	var open []string
	for _, tag := range tags.FindAllStringSubmatch(text, -1) {
		if tag[1] == "" {
			open = append(open, tag[2])
		} else if n := len(open); n > 0 && open[n-1] == tag[2] {
			open = open[:n-1]
		} else {
			t.Fatalf("%q does not nest", text)
		}
	}
	text = tags.ReplaceAllString(text, "")
	if len(open) > 0 || strings.ContainsAny(text, "<>") {
		t.Fatalf("%q has tags that are open or unknown", text)
	}
	return html.UnescapeString(text)
}

// api is a Bot API server that answers by a handler, nil for what is always
// true.
func api(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	if answer == nil {
		answer = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"ok":true,"result":true}`) }
	}
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server
}
