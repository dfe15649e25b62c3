package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// TestAKillBeforeTelegramIsAnswered: the turn is committed, its answer to Telegram
// never leaves, and the update comes again.
func TestAKillBeforeTelegramIsAnswered(t *testing.T) {
	committed, hang := make(chan struct{}, 1), atomic.Bool{}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/answerCallbackQuery") && hang.Load() { // which comes after the commit
			_, _ = io.Copy(io.Discard, r.Body) // or nobody would see the connection end
			committed <- struct{}{}
			<-r.Context().Done()
		}
		fmt.Fprint(w, `{"ok":true,"result":{}}`)
	}))
	defer api.Close()
	dir := t.TempDir()
	start := func() *server {
		return serve(t, dir, "--telegram-token", telegramToken, "--telegram-server", api.URL, "--telegram-secret", "s3cret")
	}
	s := start()
	post := func(secret string) (int, error) {
		r, err := http.NewRequest("POST", s.url+"/channels/telegram", strings.NewReader(
			`{"update_id":9,"callback_query":{"id":"77","from":{"id":614},"message":{"message_id":2,"chat":{"id":614,"type":"private"}},"data":"control:agent"}}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, err
		}
		response.Body.Close()
		return response.StatusCode, nil
	}
	if status, err := post("guess"); status != http.StatusUnauthorized {
		t.Errorf("a wrong secret: %d %v", status, err)
	}
	hang.Store(true)
	cut := make(chan error)
	go func() {
		_, err := post("s3cret")
		cut <- err
	}()
	<-committed
	s.kill()
	if err := <-cut; err == nil {
		t.Fatal("Telegram had its answer")
	}
	hang.Store(false)
	s = start()
	for range 2 {
		if status, err := post("s3cret"); status != http.StatusOK {
			t.Fatalf("again: %d %v", status, err)
		}
	}
	token := s.token()
	_, list := s.rest(token, "GET", "/console/api/cases?state=all", "")
	if cases := list["cases"].([]any); len(cases) != 1 {
		t.Fatalf("%d cases, want one: %v", len(cases), cases)
	}
	_, seen := s.rest(token, "GET", "/console/api/cases/1-1", "")
	if said := seen["transcript"].([]any); len(said) != 1 {
		t.Errorf("the transcript holds %v, want one answer to one tap", said)
	}
}

func TestTelegramNeedsItsSettings(t *testing.T) {
	for want, args := range map[string][]string{
		"as BotFather gives it":           {"--telegram-token", "ShopHelpBot"},
		"off without --telegram-token":    {"--telegram-secret", "s3cret"},
		"--telegram-server must be a URL": {"--telegram-token", telegramToken, "--telegram-server", "localhost"},
	} {
		_, err := command(t, "", append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, args...)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
}
