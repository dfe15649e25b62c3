package telephone

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// exchange stands for Twilio's REST API without an account, as far as it is used to
// put callers through to agents: calls, conferences, and what Twilio tells of them.
type exchange struct {
	server *Telephone // makes signed requests
	rings  chan *exchangeCall
	taken  chan bool // has a value while the telephone is in use

	mu    sync.Mutex
	calls map[string]*exchangeCall
}

// exchangeCall is a call of which the exchange knows.
type exchangeCall struct {
	sid, to, from string
	url, callback string // of a call that the server asked for
	status        string
	made          time.Time
	letters       []dispatch
	news          chan struct{} // one value when there are letters
	taken         chan struct{} // closed when a telephone that waits has taken it
	room          room
	waits         string // no call, but a telephone that waits to be called at this number
}

func newExchange(server *Telephone) *exchange {
	return &exchange{server: server, rings: make(chan *exchangeCall), taken: make(chan bool, 1), calls: map[string]*exchangeCall{}}
}

// ServeHTTP serves the REST API, and telephones of other processes.
func (x *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, token, _ := r.BasicAuth(); token != x.server.Token {
		http.Error(w, `{"code":20003}`, http.StatusUnauthorized)
		return
	}
	mux := http.NewServeMux()
	const account = "/2010-04-01/Accounts/{account}"
	mux.HandleFunc("POST "+account+"/Calls.json", x.create)
	mux.HandleFunc("GET "+account+"/Calls.json", x.list)
	mux.HandleFunc("POST "+account+"/Calls/{call}", x.update)
	mux.HandleFunc("GET "+account+"/Calls/{call}", x.fetch)
	mux.HandleFunc("POST "+account+"/Conferences/{room}/Participants/{call}", x.participant)
	mux.HandleFunc("POST /phones", x.told)
	mux.HandleFunc("GET /phones", x.mail)
	mux.ServeHTTP(w, r)
}

func (x *exchange) add(c *exchangeCall) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c.made, c.news, c.taken = time.Now(), make(chan struct{}, 1), make(chan struct{})
	x.calls[c.sid] = c
}

func (x *exchange) get(sid string) *exchangeCall {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.calls[strings.TrimSuffix(sid, ".json")]
}

func (c *exchangeCall) answer(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(c.resource())
}

func (c *exchangeCall) resource() map[string]string {
	return map[string]string{"sid": c.sid, "status": c.status, "to": c.to, "from": c.from, "date_created": c.made.UTC().Format(time.RFC1123Z)}
}

// create rings a telephone: one that waits to be called at the number, or this one,
// at which are all agents.
func (x *exchange) create(w http.ResponseWriter, r *http.Request) {
	c := &exchangeCall{
		sid: newSID(), to: r.FormValue("To"), from: r.FormValue("From"),
		url: r.FormValue("Url"), callback: r.FormValue("StatusCallback"), status: "queued",
	}
	x.add(c)
	c.answer(w, http.StatusCreated)
	go x.ring(c)
}

// ringLimit is how long a telephone rings that nobody answers.
const ringLimit = 20 * time.Second

func (x *exchange) ring(c *exchangeCall) {
	x.is(c, "ringing")
	if there := x.waiting(c.to); there != nil {
		x.post(there, dispatch{Rings: &rung{c.sid, c.from, c.url, c.callback}})
		select {
		case <-c.taken:
		case <-time.After(ringLimit):
			x.is(c, "no-answer")
		}
		return
	}
	select {
	case x.taken <- true:
		x.rings <- c
	default:
		x.is(c, "busy")
	}
}

// waiting is the telephone that waits to be called at a number, nil if none does.
func (x *exchange) waiting(number string) *exchangeCall {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range x.calls {
		if c.waits == number {
			return c
		}
	}
	return nil
}

// is has a call in a state, and tells the server of those that it asked for.
func (x *exchange) is(c *exchangeCall, status string) {
	x.mu.Lock()
	c.status = status
	x.mu.Unlock()
	if c.callback != "" {
		x.tell(c.callback, c, url.Values{"CallStatus": {status}})
	}
}

// tell makes a webhook. What the server does not take is lost, as at Twilio.
func (x *exchange) tell(to string, c *exchangeCall, form url.Values) {
	t := *x.server
	t.sid, t.From, t.To, t.away = c.sid, c.from, c.to, c.callback != ""
	_, _ = t.post(context.Background(), webhook{resolve("/", to), form})
}

func (x *exchange) list(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := []map[string]string{}
	for _, c := range x.calls {
		if c.to == r.FormValue("To") {
			all = append(all, c.resource())
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"calls": all})
}

func (x *exchange) fetch(w http.ResponseWriter, r *http.Request) {
	c := x.get(r.PathValue("call"))
	if c == nil {
		http.Error(w, `{"code":20404}`, http.StatusNotFound)
		return
	}
	c.answer(w, http.StatusOK)
}

func (x *exchange) update(w http.ResponseWriter, r *http.Request) {
	c := x.get(r.PathValue("call"))
	switch {
	case c == nil:
		http.Error(w, `{"code":20404}`, http.StatusNotFound)
		return
	case !x.up(c):
		http.Error(w, `{"code":21220}`, http.StatusBadRequest)
		return
	}
	x.post(c, dispatch{Redirect: r.FormValue("Url"), End: r.FormValue("Status") == "completed"})
	c.answer(w, http.StatusOK)
}

func (x *exchange) up(c *exchangeCall) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return c.status == "in-progress" || c.status == "ringing"
}

func (x *exchange) participant(w http.ResponseWriter, r *http.Request) {
	c := x.get(r.PathValue("call"))
	if c == nil || c.room.Name == "" {
		http.Error(w, `{"code":20404}`, http.StatusNotFound)
		return
	}
	what, words := "participant-unhold", "no longer on hold"
	if r.FormValue("Hold") == "true" {
		what, words = "participant-hold", "on hold"
	}
	x.post(c, dispatch{Held: words})
	c.answer(w, http.StatusOK)
	go x.happens(c, c.room, what)
}

// happens tells the server what happens in a conference.
func (x *exchange) happens(c *exchangeCall, in room, what string) {
	x.tell(in.Callback, c, url.Values{
		"StatusCallbackEvent": {what}, "ConferenceSid": {"CF" + strings.Repeat("0", 32)}, "FriendlyName": {in.Name}, "ParticipantLabel": {in.Label},
	})
}
