package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

const unsentText = "请您稍等，客服马上就来"

// parkThree leaves three messages parked to one person of the REST channel.
func parkThree(t *testing.T, place string) {
	t.Helper()
	s, err := store.Open(t.Context(), place, testKey())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	in := supportbot.Inbound{Address: supportbot.Address{Channel: supportbot.REST, Peer: "c"}, ID: "1", Kind: supportbot.InText, At: time.Now()}
	r, err := s.Accept(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := supportbot.Commit{Thread: r.Thread, Seq: r.Seq, Send: true}
	for i := range 3 {
		c.Messages = append(c.Messages, supportbot.Message{Seq: int64(i) + 1, From: supportbot.FromBot, Text: fmt.Sprint(unsentText, i+1), At: time.Now()})
	}
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		d, err := s.Claim(t.Context(), r.Thread, time.Hour)
		if err == nil {
			err = s.Settle(t.Context(), d, delivery.Result{Status: delivery.Parked, Error: "the receiver answers 410", History: d.History})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestParkedRepliesAreInTheOperatorsHands has one of them dropped and one sent
// again, while the server runs.
func TestParkedRepliesAreInTheOperatorsHands(t *testing.T) {
	for name, at := range map[string]struct{ flag, place string }{
		"SQLite":     {"--data", t.TempDir()},
		"PostgreSQL": {"--database", pgtest.Database(t)},
	} {
		t.Run(name, func(t *testing.T) {
			parkThree(t, at.place)
			to := newShop(t)
			serve(t, t.TempDir(), at.flag, at.place, "--rest-callback", to.url, "--rest-callback-secret", callbackSecret)
			outbox := func(args ...string) string {
				t.Helper()
				out, err := command(t, "", append([]string{"outbox", at.flag, at.place}, args...)...)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(out, unsentText) {
					t.Errorf("the text is shown: %s", out)
				}
				return out
			}
			listed := jsonLines(t, outbox("list", "--json"))
			if len(listed) != 3 || listed[0]["id"] != "1-1" || listed[0]["channel"] != "rest" || listed[0]["message"] != 1.0 ||
				listed[0]["tries"] != 1.0 || listed[0]["error"] != "the receiver answers 410" {
				t.Errorf("listed %v", listed)
			}
			if out := outbox("list"); strings.Count(out, "\n") != 3 || !strings.Contains(out, "after 1 try: the receiver answers 410") {
				t.Errorf("listed %s", out)
			}
			outbox("drop", "1-1")
			outbox("retry", "1-2")
			if got := to.wait("c", 1); got[0].Text != unsentText+"2" {
				t.Errorf("the shop got %+v, want what was tried again", got)
			}
			if left := jsonLines(t, outbox("list", "--json")); len(left) != 1 || left[0]["id"] != "1-3" {
				t.Errorf("left are %v, want the third", left)
			}
			for args, want := range map[string]string{
				"retry 1-1": "1-1 is not, or no longer,", "drop 1-2": "1-2 is not, or no longer,", "retry 9-9": "9-9 is not, or no longer,",
				"retry 1": "such as 12-3", "drop 1-1x": "such as 12-3",
			} {
				_, err := command(t, "", append([]string{"outbox", at.flag, at.place}, strings.Fields(args)...)...)
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v, want %q", args, err, want)
				}
			}
		})
	}
}
