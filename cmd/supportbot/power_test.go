package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/internal/store"
)

// TestThePowerFailsAtAnyMoment records what a server asks of the disk while
// people talk to it, and which answers it sends in between. Then it makes the
// disks that a power cut at any moment may leave: with what was synced, and with
// none, some, or torn pieces of what was not. On each of them is every turn that
// had been answered, whole.
func TestThePowerFailsAtAnyMoment(t *testing.T) {
	t.Parallel()
	dir, trace := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "trace")
	s := serveUnder(t, traced(t, trace), dir)
	const people, messages = 8, 12
	var talking sync.WaitGroup
	for person := range people {
		talking.Go(func() {
			for n := range messages {
				s.saysTraced(person, n)
			}
		})
	}
	talking.Wait()
	s.stop() // strace writes the rest

	w := readTrace(t, trace)
	var answers []int // where they are among the calls
	for i, c := range w {
		if c.answers() != nil {
			answers = append(answers, i)
		}
	}
	if len(answers) != people*messages {
		t.Fatalf("%d answers were seen, want %d", len(answers), people*messages)
	}
	t.Logf("%d calls", len(w))
	rapid.Check(t, func(t *rapid.T) {
		cut := rapid.OneOf(rapid.SampledFrom(answers), rapid.IntRange(answers[0], len(w)-1)).Draw(t, "after call") + 1
		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		fate := rapid.SampledFrom([]string{"none", "all", "some", "torn"}).Draw(t, "what was not synced")
		disk, err := os.MkdirTemp("", "power")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(disk)
		w[:cut].cut(t, dir, disk, func(c call) (bool, []byte) {
			switch fate {
			case "all":
				return true, c.data
			case "some":
				return dice.IntN(2) == 0, c.data
			case "torn":
				return dice.IntN(2) == 0, torn(dice, c.data)
			}
			return false, nil
		})
		holds(t, disk, w[:cut])
	})
}

// saysTraced posts message n of a person under a trace of its own, which the
// answer names.
func (s *server) saysTraced(person, n int) {
	body := fmt.Sprintf(`{"conversation":"p%d","id":"%d","text":%q}`, person, n, numbered(n))
	request, err := http.NewRequest("POST", s.url+"/api/v1/messages", strings.NewReader(body))
	if err != nil {
		s.Error(err)
		return
	}
	request.Header.Set("Authorization", "Bearer "+restKey)
	request.Header.Set("traceparent", fmt.Sprintf("00-%016x%016x-0000000000000001-01", person+1, n))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Error(err)
		return
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		s.Errorf("%s: %s", body, response.Status)
	}
}

var answerID = regexp.MustCompile(`X-Request-Id: ([0-9a-f]{32})`)

// answers returns the trace of the message that a call answers, nil if it is
// another call.
func (c call) answers() []byte {
	if m := answerID.FindSubmatch(c.data); c.name == "write" && m != nil && bytes.HasPrefix(c.data, []byte("HTTP/1.1 200")) {
		return m[1]
	}
	return nil
}

// holds finds every turn on a disk that was answered before the power went.
func holds(t *rapid.T, disk string, before written) {
	s, err := store.Open(t.Context(), disk, testKey())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range before {
		trace := c.answers()
		if trace == nil {
			continue
		}
		var person, n int
		if _, err := fmt.Sscanf(string(trace), "%016x%016x", &person, &n); err != nil {
			t.Fatal(err)
		}
		at := supportbot.Address{Channel: supportbot.REST, Peer: fmt.Sprint("p", person-1)}
		if err := wholeTurn(t, s, at, n); err != nil {
			t.Fatalf("message %d of %s was answered: %v", n, at.Peer, err)
		}
	}
}

// wholeTurn tells whether message n of a conversation, its outcome and all that was
// said are there.
func wholeTurn(t *rapid.T, s *store.Store, at supportbot.Address, n int) error {
	thread, err := s.Thread(t.Context(), at)
	if err != nil {
		return err
	}
	out, err := s.Outcome(t.Context(), thread.ID, int64(n+1))
	if err != nil {
		return err
	}
	said, err := s.Messages(t.Context(), thread.ID, 0, 1000)
	if err != nil {
		return err
	}
	for i, m := range said {
		if m.Seq != int64(i+1) {
			return fmt.Errorf("message %d has number %d", i+1, m.Seq)
		}
	}
	if last := out.Seq + int64(len(out.Replies)); int64(len(said)) < last {
		return fmt.Errorf("%d messages are there, want %d at least", len(said), last)
	}
	if m := said[out.Seq-1]; m.From != supportbot.FromUser || m.Text != numbered(n) {
		return errors.New("it says something else: " + m.Text)
	}
	return nil
}
