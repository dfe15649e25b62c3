package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/rest"
)

const callbackSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

var (
	shop  = supportbot.Address{Channel: supportbot.REST, Peer: "shop-7"}
	reply = supportbot.Message{
		Seq: 3, From: supportbot.FromAgent, Author: "小林", Text: "您好 <b>", At: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC),
		Choices: []supportbot.Choice{{Label: "是", Value: "yes", Key: "1"}},
	}
)

// receive starts a receiver and returns a callback to it.
func receive(t *testing.T, handler http.HandlerFunc) *rest.Callback {
	t.Helper()
	receiver := httptest.NewServer(handler)
	t.Cleanup(receiver.Close)
	return callbackTo(t, receiver.URL+"/bot?key=secret")
}

func callbackTo(t *testing.T, url string) *rest.Callback {
	t.Helper()
	callback, err := rest.NewCallback(url, callbackSecret)
	if err != nil {
		t.Fatal(err)
	}
	return callback
}

// TestACallbackIsVerified has the library of the specification check what comes.
func TestACallbackIsVerified(t *testing.T) {
	verifier, err := standardwebhooks.NewWebhook(callbackSecret)
	if err != nil {
		t.Fatal(err)
	}
	var bodies [][]byte
	callback := receive(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, body)
		if err := verifier.Verify(body, r.Header); err != nil {
			t.Error(err)
		}
		if verifier.Verify(append(body, ' '), r.Header) == nil {
			t.Error("the signature does not cover the body")
		}
		if id := r.Header.Get("webhook-id"); id != "KEY1" || r.Method != "POST" || r.URL.String() != "/bot?key=secret" {
			t.Errorf("%s %s with id %q", r.Method, r.URL, id)
		}
	})
	for range 2 {
		if err := callback.Send(t.Context(), shop, reply, "KEY1"); err != nil {
			t.Fatal(err)
		}
	}
	if len(bodies) != 2 || !bytes.Equal(bodies[0], bodies[1]) {
		t.Errorf("a repeat has another body: %s", bodies)
	}
	var got map[string]any
	if err := json.Unmarshal(bodies[0], &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"type": "message.created", "timestamp": "2026-03-04T12:00:00Z",
		"data": map[string]any{
			"conversation": "shop-7", "seq": 3.0, "from": "agent", "author": "小林", "text": "您好 <b>",
			"choices": []any{map[string]any{"label": "是", "value": "yes"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// sends tries once and wants a failure of a kind.
func sends(t *testing.T, c *rest.Callback, kind channels.FailureKind, after time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := c.Send(ctx, shop, reply, "KEY1")
	var failure *channels.Failure
	if !errors.As(err, &failure) || failure.Kind != kind || failure.After.Round(time.Minute) != after.Round(time.Minute) {
		t.Errorf("%v, want the kind %s and %s", err, kind, after)
	}
	if err != nil && (strings.Contains(err.Error(), "key=secret") || strings.Contains(err.Error(), "您好")) {
		t.Errorf("the error tells what it should not: %v", err)
	}
}

func TestAnswersOfAReceiver(t *testing.T) {
	for _, c := range []struct {
		status int
		after  string
		kind   channels.FailureKind
		pause  time.Duration
	}{
		{400, "", channels.Refused, 0},
		{401, "", channels.Refused, 0},
		{307, "", channels.Refused, 0},
		{408, "", channels.Absent, 0},
		{410, "", channels.Gone, 0},
		{429, "", channels.Limited, 0},
		{429, "120", channels.Limited, 2 * time.Minute},
		{429, time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat), channels.Limited, 10 * time.Minute},
		{429, "Wed, 21 Oct 2015 07:28:00 GMT", channels.Limited, 0},
		{429, "99999999", channels.Limited, time.Hour},
		{429, "soon", channels.Limited, 0},
		{429, "-120", channels.Limited, 0},
		{503, "120", channels.Limited, 2 * time.Minute},
		{503, "", channels.Absent, 0},
		{500, "", channels.Unsure, 0},
		{502, "", channels.Unsure, 0},
		{504, "", channels.Unsure, 0},
	} {
		calls := 0
		sends(t, receive(t, func(w http.ResponseWriter, r *http.Request) {
			calls++
			w.Header().Set("Retry-After", c.after)
			w.Header().Set("Location", r.URL.String())
			w.WriteHeader(c.status)
			io.WriteString(w, "您好")
		}), c.kind, c.pause)
		if calls != 1 {
			t.Errorf("%d: %d calls for one try", c.status, calls)
		}
	}
}

func TestReceiversThatDoNotAnswer(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	sends(t, callbackTo(t, "http://"+closed.Addr().String()+"/?key=secret"), channels.Absent, 0)
	sends(t, callbackTo(t, "https://nobody.invalid/?key=secret"), channels.Absent, 0)

	plain := httptest.NewServer(http.NotFoundHandler()) // speaks no TLS
	defer plain.Close()
	sends(t, callbackTo(t, strings.Replace(plain.URL, "http:", "https:", 1)), channels.Absent, 0)

	sends(t, receive(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), channels.Unsure, 0)
	sends(t, receive(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // else the server does not notice that the client leaves
		<-r.Context().Done()
	}), channels.Unsure, 0)
}

func TestCallbacksThatCannotWork(t *testing.T) {
	for _, c := range []struct{ url, secret, want string }{
		{"shop.example.com/bot", callbackSecret, "--rest-callback "},
		{"ftp://shop.example.com/bot", callbackSecret, "--rest-callback "},
		{"https://", callbackSecret, "--rest-callback "},
		{"https://me:secret@shop.example.com", callbackSecret, "--rest-callback "},
		{"https://shop.example.com/bot", "", "--rest-callback-secret"},
		{"https://shop.example.com/bot", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "--rest-callback-secret"},
		{"https://shop.example.com/bot", "whsec_too-short", "--rest-callback-secret"},
		{"https://shop.example.com/bot", "whsec_c2hvcnQ=", "--rest-callback-secret"},
	} {
		if _, err := rest.NewCallback(c.url, c.secret); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %q: %v, want an error about %s", c.url, c.secret, err, c.want)
		} else if c.secret != "" && strings.Contains(err.Error(), c.secret) {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}
