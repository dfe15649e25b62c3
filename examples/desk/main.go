// Command desk is a small desk of its own behind supportbot: it takes every case,
// greets the merchant, answers what they write, and gives a verdict when they say
// that they are done. A company's own desk would show the case to its people instead;
// the calls are the same. See docs/desk.md.
package main

import (
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	server := flag.String("url", "http://127.0.0.1:8080", "where supportbot is")
	listen := flag.String("listen", "127.0.0.1:8090", "where it tells us of cases, at /events, and where our list is, at /cases")
	flag.Parse()
	verifier, err := standardwebhooks.NewWebhook(os.Getenv("DESK_SECRET"))
	if err != nil {
		slog.Error("DESK_SECRET must be that of supportbot's --desk-secret", "error", err)
		os.Exit(1)
	}
	d := &desk{url: *server, token: os.Getenv("DESK_TOKEN"), list: map[string][]message{}}
	in := &inbox{verifier: verifier, seen: map[string]bool{}, events: make(chan event, 1000)}
	http.Handle("POST /events", in)
	http.Handle("GET /cases", d)
	go d.run(in.events)
	s := http.Server{Addr: *listen, ReadTimeout: 10 * time.Second}
	slog.Error("nobody can reach us", "error", s.ListenAndServe())
	os.Exit(1)
}

// event is what supportbot tells.
type event struct {
	Type string
	Data struct {
		Case    kase
		Message message
	}
}

// inbox takes events: quickly, since supportbot waits. What there is to do about them
// is done later, and in their order.
type inbox struct {
	verifier *standardwebhooks.Webhook
	events   chan event

	mu   sync.Mutex
	seen map[string]bool // ids; a desk with a database would keep them there, for some days
}

func (in *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	var e event
	if err != nil || in.verifier.Verify(body, r.Header) != nil || json.Unmarshal(body, &e) != nil {
		http.Error(w, "not signed by our secret", http.StatusUnauthorized)
		return
	}
	id := r.Header.Get("webhook-id")
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.seen[id] {
		return // again: our answer was lost
	}
	select {
	case in.events <- e:
		in.seen[id] = true
	default:
		http.Error(w, "too much at once", http.StatusServiceUnavailable)
	}
}
