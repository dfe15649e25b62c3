package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// updated has Telegram deliver a message of chat 614 to its webhook.
func (s *server) updated(t *testing.T, id int, holds string) {
	t.Helper()
	body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%[1]d,"from":{"id":614,"language_code":"en"},"chat":{"id":614,"type":"private"},"date":1,%s}}`, id, holds)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/channels/telegram", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s3cret")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("update %d: %d", id, response.StatusCode)
	}
}

// TestAnAgentSeesAPictureFromTelegram: it comes through the server and its store,
// once for an update that comes twice, without what its file told beside it; and of
// a file that is none, the agent is told.
func TestAnAgentSeesAPictureFromTelegram(t *testing.T) {
	var file bytes.Buffer
	screen := image.NewGray(image.Rect(0, 0, 2000, 1000))
	screen.Set(5, 5, color.White)
	if err := png.Encode(&file, screen); err != nil {
		t.Fatal(err)
	}
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/getFile"):
			fmt.Fprintf(w, `{"ok":true,"result":{"file_id":"x","file_path":"photos/%s"}}`, r.FormValue("file_id"))
		case strings.HasSuffix(r.URL.Path, "/photos/screen"):
			_, _ = w.Write(file.Bytes())
		case strings.HasSuffix(r.URL.Path, "/photos/page"):
			fmt.Fprint(w, `<html><script>alert(1)</script></html>`)
		default:
			fmt.Fprint(w, `{"ok":true,"result":{"message_id":1,"chat":{"id":614,"type":"private"},"date":1}}`)
		}
	}))
	defer bot.Close()
	s := serve(t, t.TempDir(), "--telegram-token", telegramToken, "--telegram-server", bot.URL, "--telegram-secret", "s3cret")
	s.updated(t, 1, `"photo":[{"file_id":"small","width":90},{"file_id":"screen","width":2000}]`)
	s.updated(t, 1, `"photo":[{"file_id":"small","width":90},{"file_id":"screen","width":2000}]`)
	s.updated(t, 2, `"document":{"file_id":"page","mime_type":"image/png"}`)
	s.updated(t, 3, `"text":"/agent"`)

	token := s.token()
	var seen map[string]any
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		_, seen = s.rest(token, "GET", "/console/api/cases/1-1", "")
		if sent := fmt.Sprint(seen["pictures"]); strings.Contains(sent, "unreadable") && !strings.Contains(sent, "coming") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the pictures are %v", seen["pictures"])
		}
	}
	if all := seen["pictures"].([]any); len(all) != 2 || all[0].(map[string]any)["state"] != "here" {
		t.Errorf("the pictures are %v", all)
	}
	if said := fmt.Sprint(seen["transcript"]); !strings.Contains(said, "once you are with an agent") {
		t.Errorf("the transcript is %s", said)
	}

	r, err := http.NewRequest("GET", s.url+"/console/api/cases/1-1/pictures/m1", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(body))
	if err != nil || config.Width != 1600 || config.Height != 800 {
		t.Errorf("%d, a JPEG of %dx%d, %v", response.StatusCode, config.Width, config.Height, err)
	}
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Cache-Control": "no-store"} {
		if got := response.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
