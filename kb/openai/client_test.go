package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/seal"
	"supportbot/internal/store"
)

// server is an endpoint that takes only some features, and remembers what it was
// asked. say makes the answer.
type server struct {
	*httptest.Server
	asked []map[string]any
}

func serve(t testing.TB, refuse func(body map[string]any) bool, say func(user string) string) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Errorf("the request is no JSON: %v", err)
		}
		s.asked = append(s.asked, body)
		if refuse != nil && refuse(body) {
			http.Error(w, `{"error":{"message":"unsupported"}}`, http.StatusBadRequest)
			return
		}
		user := body["messages"].([]any)[1].(map[string]any)["content"].(string)
		w.Header().Set("Content-Type", "text/event-stream")
		content, _ := json.Marshal(say(user))
		fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", content)
		fmt.Fprint(w, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
		fmt.Fprint(w, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10}}\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) client(limits Limits) *Client {
	return New(Options{URL: s.URL + "/v1", Key: "k", Model: "m", Limits: limits}, quiet)
}

var me = supportbot.Address{Channel: supportbot.Web, Peer: "me"}

func one(string) string { return `{"choice": "1"}` }

// format is what a request asked the answer to be.
func format(body map[string]any) string {
	f, _ := body["response_format"].(map[string]any)
	kind, _ := f["type"].(string)
	return kind
}

func TestFeaturesAreFoundOut(t *testing.T) {
	tests := []struct {
		name    string
		refuses func(body map[string]any) bool
		first   int // requests for the first answer
		format  string
	}{
		{"all of them", nil, 1, "json_schema"},
		{"no schema", func(b map[string]any) bool { return format(b) == "json_schema" }, 2, "json_object"},
		{"no JSON", func(b map[string]any) bool { return format(b) != "" }, 3, ""},
		{"no usage", func(b map[string]any) bool { return b["stream_options"] != nil }, 4, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, test.refuses, one)
			c := s.client(Limits{})
			for i, text := range []string{"a", "b"} {
				if _, err := c.ask(t.Context(), me, question(text), choice); err != nil {
					t.Fatal(err)
				}
				if want := test.first + i; len(s.asked) != want {
					t.Errorf("%d requests for %d answers, want %d", len(s.asked), i+1, want)
				}
			}
			if got := format(s.asked[len(s.asked)-1]); got != test.format {
				t.Errorf("asked for %q, want %q", got, test.format)
			}
		})
	}
}

func TestTheSameIsNotAskedTwice(t *testing.T) {
	s := serve(t, nil, one)
	c := s.client(Limits{})
	for range 3 {
		if said, err := c.ask(t.Context(), me, question("a"), choice); err != nil || said != one("") {
			t.Fatal(said, err)
		}
	}
	if len(s.asked) != 1 {
		t.Errorf("asked %d times", len(s.asked))
	}
}

// ledger is one in a database.
func ledger(t *testing.T) *store.Store {
	s, err := store.Open(t.Context(), t.TempDir(), seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestTheBudgetEnds(t *testing.T) {
	most := question("0").most().tokens()
	tests := []struct {
		name   string
		limits Limits
		me, we int // answers to one conversation, and then to another
	}{
		{"of a conversation", Limits{ConversationTokens: 110 + most}, 2, 2},
		{"of a day", Limits{DailyTokens: 220 + most}, 3, 0},
		{"of money", Limits{PriceIn: 1e4, PriceOut: 1e4, Money: (220 + float64(most)) / 100}, 3, 0},
		{"none", Limits{}, 5, 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			options := Options{URL: serve(t, nil, one).URL + "/v1", Key: "k", Model: "m", Limits: test.limits, Ledger: ledger(t)}
			answered := func(who string) (n int) {
				c := New(options, quiet) // as another node would, or the same one after a restart
				for i := range 5 {
					_, err := c.ask(t.Context(), supportbot.Address{Channel: supportbot.Web, Peer: who}, question(fmt.Sprint(who, i)), choice)
					if outcome := outcomeOf(err); outcome == "answered" {
						n++
					} else if outcome != "budget" {
						t.Fatal(err)
					}
				}
				return n
			}
			if me, we := answered("1"), answered("2"); me != test.me || we != test.we {
				t.Errorf("%d and %d answers, want %d and %d", me, we, test.me, test.we)
			}
		})
	}
}

// A ledger that cannot be reached lets nothing be asked: what is not counted is not
// spent.
func TestWithoutTheLedgerNobodyIsAsked(t *testing.T) {
	s, l := serve(t, nil, one), ledger(t)
	l.Close()
	c := New(Options{URL: s.URL + "/v1", Key: "k", Model: "m", Ledger: l}, quiet)
	if _, err := c.ask(t.Context(), me, question("a"), choice); err == nil || len(s.asked) > 0 {
		t.Errorf("asked %d times, %v", len(s.asked), err)
	}
}

// go-openai takes the clean end of a connection for the end of the answer.
func TestAStreamMustSayWhyItEnds(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"{\\\"choice\\\": \\\"1\\\"}\"}}]}\n\n")
	}))
	defer s.Close()
	c := New(Options{URL: s.URL, Key: "k", Model: "m"}, quiet)
	if said, err := c.ask(t.Context(), me, question("a"), choice); outcomeOf(err) != "cut" {
		t.Errorf("got %q, %v", said, err)
	}
}

func TestOnlySoManyAtOnce(t *testing.T) {
	block := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-block }))
	defer s.Close()
	defer close(block)
	c := New(Options{URL: s.URL, Key: "k", Model: "m"}, quiet)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for i := range maxCalls {
		go func() { _, _ = c.ask(ctx, me, question(fmt.Sprint(i)), choice) }()
	}
	for len(c.free) < maxCalls {
		time.Sleep(time.Millisecond)
	}
	if _, err := c.ask(ctx, me, question("more"), choice); outcomeOf(err) != "full" {
		t.Errorf("got %v", err)
	}
}

func TestDecodeIsStrict(t *testing.T) {
	tests := []struct {
		said string
		good bool
	}{
		{`{"choice":"1"}`, true},
		{"```json\n{\"choice\":\"1\"}\n```", true},
		{"<think>it says 1</think>\n{\"choice\":\"1\"}", true},
		{``, false},
		{`1`, false},
		{`{"choice":1}`, false},
		{`{"choice":"1","also":"2"}`, false},
		{`{"choice":"1"}{"choice":"2"}`, false},
		{`Sure: {"choice":"1"}`, false},
		{`{"choice":"1"`, false},
	}
	for _, test := range tests {
		if err := choice(test.said); (err == nil) != test.good {
			t.Errorf("%q: %v", test.said, err)
		}
	}
}

func TestOptionsThatCannotWork(t *testing.T) {
	good := Options{URL: "https://api.example.com/v1", Model: "m"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*Options){
		func(o *Options) { o.URL = "api.example.com" },
		func(o *Options) { o.URL = "https://u:p@api.example.com" },
		func(o *Options) { o.Model = "" },
		func(o *Options) { o.Money = 5 },
	} {
		bad := good
		change(&bad)
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), "--openai-") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
