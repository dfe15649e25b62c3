package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const callbackSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// shop is a company's program that is called back.
type shop struct {
	*testing.T
	url string

	mu    sync.Mutex
	down  bool
	got   []posted
	seen  map[string]bool // ids
	again int
}

type posted struct {
	Conversation, From, Text string
	Seq                      int64
}

func newShop(t *testing.T) *shop {
	s := &shop{T: t, seen: map[string]bool{}}
	receiver := httptest.NewServer(s)
	t.Cleanup(receiver.Close)
	s.url = receiver.URL
	return s
}

// ServeHTTP takes a message unless the shop is down, and drops repeats.
func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // half a message came
	}
	verifier, err := standardwebhooks.NewWebhook(callbackSecret)
	if err == nil {
		err = verifier.Verify(body, r.Header)
	}
	var message struct{ Data posted }
	if err == nil {
		err = json.Unmarshal(body, &message)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch id := r.Header.Get("webhook-id"); {
	case err != nil:
		s.Errorf("%v: %s", err, body)
	case s.down:
		w.WriteHeader(http.StatusInternalServerError)
	case s.seen[id]:
		s.again++
	default:
		s.seen[id] = true
		s.got = append(s.got, message.Data)
	}
}

func (s *shop) setDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// wait returns what the shop got of a conversation once there are n messages.
func (s *shop) wait(conversation string, n int) (got []posted) {
	s.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		got = slices.DeleteFunc(slices.Clone(s.got), func(p posted) bool { return p.Conversation != conversation })
		s.mu.Unlock()
		if len(got) >= n {
			return got
		}
		if time.Now().After(deadline) {
			s.Fatalf("%d messages came, want %d: %+v", len(got), n, got)
		}
	}
}

// TestCallbacks has a shop called back over its own trouble and the bot's: what
// the bot and an agent say comes in order, all of it, once.
func TestCallbacks(t *testing.T) {
	to := newShop(t)
	dir := t.TempDir()
	args := []string{"--rest-callback", to.url, "--rest-callback-secret", callbackSecret}
	s := serve(t, dir, args...)
	said, _ := s.says("1", "POS机密码忘了")
	to.reads(said, to.wait("c", 1)[0].Text)

	to.setDown(true)
	s.says("2", "转人工")
	s.kill()
	s = serve(t, dir, args...)
	token := s.token()
	_, list := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
	id := list["cases"].([]any)[0].(map[string]any)["id"].(string)
	s.rest(token, "POST", "/console/api/cases/"+id+"/claim", "")
	s.rest(token, "POST", "/console/api/cases/"+id+"/messages", `{"fence":2,"text":"我是客服小林"}`)
	s.log.wait(t, `message not sent, will try again.*the receiver answers 500`)
	to.setDown(false)

	_, transcript := s.rest(restKey, "GET", "/api/v1/conversations/c/messages?after=0", "")
	var want []posted
	for _, m := range transcript["messages"].([]any) {
		if m := m.(map[string]any); m["from"] != "user" {
			want = append(want, posted{"c", m["from"].(string), m["text"].(string), int64(m["seq"].(float64))})
		}
	}
	if got := to.wait("c", len(want)); !slices.Equal(got, want) {
		t.Errorf("the shop got %+v\nwant %+v", got, want)
	}
	if strings.Contains(s.log.String(), "我是客服小林") || strings.Contains(s.log.String(), callbackSecret) {
		t.Error("the log holds what was said, or the secret")
	}
}

func (s *shop) reads(said, want string) {
	s.Helper()
	if !strings.Contains(said, want) {
		s.Errorf("the shop got %q, but what was said is %q", want, said)
	}
}

func TestCallbacksNeedTheirSettings(t *testing.T) {
	for want, args := range map[string][]string{
		"--rest-callback-secret must be": {"--rest-key", "k", "--rest-callback", "https://shop.example.com"},
		"off without --rest-key":         {"--rest-callback", "https://shop.example.com", "--rest-callback-secret", callbackSecret},
	} {
		_, err := command(t, "", append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, args...)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
}
