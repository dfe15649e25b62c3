package telegram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot/channels/channeltest"
	"supportbot/channels/telegram"
)

// updates is a Bot API server that keeps updates until they are acknowledged.
type updates struct {
	*httptest.Server

	mu      sync.Mutex
	waiting []json.RawMessage
	answers []string // given first
	done    chan struct{}
}

func newUpdates(t *testing.T, waiting ...string) *updates {
	u := &updates{done: make(chan struct{})}
	for _, one := range waiting {
		u.waiting = append(u.waiting, json.RawMessage(one))
	}
	u.Server = api(t, u.answer)
	return u
}

func (u *updates) answer(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/getUpdates") {
		fmt.Fprint(w, `{"ok":true,"result":true}`)
		return
	}
	var asked struct{ Offset int64 }
	_ = json.NewDecoder(r.Body).Decode(&asked)
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.answers) > 0 {
		fmt.Fprint(w, u.answers[0])
		u.answers = u.answers[1:]
		return
	}
	u.waiting = slices.DeleteFunc(u.waiting, func(one json.RawMessage) bool {
		var known struct {
			ID int64 `json:"update_id"`
		}
		_ = json.Unmarshal(one, &known)
		return known.ID < asked.Offset
	})
	if len(u.waiting) == 0 {
		select {
		case <-u.done:
		default:
			close(u.done)
		}
	}
	page, _ := json.Marshal(u.waiting[:min(100, len(u.waiting))])
	fmt.Fprintf(w, `{"ok":true,"result":%s}`, page)
}

// run runs a channel until all updates are acknowledged.
func (u *updates) run(t *testing.T, bot *channeltest.Bot, log *slog.Logger) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := open(t, bot, telegram.Options{Server: u.URL, Log: log})
	var running sync.WaitGroup
	running.Go(func() { c.Run(ctx) })
	select {
	case <-u.done:
	case <-time.After(30 * time.Second):
		t.Error("the updates were never acknowledged")
	}
	cancel()
	running.Wait()
}

func numbered(update, chat, n int) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d},"chat":{"id":%[3]d,"type":"private"},"text":"%[2]d"}}`, update, n, chat)
}

// TestPollingLosesNothing: the offset passes no update that was not taken, each
// chat keeps its order, and what cannot be read holds up nobody.
func TestPollingLosesNothing(t *testing.T) {
	var waiting []string
	for n := range 300 {
		waiting = append(waiting, numbered(n+1, n%7+1, n))
	}
	waiting = slices.Insert(waiting, 50, `{"update_id":50,"message":{"message_id":"fifty"}}`)
	u := newUpdates(t, waiting...)
	calls := 0
	bot := channeltest.NewBot(channeltest.SayBack)
	bot.Fail(func() error {
		if calls++; calls == 20 || calls == 150 {
			return errors.New("store: away for a moment")
		}
		if calls == 100 {
			panic("a mistake of ours")
		}
		return nil
	})
	u.run(t, bot, nil)
	next := map[string]int{}
	for _, in := range bot.Taken() {
		var n int
		_, _ = fmt.Sscan(in.Text, &n)
		if n < next[in.Peer] {
			t.Errorf("chat %s: message %d came after %d", in.Peer, n, next[in.Peer])
		}
		next[in.Peer] = n
	}
	if len(bot.Taken()) != 300 {
		t.Errorf("%d messages were taken, want 300", len(bot.Taken()))
	}
}

// TestPollingTellsWhatIsWrong, without the token that stands in every address.
func TestPollingTellsWhatIsWrong(t *testing.T) {
	var log bytes.Buffer
	u := newUpdates(t, numbered(1, 1, 1))
	u.answers = []string{
		`{"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates method while webhook is active"}`,
		`{"ok":false,"error_code":401,"description":"Unauthorized"}`,
		`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}`,
		`<html>`,
	}
	bot := channeltest.NewBot(channeltest.SayBack)
	u.run(t, bot, slog.New(slog.NewTextHandler(&log, nil)))
	for _, want := range []string{"another program fetches", "--telegram-token", "too many requests", "no JSON"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if len(bot.Taken()) != 1 {
		t.Errorf("taken: %v", bot.Taken())
	}
}

// TestTheTokenStaysSecret also where nobody answers: errors of HTTP name the
// address.
func TestTheTokenStaysSecret(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	var log bytes.Buffer
	c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: gone.URL, Log: slog.New(slog.NewTextHandler(&log, nil))})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	c.Run(ctx)
	if !strings.Contains(log.String(), "connection refused") || strings.Contains(log.String(), token[10:]) {
		t.Errorf("the log: %s", &log)
	}
}
