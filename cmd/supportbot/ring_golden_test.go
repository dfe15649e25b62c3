package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/twilio"
	"supportbot/handoff"
	"supportbot/internal/store"
	"supportbot/internal/turn"
	"supportbot/kb"
)

// TestRings has agents take calls by telephone as the files of testdata/rings say:
// a line "> …" for what somebody does, and below it what is heard on which
// telephone, and what the case is then.
func TestRings(t *testing.T) {
	golden(t, "testdata/rings", func(t *testing.T) (func(string), *strings.Builder) {
		t.Parallel()
		r := newRing(t)
		return r.does, &r.heard
	})
}

// ring is a bot with a switchboard, and the telephones around it. Twilio's part is
// played by the test: it makes the webhooks, and is asked for calls.
type ring struct {
	*testing.T
	path  *turn.Path
	store *store.Store
	board *twilio.Switchboard
	bot   http.Handler
	heard strings.Builder
	now   time.Time

	mu     sync.Mutex
	asked  []twilioCall // by the server, not yet looked at
	over   map[string]bool
	phones map[string]*ringPhone
}

// twilioCall is a call that the server asked for, or sent elsewhere.
type twilioCall struct {
	sid  string
	form url.Values
}

// ringPhone is where a call stands.
type ringPhone struct {
	name, sid string
	next      string      // where an answer goes
	behind    []twimlNode // what comes after silence
	leg       string      // the webhook of the call's state, of those that the server made
	room      string      // the webhook of the conference
}

const (
	ringPublic = "http://bot.example.com"
	ringAgent  = "+8613900139000"
)

func newRing(t *testing.T) *ring {
	s, err := store.Open(t.Context(), t.TempDir(), testKey())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	content, _, err := openLibrary(t.Context(), s, source("", false, kb.NewReader), kb.NewReader, log)
	if err != nil {
		t.Fatal(err)
	}
	r := &ring{T: t, store: s, path: turn.New(s, []byte("key"), content, log), now: time.Now(), over: map[string]bool{}, phones: map[string]*ringPhone{}}
	server := httptest.NewServer(r)
	account := twilio.Config{AccountSID: testAccount, AuthToken: "token", From: testNumber, PublicURL: ringPublic, Server: server.URL}
	voice := twilio.NewVoice(r.path, twilio.Config{AuthToken: "token", PublicURL: ringPublic}, "", log)
	r.board = twilio.NewSwitchboard(r.path, r.path, s, account, log)
	mux := http.NewServeMux()
	for _, route := range connect(voice, r.board).routes {
		mux.Handle(route.Pattern, route.Handler)
	}
	r.bot = mux
	r.phone("caller").sid = goldenSID
	if err := s.AddAgent(t.Context(), handoff.Agent{Name: "Lin", Role: handoff.RoleAgent}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPhone(t.Context(), "Lin", ringAgent, ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.board.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		server.Close()
		s.Close()
	})
	return r
}

func (r *ring) phone(name string) *ringPhone {
	if r.phones[name] == nil {
		r.phones[name] = &ringPhone{name: name}
	}
	return r.phones[name]
}

// ServeHTTP is Twilio's REST API.
func (r *ring) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	sid := strings.TrimSuffix(filepath.Base(req.URL.Path), ".json")
	if err := req.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if sid == "Calls" {
		sid = fmt.Sprintf("CA%032d", len(r.phones)*100+len(r.asked))
		w.WriteHeader(http.StatusCreated)
	}
	if req.Method == http.MethodPost {
		r.asked = append(r.asked, twilioCall{sid, req.Form})
	}
	status := "in-progress"
	if r.over[sid] {
		status = "completed"
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"sid": sid, "status": status})
}

// end is a call that is over.
func (r *ring) end(p *ringPhone, target, status string) {
	r.Helper()
	r.mu.Lock()
	r.over[p.sid] = true
	r.mu.Unlock()
	r.webhook(p, target, url.Values{"CallStatus": {status}})
}

// ask waits until the server asks for something that fits.
func (r *ring) ask(what string, fits func(twilioCall) bool) (found twilioCall) {
	r.Helper()
	r.until(what, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		for i, c := range r.asked {
			if fits(c) {
				found, r.asked = c, append(r.asked[:i:i], r.asked[i+1:]...)
				return true
			}
		}
		return false
	})
	return found
}

func (r *ring) until(what string, is func() bool) {
	r.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.Fatalf("not within 30 s: %s; so far\n%s", what, r.heard.String())
		}
	}
}

// rings waits for a call to a number, which a telephone gets.
func (r *ring) rings(name, to string) {
	r.Helper()
	c := r.ask("a call to "+to, func(c twilioCall) bool { return c.form.Get("To") == to })
	p := r.phone(name)
	p.sid, p.next, p.leg = c.sid, c.form.Get("Url"), c.form.Get("StatusCallback")
	fmt.Fprintf(&r.heard, "  [%s rings]\n", name)
}

// sent waits until the server sends a call elsewhere, and goes there.
func (r *ring) sent(name string) {
	r.Helper()
	p := r.phone(name)
	c := r.ask("sends "+name+" elsewhere", func(c twilioCall) bool { return c.sid == p.sid && c.form.Get("Url") != "" })
	r.hop(p, c.form.Get("Url"), nil)
}

// does carries out a line.
func (r *ring) does(what string) {
	r.Helper()
	fmt.Fprintf(&r.heard, "> %s\n", what)
	who, does, _ := strings.Cut(what, " ")
	p := r.phone(who)
	switch verb, rest, _ := strings.Cut(does, " "); who + " " + verb {
	case "caller calls":
		r.hop(p, "/channels/twilio/voice", nil)
	case "caller presses":
		r.hop(p, p.next, url.Values{"Digits": {rest}})
	case "caller says":
		r.hop(p, p.next, url.Values{"SpeechResult": {rest}, "Confidence": {"0.9"}})
	case "caller listens":
		r.follows(p, p.behind)
	case "caller hangs":
		r.end(p, "/channels/twilio/voice/status", "completed")
	case "Lin claims":
		r.act(supportbot.AgentAct{Kind: supportbot.ActClaim, Rings: true})
		r.rings("agent", ringAgent)
	case "Lin rings":
		c := r.theCase()
		if owned, err := r.board.Call(r.Context(), c.ID, "Lin", c.Fence); err != nil || !owned {
			r.Fatal(owned, err)
		}
		r.rings("agent", ringAgent)
	case "Lin judges":
		r.act(supportbot.AgentAct{Kind: supportbot.ActOutcome, Fence: r.theCase().Fence, Verdict: supportbot.Verdict(rest)})
		r.sent("caller")
		r.sent("agent")
	case "agent answers":
		r.hop(p, p.next, nil)
	case "agent presses":
		r.hop(p, p.next, url.Values{"Digits": {rest}})
		r.joins(p)
	case "agent listens":
		r.follows(p, p.behind)
	case "agent hangs":
		r.end(p, p.leg, "completed")
	case "agent is", "merchant is":
		r.end(p, p.leg, rest)
	case "caller is", "agent leaves": // is sent elsewhere, leaves the conference
		r.sent(who)
	case "merchant rings":
		r.rings("merchant", "+8613800138000")
	case "merchant answers":
		r.hop(p, p.next, nil)
	case "case is":
		r.until("the case is "+rest, func() bool { return string(r.theCase().State) == rest })
	case "time passes":
		d, err := time.ParseDuration(rest)
		if err != nil {
			r.Fatal(err)
		}
		r.now = r.now.Add(d)
		if err := r.path.Sweep(r.Context(), r.now); err != nil {
			r.Fatal(err)
		}
	default:
		r.Fatalf("%q is nothing that is done here", what)
	}
}

func (r *ring) act(a supportbot.AgentAct) {
	r.Helper()
	a.Case, a.Agent = "1-1", "Lin"
	if result, err := r.path.Act(r.Context(), a); err != nil || result.Refused {
		r.Fatalf("%s: %+v %v", a.Kind, result, err)
	}
}

func (r *ring) theCase() supportbot.Case {
	r.Helper()
	c, err := r.path.Case(r.Context(), "1-1")
	if err != nil {
		r.Fatal(err)
	}
	return c
}

func (r *ring) joins(p *ringPhone) {
	r.Helper()
	label := "caller"
	if p.name == "agent" {
		label = p.name
	}
	r.webhook(p, p.room, url.Values{
		"StatusCallbackEvent": {"participant-join"}, "ParticipantLabel": {label}, "ConferenceSid": {"CF" + strings.Repeat("0", 32)},
	})
}

func (r *ring) webhook(p *ringPhone, target string, fields url.Values) []byte {
	r.Helper()
	target = strings.TrimPrefix(target, ringPublic)
	form := url.Values{"CallSid": {p.sid}, "From": {"anonymous"}, "CallStatus": {"in-progress"}}
	for name, values := range fields {
		form[name] = values
	}
	req := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set(twilio.SignatureHeader, twilio.Sign("token", ringPublic+target, form))
	w := httptest.NewRecorder()
	r.bot.ServeHTTP(w, req)
	if w.Code != http.StatusOK && w.Code != http.StatusNoContent {
		r.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// twimlNode is an element of an answer.
type twimlNode struct {
	XMLName xml.Name
	Attrs   []xml.Attr  `xml:",any,attr"`
	Nodes   []twimlNode `xml:",any"`
	Inner   string      `xml:",innerxml"`
}

func (n twimlNode) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// hop makes a webhook of a call, and follows what it is answered.
func (r *ring) hop(p *ringPhone, target string, fields url.Values) {
	r.Helper()
	body := r.webhook(p, target, fields)
	if len(body) == 0 {
		return
	}
	var response twimlNode
	if err := xml.Unmarshal(body, &response); err != nil {
		r.Fatalf("%s: %v in %s", target, err, body)
	}
	r.follows(p, response.Nodes)
}

// follows carries out a document until the call listens or ends.
func (r *ring) follows(p *ringPhone, nodes []twimlNode) {
	r.Helper()
	for i, n := range nodes {
		switch n.XMLName.Local {
		case "Say":
			r.hears(p, n)
		case "Gather":
			for _, inner := range n.Nodes {
				r.hears(p, inner)
			}
			p.next, p.behind = n.attr("action"), nodes[i+1:]
			return
		case "Redirect":
			r.hop(p, html.UnescapeString(n.Inner), nil)
			return
		case "Dial":
			p.room = n.Nodes[0].attr("statusCallback")
			fmt.Fprintf(&r.heard, "  [%s is in %s]\n", p.name, n.Nodes[0].Inner)
			if p.name != "agent" {
				r.joins(p)
			}
			return
		case "Hangup":
			fmt.Fprintf(&r.heard, "  [%s is hung up]\n", p.name)
			target := p.leg
			if target == "" {
				target = "/channels/twilio/voice/status"
			}
			r.end(p, target, "completed")
			return
		}
	}
}

func (r *ring) hears(p *ringPhone, said twimlNode) {
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(said.Inner)); ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		if words, ok := token.(xml.CharData); ok {
			text.Write(words)
		}
	}
	fmt.Fprintf(&r.heard, "  %s hears: %s\n", p.name, strings.TrimSpace(text.String()))
}
