package twilio

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
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
	"supportbot/channels/pictures"
)

// album is a store of pictures in memory, in which what failed is tried again at once.
type album struct {
	mu      sync.Mutex
	wanted  []pictures.Wanted
	settled []pictures.State // of each that is no longer wanted, in order
	done    chan struct{}    // closed when nothing is wanted; nil if nobody waits
}

func (a *album) WantPicture(_ context.Context, at supportbot.Address, id, ref string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.wanted {
		if w.ID == id {
			return nil
		}
	}
	a.wanted = append(a.wanted, pictures.Wanted{At: at, ID: id, Ref: ref})
	return nil
}

func (a *album) NextPicture(_ context.Context, c supportbot.Channel, _ time.Duration) (pictures.Wanted, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.wanted {
		if w := &a.wanted[i]; w.Tries >= 0 && w.At.Channel == c {
			w.Tries++
			return *w, nil
		}
	}
	return pictures.Wanted{}, supportbot.ErrNotFound
}

func (a *album) SettlePicture(_ context.Context, w pictures.Wanted, state pictures.State, jpeg []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if (jpeg != nil) != (state == pictures.Here) {
		return errors.New("a picture that is here, and only that, has pixels")
	}
	for i := range a.wanted {
		if a.wanted[i].ID == w.ID {
			a.wanted[i].Tries = -1000
		}
	}
	a.settled = append(a.settled, state)
	if len(a.settled) == len(a.wanted) {
		close(a.done)
	}
	return nil
}

func (a *album) refs() (all []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.wanted {
		all = append(all, w.Ref)
	}
	return all
}

// mediaSID and the others are how Twilio calls the n-th picture of a message.
func mediaSID(n int) string { return fmt.Sprintf("ME%032d", n) }
func ref(n int) string      { return messageSID + "/" + mediaSID(n) }
func mediaPath(n int) string {
	return "/2010-04-01/Accounts/" + account.AccountSID + "/Messages/" + messageSID + "/Media/" + mediaSID(n)
}
func mediaURL(n int) string { return "https://api.twilio.com" + mediaPath(n) }

const messageSID = "MM0123456789abcdef0123456789abcdef"

// photographed is an MMS with so many pictures.
func photographed(n int) (form map[string][]string) {
	form = sms(messageSID, mei, "")
	form["NumMedia"] = []string{fmt.Sprint(n)}
	for i := range n {
		form[fmt.Sprint("MediaContentType", i)] = []string{"image/jpeg"}
		form[fmt.Sprint("MediaUrl", i)] = []string{mediaURL(i)}
	}
	return form
}

func aPhoto(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewRGBA(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// fetches has a message with pictures come in and fetched from a server, and returns
// what became of them, and the log.
func fetches(t *testing.T, twilio http.HandlerFunc, n int, more ...func(*Config)) (*memory, string) {
	t.Helper()
	server := httptest.NewServer(twilio)
	t.Cleanup(server.Close)
	config := account
	config.Server = server.URL
	for _, change := range more {
		change(&config)
	}
	m, log := newMemory(), new(bytes.Buffer)
	m.album.done = make(chan struct{})
	messages := NewMessages(m, m, &m.album, config, slog.New(slog.NewJSONHandler(log, nil)))
	for range 2 { // the second is a repeat
		if status, answer := post(messages, messagesPath, photographed(n)); status != http.StatusOK || answer != nothing {
			t.Fatalf("answered %d %s", status, answer)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { messages.Run(ctx) })
	select {
	case <-m.album.done:
	case <-time.After(20 * time.Second):
		t.Error("the pictures are not settled")
	}
	stop()
	running.Wait()
	return m, log.String()
}

// TestAPictureComesByMMS, or what keeps it from coming is known, and told once.
func TestAPictureComesByMMS(t *testing.T) {
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a foreign host was called") }))
	defer foreign.Close()
	gives := func(body []byte, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			_, _ = w.Write(body)
		}
	}
	fails := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	leads := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusTemporaryRedirect) }
	}
	first := func(times int, before, after http.HandlerFunc) http.HandlerFunc {
		asked := 0
		return func(w http.ResponseWriter, r *http.Request) {
			if asked++; asked <= times {
				before(w, r)
				return
			}
			after(w, r)
		}
	}
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	if _, err := io.CopyN(zip, zeros{}, 20*pictures.MaxBytes); err != nil {
		t.Fatal(err)
	}
	zip.Close()
	photo := aPhoto(t)
	for name, c := range map[string]struct {
		file http.HandlerFunc
		want pictures.State
	}{
		"as it is":                          {gives(photo), pictures.Here},
		"under another name":                {gives(photo, "Content-Type", "text/plain"), pictures.Here},
		"led to its host":                   {nil, pictures.Here},
		"a page that says that it is one":   {gives([]byte("<html><script>alert(1)</script>"), "Content-Type", "image/jpeg"), pictures.Unreadable},
		"nothing":                           {gives(nil), pictures.Unreadable},
		"not there yet":                     {first(2, fails(http.StatusNotFound), gives(photo)), pictures.Here},
		"not there":                         {fails(http.StatusNotFound), pictures.Gone},
		"deleted":                           {fails(http.StatusGone), pictures.Gone},
		"Twilio fails once":                 {first(1, fails(http.StatusBadGateway), gives(photo)), pictures.Here},
		"Twilio fails":                      {fails(http.StatusInternalServerError), pictures.Unreached},
		"too many requests":                 {first(3, fails(http.StatusTooManyRequests), gives(photo)), pictures.Here},
		"a wrong token":                     {fails(http.StatusUnauthorized), pictures.Unreached},
		"it breaks off":                     {gives(photo[:100], "Content-Length", "5000"), pictures.Unreached},
		"without end":                       {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, zeros{}) }, pictures.Large},
		"it says that it is too large":      {gives(nil, "Content-Length", fmt.Sprint(pictures.MaxBytes+1)), pictures.Large},
		"it swells":                         {gives(bomb.Bytes(), "Content-Encoding", "gzip"), pictures.Large},
		"led elsewhere":                     {leads(foreign.URL + "/x"), pictures.Unreached},
		"led elsewhere over TLS":            {leads("https://evil.example.com/x"), pictures.Unreached},
		"led to this machine":               {leads("https://127.0.0.1/x"), pictures.Unreached},
		"led to the cloud's data":           {leads("http://169.254.169.254/latest/meta-data/"), pictures.Unreached},
		"led to its host without TLS":       {leads("http://mms.twiliocdn.com/x"), pictures.Unreached},
		"led to a name that begins like it": {leads("https://mms.twiliocdn.com.evil.example.com/x"), pictures.Unreached},
		"led to a name behind its":          {leads("https://mms.twiliocdn.com@evil.example.com/x"), pictures.Unreached},
		"led to another port of it":         {leads("https://mms.twiliocdn.com:8443/x"), pictures.Unreached},
		"led to another bucket":             {leads("https://s3-external-1.amazonaws.com/evil/x"), pictures.Unreached},
		"led out of the bucket":             {leads("https://s3-external-1.amazonaws.com/media.twiliocdn.com/%2e%2e/evil/x"), pictures.Unreached},
		"led to a file":                     {leads("file:///etc/passwd"), pictures.Unreached},
		"led nowhere":                       {fails(http.StatusFound), pictures.Unreached},
		"led round":                         {func(w http.ResponseWriter, r *http.Request) { leads("http://"+r.Host+r.URL.Path)(w, r) }, pictures.Unreached},
	} {
		t.Run(name, func(t *testing.T) {
			server := func(w http.ResponseWriter, r *http.Request) {
				user, password, _ := r.BasicAuth()
				switch {
				case r.URL.Path == mediaPath(0) && c.file != nil:
					c.file(w, r)
				case r.URL.Path == mediaPath(0):
					if user != account.AccountSID || password != token {
						t.Errorf("asked as %s", user)
					}
					leads("http://"+r.Host+"/there")(w, r)
				case user != "":
					t.Error("the token is told where it was led to")
				default:
					_, _ = w.Write(photo)
				}
			}
			m, log := fetches(t, server, 1)
			if len(m.album.settled) != 1 || m.album.settled[0] != c.want {
				t.Errorf("it is %v, want %s", m.album.settled, c.want)
			}
			heard := m.threads[supportbot.Address{Channel: supportbot.SMS, Peer: mei}].heard
			told := heard[len(heard)-1].Unseen == supportbot.LostPicture
			if heard[0].Unseen != supportbot.Photo || told != (c.want != pictures.Here) || len(heard) > 2 {
				t.Errorf("the bot heard %+v", heard)
			}
			for _, secret := range []string{token, messageSID, "evil", mei} {
				if strings.Contains(log, secret) {
					t.Errorf("the log tells %s", log)
				}
			}
		})
	}
}

// TestSeveralPicturesOfAMessage: each is for itself, and who sent them is told once
// that some cannot be shown.
func TestSeveralPicturesOfAMessage(t *testing.T) {
	photo := aPhoto(t)
	m, _ := fetches(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == mediaPath(1) {
			_, _ = w.Write(photo)
			return
		}
		fmt.Fprint(w, "<html>")
	}, 4)
	if got := fmt.Sprint(m.album.settled); got != "[unreadable here unreadable unreadable]" {
		t.Errorf("they are %s", got)
	}
	if heard := m.threads[supportbot.Address{Channel: supportbot.SMS, Peer: mei}].heard; len(heard) != 2 {
		t.Errorf("the bot heard %+v", heard)
	}
}

// TestPicturesAreDeletedAtTwilio once they are kept here, if the operator wants that.
func TestPicturesAreDeletedAtTwilio(t *testing.T) {
	photo := aPhoto(t)
	for _, wanted := range []bool{false, true} {
		var deleted []string
		fetches(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodDelete:
				deleted = append(deleted, r.URL.Path)
				w.WriteHeader(http.StatusNoContent)
			case r.URL.Path == mediaPath(0):
				_, _ = w.Write(photo)
			}
		}, 2, func(c *Config) { c.DeleteMedia = wanted }) // the other one is none, and stays
		if want := []string{mediaPath(0) + ".json"}; wanted && fmt.Sprint(deleted) != fmt.Sprint(want) || !wanted && deleted != nil {
			t.Errorf("deleted are %v", deleted)
		}
	}
}

// TestAPictureThatDribbles is given up in time, and holds no message up.
func TestAPictureThatDribbles(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte{0})
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	}))
	defer server.Close()
	config := account
	config.Server = server.URL
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := newMedia(config).fetch(ctx, ref(1)); err == nil || errors.Is(err, pictures.ErrGone) || ctx.Err() == nil {
		t.Errorf("it came: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
