package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// receiver is a provider: it takes callbacks, and has every kind of trouble.
type receiver struct {
	*httptest.Server
	report *report

	mu      sync.Mutex
	calm    bool
	letters map[string]*letter // by webhook-id
	first   map[string][]int64 // by conversation, what was taken, in the order in which it first was
}

// letter is a message with all the tries to send it.
type letter struct {
	posted
	faults int
	tries  []*try
}

type try struct {
	node  string
	span  // from its arrival to its answer
	taken bool
	told  bool // that it was taken
}

func (t *try) String() string {
	return fmt.Sprintf("by %s at %s", t.node, t.from.Format(time.StampMilli))
}

func newReceiver(r *report) *receiver {
	to := &receiver{report: r, letters: map[string]*letter{}, first: map[string][]int64{}}
	to.Server = httptest.NewServer(to)
	return to
}

// maxTroubles bounds the faults that one message meets at the receiver, so that
// the pauses between its tries stay short.
const maxTroubles = 2

// troubles are what becomes of a try, as often as they stand here; all the rest
// goes well.
var troubles = []string{
	"429 with Retry-After", "429 with Retry-After", "500", "500", "503", "502 after it was taken", "502 after it was taken", "502 after it was taken",
	"cut off before it was taken", "cut off after it was taken", "never answered",
}

// ServeHTTP has the node that sends in its path.
func (to *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var message struct{ Data posted }
	if err != nil || json.Unmarshal(body, &message) != nil {
		return // the node died while it wrote
	}
	trouble, t := to.arrive(r, message.Data)
	time.Sleep(rand.N(250 * time.Millisecond)) // so that something is always under way
	defer to.answered(t)
	switch trouble {
	case "":
		to.mu.Lock()
		t.told = true
		to.mu.Unlock()
	case "429 with Retry-After":
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	case "500":
		w.WriteHeader(http.StatusInternalServerError)
	case "503":
		w.WriteHeader(http.StatusServiceUnavailable)
	case "502 after it was taken":
		w.WriteHeader(http.StatusBadGateway)
	case "never answered":
		<-r.Context().Done()
	default:
		panic(http.ErrAbortHandler)
	}
}

func (to *receiver) arrive(r *http.Request, p posted) (trouble string, t *try) {
	to.mu.Lock()
	defer to.mu.Unlock()
	id := r.Header.Get("webhook-id")
	l := to.letters[id]
	if l == nil {
		l = &letter{posted: p}
		to.letters[id] = l
	}
	if die := rand.IntN(8 * len(troubles)); die < len(troubles) && l.faults < maxTroubles && !to.calm {
		l.faults++
		trouble = troubles[die]
		to.report.count("receiver: " + trouble)
	}
	t = &try{node: strings.Trim(r.URL.Path, "/"), span: span{from: time.Now()}}
	t.taken = trouble == "" || strings.HasSuffix(trouble, "after it was taken") || trouble == "never answered"
	if t.taken && !l.taken() {
		to.first[p.Conversation] = append(to.first[p.Conversation], p.Seq)
	}
	l.tries = append(l.tries, t)
	return trouble, t
}

func (to *receiver) answered(t *try) {
	to.mu.Lock()
	defer to.mu.Unlock()
	t.to = time.Now()
}

func (l *letter) taken() bool {
	for _, t := range l.tries {
		if t.taken {
			return true
		}
	}
	return false
}

func (to *receiver) calmDown() {
	to.mu.Lock()
	defer to.mu.Unlock()
	to.calm = true
}
