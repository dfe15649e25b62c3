package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"supportbot"
	"supportbot/internal/store"
)

// freeAddress is one that nobody listens on, for what must come back at its address.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// exampleDesk is examples/desk, and the road to it.
type exampleDesk struct {
	*testing.T
	*httptest.Server // the road, at which supportbot is told to post
	binary, address  string
	supportbot       string // its address
	run              *exec.Cmd
	log              *lines

	mu    sync.Mutex
	next  []int       // statuses that the road answers, each once, to what the desk need not see
	twice int         // how many more events arrive, and their answer does not
	took  []toldEvent // in order, what the desk took
	again int         // how often it took one again
	seen  map[string]bool
}

type toldEvent struct {
	Type string
	Data struct {
		Conversation, Sequence int64
		Case                   struct{ ID, State, Owner, Outcome string }
		Message                struct {
			Seq  int64
			Text string
		}
	}
}

func newExampleDesk(t *testing.T) *exampleDesk {
	d := &exampleDesk{T: t, address: freeAddress(t), supportbot: freeAddress(t), binary: filepath.Join(t.TempDir(), "desk"), seen: map[string]bool{}}
	if out, err := exec.Command("go", "build", "-o", d.binary, "../../examples/desk").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

// settings are those of a supportbot that tells the desk.
func (d *exampleDesk) settings() []string {
	return []string{"--listen", d.supportbot, "--desk-url", d.URL, "--desk-secret", callbackSecret}
}

func (d *exampleDesk) start(token string) {
	d.Helper()
	d.log = &lines{}
	d.run = exec.Command(d.binary, "-url", "http://"+d.supportbot, "-listen", d.address)
	d.run.Env = append(os.Environ(), "DESK_TOKEN="+token, "DESK_SECRET="+callbackSecret)
	d.run.Stderr = d.log
	if err := d.run.Start(); err != nil {
		d.Fatal(err)
	}
	d.Cleanup(d.stop)
}

func (d *exampleDesk) stop() {
	_ = d.run.Process.Kill()
	_ = d.run.Wait()
}

func (d *exampleDesk) fails(twice int, statuses ...int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.twice, d.next = twice, statuses
}

// ServeHTTP takes an event to the desk, unless the road is bad.
func (d *exampleDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // half an event came
	}
	var e toldEvent
	verifier, err := standardwebhooks.NewWebhook(callbackSecret)
	if err == nil {
		err = verifier.Verify(body, r.Header)
	}
	if err == nil {
		err = json.Unmarshal(body, &e)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		d.Errorf("%v: %s", err, body)
	}
	if len(d.next) > 0 {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(d.next[0])
		d.next = d.next[1:]
		return
	}
	on, err := http.NewRequest(r.Method, "http://"+d.address+"/events", bytes.NewReader(body))
	if err != nil {
		d.Error(err)
		return
	}
	on.Header = r.Header
	answer, err := http.DefaultClient.Do(on)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	answer.Body.Close()
	id := r.Header.Get("webhook-id")
	switch {
	case answer.StatusCode != http.StatusOK:
		w.WriteHeader(answer.StatusCode)
		return
	case d.seen[id]:
		d.again++
	default:
		d.seen[id] = true
		d.took = append(d.took, e)
	}
	if d.twice > 0 {
		d.twice--
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// all is what the desk took, and whether that was in order and without a gap.
func (d *exampleDesk) all() (types []string, whole bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	whole = true
	for i, e := range d.took {
		types = append(types, e.Type)
		whole = whole && e.Data.Sequence == int64(i)+1
	}
	return types, whole
}

// await waits until somebody has said something in the conversation.
func (d *exampleDesk) await(s *server, want string) {
	d.Helper()
	for range 200 {
		for _, m := range saidIn(s) {
			if strings.Contains(m["text"].(string), want) {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	d.Fatalf("nobody said %q; the desk says:\n%s", want, d.log)
}

// until waits until something holds.
func (d *exampleDesk) until(what string, holds func() bool) {
	d.Helper()
	for range 200 {
		if holds() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	types, _ := d.all()
	d.Fatalf("never %s; the desk took %v and says:\n%s", what, types, d.log)
}

func saidIn(s *server) (messages []map[string]any) {
	_, answer := s.rest(restKey, "GET", "/api/v1/conversations/c/messages", "")
	for _, m := range answer["messages"].([]any) {
		messages = append(messages, m.(map[string]any))
	}
	return messages
}

// list is what the desk shows its people of a case, as "seq text".
func (d *exampleDesk) list(id string) (said []string) {
	d.Helper()
	response, err := http.Get("http://" + d.address + "/cases")
	if err != nil {
		d.Fatal(err)
	}
	defer response.Body.Close()
	var all map[string][]struct {
		Seq  int64
		Text string
	}
	if err := json.NewDecoder(response.Body).Decode(&all); err != nil {
		d.Fatal(err)
	}
	for _, m := range all[id] {
		said = append(said, fmt.Sprint(m.Seq, " ", m.Text))
	}
	return said
}

// TestTheExampleDesk has a merchant helped by examples/desk, which is told what
// happens, and knows nothing but the agent API.
func TestTheExampleDesk(t *testing.T) {
	dir := t.TempDir()
	d := newExampleDesk(t)
	s := serve(t, dir, d.settings()...)
	d.start(s.token())
	s.says("1", "好了") // before anybody has come
	s.says("2", "转人工")
	d.await(s, "Hello, I am here to help")
	s.says("3", "刷不了卡")
	d.await(s, "I have read that")
	s.says("4", "好了")
	d.await(s, "客服这边办完了")
	want := []string{"case.opened", "case.changed", "case.message", "case.message", "case.ended"}
	d.until("told of the end", func() bool { types, whole := d.all(); return whole && slices.Equal(types, want) })
	s.stop()

	db, err := store.Open(t.Context(), dir, testKey())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := db.Ended(t.Context(), time.Unix(0, 0), time.Now().Add(time.Hour), 9)
	if err != nil || len(all) != 1 || all[0].State != supportbot.CaseDone || all[0].Code != "solved" || all[0].Replied.IsZero() {
		t.Errorf("kept are %+v, %v", all, err)
	}
}

// TestADeskOnABadRoad has answers lost, the desk and supportbot die, and the desk refuse
// what an operator sends again. Nothing is lost, nothing is doubled, all is in order.
func TestADeskOnABadRoad(t *testing.T) {
	dir := t.TempDir()
	d := newExampleDesk(t)
	s := serve(t, dir, d.settings()...)
	token := s.token()
	d.start(token)
	d.fails(1)
	s.says("1", "转人工") // is told twice
	d.await(s, "Hello, I am here to help")
	d.fails(1, 500, 429)
	s.says("2", "刷不了卡")
	d.await(s, "I have read that")

	d.stop()
	s.says("3", "有人吗")
	s.says("4", "喂")
	s.log.wait(t, `message not sent, will try again.*channel=desk.*the receiver answers 502`)
	s.kill()
	s = serve(t, dir, d.settings()...)
	d.start(token)
	d.until("told what was said meanwhile", func() bool { types, _ := d.all(); return len(types) == 5 })
	d.until("answered", func() bool {
		messages := saidIn(s)
		return messages[len(messages)-1]["from"] == "agent" && strings.Contains(messages[len(messages)-1]["text"].(string), "I have read that")
	})

	d.fails(0, 410)
	s.says("5", "还在吗")
	s.log.wait(t, `channel=desk.*the receiver answers 410`)
	out, err := command(t, "", "outbox", "list", "--data", dir)
	if err != nil || !strings.Contains(out, "case.message of conversation") {
		t.Fatalf("given up are %s, %v", out, err)
	}
	id, _, _ := strings.Cut(out, " ")
	if out, err := command(t, "", "outbox", "retry", id, "--data", dir); err != nil {
		t.Fatal(out, err)
	}
	d.until("told again", func() bool { types, _ := d.all(); return len(types) == 6 })
	s.says("6", "好了")
	d.await(s, "客服这边办完了")

	want := []string{"case.opened", "case.changed", "case.message", "case.message", "case.message", "case.message", "case.message", "case.ended"}
	d.until("told of the end", func() bool { types, whole := d.all(); return whole && slices.Equal(types, want) })
	if d.again == 0 {
		t.Error("nothing came twice, so that this shows nothing")
	}
	var said []string
	answered := map[string]int{}
	for _, m := range saidIn(s) {
		switch m["from"] {
		case "user":
			said = append(said, fmt.Sprint(m["seq"], " ", m["text"]))
		case "agent":
			answered[m["text"].(string)]++
		}
	}
	if diff := cmp.Diff(said, d.list(d.took[0].Data.Case.ID)); diff != "" {
		t.Errorf("the desk's list (-said +shown):\n%s", diff)
	}
	for text, n := range answered {
		if want := map[bool]int{true: 4, false: 1}[strings.Contains(text, "I have read that")]; n != want {
			t.Errorf("%q was said %d times, want %d", text, n, want)
		}
	}
	if strings.Contains(s.log.String(), "有人吗") || strings.Contains(s.log.String(), callbackSecret) {
		t.Error("the log holds what was said, or the secret")
	}
}

func TestAnotherDeskNeedsItsSettings(t *testing.T) {
	for want, args := range map[string][]string{
		"must be an https URL":           {"--desk-url", "http://desk.example.com/in", "--desk-secret", callbackSecret},
		"without a password":             {"--desk-url", "https://me:secret@desk.example.com/in", "--desk-secret", callbackSecret},
		"--desk-secret must be whsec_":   {"--desk-url", "https://desk.example.com/in"},
		"make one with: echo whsec_$(":   {"--desk-url", "https://desk.example.com/in", "--desk-secret", "whsec_c2hvcnQ="},
		"--desk-secret is given without": {"--desk-secret", callbackSecret},
	} {
		for _, start := range [][]string{{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, {"doctor"}} {
			_, err := command(t, "", append(start, args...)...)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %v: %v, want %q", start[0], args, err, want)
			}
		}
	}
}

// TestTheDoctorLooksAtTheDesk sends it nothing, unless asked to.
func TestTheDoctorLooksAtTheDesk(t *testing.T) {
	var mu sync.Mutex
	var types []string // of what came
	status := http.StatusNoContent
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		verifier, err := standardwebhooks.NewWebhook(callbackSecret)
		if err == nil {
			err = verifier.Verify(body, r.Header)
		}
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		types = append(types, string(body[:14]))
		w.WriteHeader(status)
	}))
	defer receiver.Close()
	got := func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(types)
	}
	doctor := func(args ...string) string {
		out, err := command(t, "", append([]string{"doctor", "--desk-url", receiver.URL, "--desk-secret", callbackSecret}, args...)...)
		if (err != nil) != strings.Contains(out, "wrong:") {
			t.Errorf("%s: %v", out, err)
		}
		return out
	}
	if out := doctor(); !strings.Contains(out, "ok:") || len(got()) != 0 {
		t.Errorf("said %s, sent %v", out, got())
	}
	if out := doctor("--apply"); !strings.Contains(out, "takes a test event") || !slices.Equal(got(), []string{`{"type":"test",`[:14]}) {
		t.Errorf("said %s, sent %v", out, got())
	}
	mu.Lock()
	status = http.StatusUnauthorized
	mu.Unlock()
	if out := doctor("--apply"); !strings.Contains(out, "wrong: the desk at") || !strings.Contains(out, "answers 401") {
		t.Errorf("said %s", out)
	}
}
