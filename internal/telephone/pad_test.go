package telephone

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"supportbot/channels/twilio"
)

// bot asks for three digits, says them back, and hangs up.
type bot struct {
	mu    sync.Mutex
	heard []url.Values
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil || r.Header.Get(twilio.SignatureHeader) != twilio.Sign("token", "http://"+r.Host+r.RequestURI, r.PostForm) {
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return
	}
	b.mu.Lock()
	b.heard = append(b.heard, r.PostForm)
	b.mu.Unlock()
	switch digits := r.PostForm.Get("Digits") + r.PostForm.Get("SpeechResult"); {
	case r.PostForm.Get("CallStatus") == "completed":
		w.WriteHeader(http.StatusNoContent)
	case digits == "":
		_, _ = io.WriteString(w, `<Response><Say language="en-US">Hello</Say><Gather action="turn?n=1" numDigits="3" actionOnEmptyResult="true"><Say>Three <say-as>digits</say-as></Say></Gather></Response>`)
	default:
		_, _ = io.WriteString(w, `<Response><Say>You said `+digits+`</Say><Hangup/></Response>`)
	}
}

func (b *bot) ended() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.heard) > 0 && b.heard[len(b.heard)-1].Get("CallStatus") == "completed"
}

// page opens the pad of a bot, and returns how to call it.
func page(t *testing.T) (*bot, func(origin string) (*websocket.Conn, int)) {
	t.Helper()
	b := &bot{}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	mux := http.NewServeMux()
	for _, r := range NewPad(server.URL, "token", "", func(*http.Request) string { return "" }, slog.New(slog.DiscardHandler)).Routes() {
		mux.Handle(r.Pattern, r.Handler)
	}
	pad := httptest.NewServer(mux)
	t.Cleanup(pad.Close)
	return b, func(origin string) (*websocket.Conn, int) {
		if origin == "" {
			origin = pad.URL
		}
		ws, response, err := websocket.DefaultDialer.Dial(strings.Replace(pad.URL, "http", "ws", 1)+"/phone/line", http.Header{"Origin": {origin}})
		if response == nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if ws != nil {
			t.Cleanup(func() { ws.Close() })
		}
		return ws, response.StatusCode
	}
}

// next reads events until the call listens or ends, and returns what was said.
func next(t *testing.T, ws *websocket.Conn) (said string, last Event) {
	t.Helper()
	for !last.Listen && !last.Ended {
		last = Event{}
		if err := ws.ReadJSON(&last); err != nil {
			t.Fatalf("after %q: %v", said, err)
		}
		said += last.Say + "\n"
	}
	return said, last
}

func TestACallFromThePage(t *testing.T) {
	for name, c := range map[string]struct{ frame, hears string }{
		"keys":                       {`{"keys":"123"}`, "You said 123\n\n"},
		"more keys than are asked":   {`{"keys":"123456"}`, "You said 123\n\n"},
		"keys up to the finishing #": {`{"keys":"12#3"}`, "You said 12\n\n"},
		"words":                      {`{"say":" one two "}`, "You said one two\n\n"},
		"silence":                    {`{"silence":true}`, "Hello\nThree digits\n\n"},
		"hanging up":                 {`{"hangup":true}`, "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			b, call := page(t)
			ws, _ := call("")
			said, last := next(t, ws)
			if said != "Hello\nThree digits\n\n" || last.Keys != 3 {
				t.Errorf("heard %q, then %+v", said, last)
			}
			if err := ws.WriteMessage(websocket.TextMessage, []byte(c.frame)); err != nil {
				t.Fatal(err)
			}
			said, last = next(t, ws)
			if said != c.hears {
				t.Errorf("heard %q, want %q", said, c.hears)
			}
			if last.Ended && !b.ended() {
				t.Error("the bot was not told of the end")
			}
		})
	}
}

// TestThePageIsGone: whatever ends a page, the bot hears of the end of the call.
func TestThePageIsGone(t *testing.T) {
	for name, leave := range map[string]func(*websocket.Conn){
		"closed":            func(ws *websocket.Conn) { ws.Close() },
		"no JSON":           func(ws *websocket.Conn) { _ = ws.WriteMessage(websocket.TextMessage, []byte("{")) },
		"no keys":           func(ws *websocket.Conn) { _ = ws.WriteJSON(fromPage{Keys: "12a"}) },
		"too many keys":     func(ws *websocket.Conn) { _ = ws.WriteJSON(fromPage{Keys: strings.Repeat("1", 33)}) },
		"too many words":    func(ws *websocket.Conn) { _ = ws.WriteJSON(fromPage{Say: strings.Repeat("a", 501)}) },
		"keys and words":    func(ws *websocket.Conn) { _ = ws.WriteJSON(fromPage{Keys: "1", Say: "one"}) },
		"nothing":           func(ws *websocket.Conn) { _ = ws.WriteJSON(fromPage{}) },
		"a frame too long":  func(ws *websocket.Conn) { _ = ws.WriteJSON(fromPage{Say: strings.Repeat("a", 5000)}) },
		"what is not UTF-8": func(ws *websocket.Conn) { _ = ws.WriteMessage(websocket.BinaryMessage, []byte("\xff")) },
	} {
		t.Run(name, func(t *testing.T) {
			b, call := page(t)
			ws, _ := call("")
			next(t, ws)
			leave(ws)
			for deadline := time.Now().Add(10 * time.Second); !b.ended(); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the bot never hears of the end")
				}
			}
			if b.mu.Lock(); len(b.heard) != 2 {
				t.Errorf("%d webhooks, want the first and the last: %v", len(b.heard), b.heard)
			}
			b.mu.Unlock()
		})
	}
}

func TestTheLineIsNotForEverybody(t *testing.T) {
	b, call := page(t)
	if _, status := call("https://evil.example"); status != http.StatusForbidden {
		t.Errorf("another site: %d", status)
	}
	busy := 0
	for range callsBegun + 5 {
		ws, status := call("")
		switch {
		case status == http.StatusTooManyRequests:
			busy++
		case ws == nil:
			t.Fatalf("status %d", status)
		default:
			next(t, ws)
		}
	}
	if busy < 5 {
		t.Errorf("%d calls were refused, want 5 and those that the refused site has used up", busy)
	}
	if b.mu.Lock(); len(b.heard) > callsAtOnce {
		t.Errorf("%d calls at once", len(b.heard))
	}
	b.mu.Unlock()
}

func TestThePageRunsNothingElse(t *testing.T) {
	for path, kind := range map[string]string{"/phone": "text/html", "/phone/pad.js": "text/javascript", "/phone/words.js": "text/javascript", "/phone/pad.css": "text/css"} {
		for _, r := range NewPad("http://127.0.0.1:1", "token", "", nil, nil).Routes() {
			if r.Pattern != "GET "+path {
				continue
			}
			w := httptest.NewRecorder()
			r.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			policy := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "script-src 'self';") {
				t.Errorf("%s: %v", path, w.Header())
			}
			if body := w.Body.String(); kind == "text/html" && (strings.Contains(body, " style=") || strings.Contains(body, "onclick=") || strings.Contains(body, "token")) {
				t.Errorf("%s has in it what it must not", path)
			}
		}
	}
}
