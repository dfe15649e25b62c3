package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/channeltest"
	"supportbot/channels/pictures"
	"supportbot/channels/telegram"
)

// album is a store of one picture, which is tried again at once.
type album struct {
	mu      sync.Mutex
	wanted  []pictures.Wanted
	tries   int
	settled chan settled
}

type settled struct {
	state pictures.State
	jpeg  []byte
}

func (a *album) WantPicture(_ context.Context, _ supportbot.Address, id, ref string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.wanted {
		if w.ID == id {
			return nil
		}
	}
	a.wanted = append(a.wanted, pictures.Wanted{ID: id, Ref: ref})
	return nil
}

func (a *album) NextPicture(context.Context, supportbot.Channel, time.Duration) (pictures.Wanted, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.wanted) == 0 || a.tries < 0 {
		return pictures.Wanted{}, supportbot.ErrNotFound
	}
	a.tries++
	w := a.wanted[0]
	w.Tries = a.tries
	return w, nil
}

func (a *album) SettlePicture(_ context.Context, _ pictures.Wanted, state pictures.State, jpeg []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tries = -1
	a.settled <- settled{state, jpeg}
	return nil
}

func photo(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewRGBA(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestAPictureIsFetched, or what keeps it from being so is known. The file half of
// the Bot API is by hand here.
func TestAPictureIsFetched(t *testing.T) {
	foreign := api(t, func(http.ResponseWriter, *http.Request) { t.Error("a foreign host was called") })
	is := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }
	}
	fails := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	once := 0
	const path = `{"ok":true,"result":{"file_id":"x","file_unique_id":"u","file_size":9,"file_path":"photos/file_7.jpg"}}`
	tests := []struct {
		name  string
		found string // what getFile answers
		file  http.HandlerFunc
		want  pictures.State
	}{
		{"a photo", path, is(photo(t)), pictures.Here},
		{"a page", path, is([]byte("<html>")), pictures.Unreadable},
		{"nothing", path, is(nil), pictures.Unreadable},
		{"it is gone", path, fails(http.StatusNotFound), pictures.Gone},
		{"it fails once", path, func(w http.ResponseWriter, r *http.Request) {
			if once++; once == 1 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			is(photo(t))(w, r)
		}, pictures.Here},
		{"it fails always", path, fails(http.StatusInternalServerError), pictures.Unreached},
		{"it breaks off", path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write(photo(t)[:100])
		}, pictures.Unreached},
		{"it leads elsewhere", path, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, foreign.URL+"/x", http.StatusFound)
		}, pictures.Unreached},
		{"it says that it is too large", path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(pictures.MaxBytes+1))
		}, pictures.Large},
		{"it is too large and does not say so", path, func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			_, _ = io.CopyN(w, zeros{}, pictures.MaxBytes+4096)
		}, pictures.Large},
		{"Telegram says that it is too large", `{"ok":true,"result":{"file_id":"x","file_size":20971520,"file_path":"photos/file_7.jpg"}}`, nil, pictures.Large},
		{"beyond what bots may have", `{"ok":false,"error_code":400,"description":"Bad Request: file is too big"}`, nil, pictures.Large},
		{"no such file", `{"ok":false,"error_code":400,"description":"Bad Request: wrong file_id or the file is temporarily unavailable"}`, nil, pictures.Gone},
		{"a path that leads out", `{"ok":true,"result":{"file_id":"x","file_path":"../../botX/getMe"}}`, nil, pictures.Gone},
		{"a path on the server's disk", `{"ok":true,"result":{"file_id":"x","file_path":"/var/lib/bot/file_7.jpg"}}`, nil, pictures.Gone},
		{"another host", `{"ok":true,"result":{"file_id":"x","file_path":"@` + strings.TrimPrefix(foreign.URL, "http://") + `/x"}}`, nil, pictures.Gone},
		{"Telegram does not answer in its form", `<html>`, nil, pictures.Unreached},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := api(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/bot" + token + "/getFile":
					if got := r.FormValue("file_id"); got != "AgACAgUAAxkBAAIC" { // the largest
						t.Errorf("asked for %q", got)
					}
					fmt.Fprint(w, test.found)
				case "/file/bot" + token + "/photos/file_7.jpg":
					test.file(w, r)
				default:
					t.Errorf("asked for %s", r.URL.Path)
				}
			})
			var log bytes.Buffer
			kept := &album{settled: make(chan settled, 1)}
			c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL, Secret: secret, Pictures: kept, Log: slog.New(slog.NewJSONHandler(&log, nil))})
			for range 2 { // the second is a repeat
				if answer := serve(c, post(`{"update_id":1,"message":{"message_id":11,`+wang+`,`+onePhoto+`}}`)); answer.Code != http.StatusOK {
					t.Fatal(answer.Code)
				}
			}
			ctx, stop := context.WithCancel(t.Context())
			var running sync.WaitGroup
			running.Go(func() { c.Run(ctx) })
			got := <-kept.settled
			stop()
			running.Wait()
			if got.state != test.want || (got.jpeg != nil) != (test.want == pictures.Here) || len(kept.wanted) != 1 {
				t.Errorf("it is %s with %d bytes, want %s; wanted were %v", got.state, len(got.jpeg), test.want, kept.wanted)
			}
			if text := log.String(); strings.Contains(text, token) || strings.Contains(text, "AgAC") {
				t.Errorf("the log tells %s", text)
			}
		})
	}
}

// TestASlowPictureHoldsNothingUp: who stops the server does not wait for it.
func TestASlowPictureHoldsNothingUp(t *testing.T) {
	asked := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(asked)
		<-r.Context().Done()
	}))
	defer server.Close()
	kept := &album{settled: make(chan settled, 1)}
	c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL, Secret: secret, Pictures: kept})
	if answer := serve(c, post(`{"update_id":1,"message":{"message_id":11,`+wang+`,`+onePhoto+`}}`)); answer.Code != http.StatusOK {
		t.Fatal(answer.Code)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { c.Run(ctx); close(ended) }()
	<-asked
	if answer := serve(c, post(`{"update_id":2,"message":{"message_id":12,`+wang+`,"text":"在吗"}}`)); answer.Code != http.StatusOK {
		t.Errorf("a message meanwhile: %d", answer.Code)
	}
	stop()
	<-ended
	if len(kept.settled) > 0 {
		t.Error("it is given up")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
