package openai

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"supportbot/channels/channeltest"
)

var quiet = slog.New(slog.DiscardHandler)

// choice is what the tests ask for.
func choice(said string) error {
	var c struct {
		Choice string `json:"choice"`
	}
	return decode(said, &c)
}

func question(text string) prompt {
	return newPrompt("read", "Say which.", map[string]string{"message": text}, choiceSchema([]string{"1", none}), 20)
}

// requests counts what aimock was asked with a word.
func requests(t *testing.T, server, word string) int {
	t.Helper()
	response, err := http.Get(server + "/__aimock/journal?limit=1000")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var journal []struct {
		Body struct {
			Messages []struct{ Content string } `json:"messages"`
		} `json:"body"`
	}
	if err := json.Unmarshal(data, &journal); err != nil {
		t.Fatalf("%v: %.300s", err, data)
	}
	n := 0
	for _, entry := range journal {
		if m := entry.Body.Messages; len(m) == 2 && m[1].Content == question(word).user {
			n++
		}
	}
	return n
}

// What an endpoint may do, against somebody else's.
func TestAgainstAimock(t *testing.T) {
	server := channeltest.Node(t, "testdata/peer")
	tests := []struct {
		word     string
		within   time.Duration
		want     string // what comes of it, as metrics name it
		requests int
	}{
		{"plain-sailing", 5 * time.Second, "answered", 1},
		{"slow-stream", time.Second, "slow", 1},
		{"cut-off", 5 * time.Second, "failed", 1},
		{"hung-up", 5 * time.Second, "failed", 1},
		{"too-long", 5 * time.Second, "cut", 1},
		{"no-json", 5 * time.Second, "malformed", 1},
		{"malformed", 5 * time.Second, "cut", 1},
		{"limited-once", 5 * time.Second, "answered", 2},
		{"limited-long", 5 * time.Second, "limited", 1},
		{"fault-once", 5 * time.Second, "answered", 2},
		{"fault-always", 5 * time.Second, "failed", 2},
		{"forbidden", 5 * time.Second, "failed", 1},
	}
	for _, test := range tests {
		t.Run(test.word, func(t *testing.T) {
			c := New(Options{URL: server + "/v1", Key: "k", Model: "m"}, quiet)
			ctx, cancel := context.WithTimeout(t.Context(), test.within)
			defer cancel()
			said, err := c.ask(ctx, me, question(test.word), choice)
			if got := outcomeOf(err); got != test.want {
				t.Errorf("came to %s (%q, %v), want %s", got, said, err, test.want)
			}
			if n := requests(t, server, test.word); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
		})
	}
}

// A model that fails again and again is left alone, and asked again after a rest.
func TestTheBreakerOpens(t *testing.T) {
	server := channeltest.Node(t, "testdata/peer")
	c := New(Options{URL: server + "/v1", Key: "k", Model: "m"}, quiet)
	for i := range trips + 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := c.ask(ctx, me, question("forbidden"), choice)
		cancel()
		if want := map[bool]string{true: "failed", false: "breaker"}[i < trips]; outcomeOf(err) != want {
			t.Fatalf("question %d: %v, want %s", i, err, want)
		}
	}
	if n := requests(t, server, "forbidden"); n != trips {
		t.Errorf("%d requests, want %d", n, trips)
	}
}

// Nobody is there.
func TestNobodyListens(t *testing.T) {
	c := New(Options{URL: "http://127.0.0.1:9/v1", Key: "k", Model: "m"}, quiet)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := c.ask(ctx, me, question("hello"), choice); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a failure at once", err)
	}
}
