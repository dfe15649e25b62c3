package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// load is persons who talk to any of several nodes and try again, elsewhere,
// what was not answered, as clients are told to.
type load struct {
	*testing.T
	mu      sync.Mutex
	urls    []string
	client  http.Client
	stop    func() // once
	done    sync.WaitGroup
	retries atomic.Int64
	sent    [][]string // texts of each person that were answered, in order
}

func (l *load) setURL(i int, url string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.urls[i] = url
}

func (l *load) anyURL() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.urls[rand.IntN(len(l.urls))]
}

func talk(t *testing.T, all []*server, persons int) *load {
	ctx, stop := context.WithCancel(t.Context())
	l := &load{T: t, client: http.Client{Timeout: 5 * time.Second}, stop: stop, sent: make([][]string, persons)}
	t.Cleanup(l.end)
	for _, s := range all {
		l.urls = append(l.urls, s.url)
	}
	for person := range persons {
		l.done.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-ctx.Done():
					return
				case <-time.After(50 * time.Millisecond):
				}
				text := numbered(n)
				if !l.send(person, n, text) {
					return
				}
				l.sent[person] = append(l.sent[person], text)
			}
		})
	}
	return l
}

// numbered is a message unlike others. Its number is in letters, since numbers in a
// row would be taken for the parts of one that is not to be kept.
func numbered(n int) string {
	letters := strings.Map(func(digit rune) rune { return digit - '0' + 'a' }, strconv.Itoa(n))
	return "打印机不出纸 " + letters
}

// end has everybody finish their sentence.
func (l *load) end() {
	l.stop()
	l.done.Wait()
}

// send sends one message until it is answered.
func (l *load) send(person, n int, text string) bool {
	body := fmt.Sprintf(`{"conversation":"p%d-%d","id":"%d","text":%q}`, person, n/10, n, text)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline) && !l.Failed(); {
		request, err := http.NewRequest("POST", l.anyURL()+"/api/v1/messages", bytes.NewBufferString(body))
		if err != nil {
			l.Error(err)
			return false
		}
		request.Header.Set("Authorization", "Bearer "+restKey)
		response, err := l.client.Do(request)
		if err == nil {
			response.Body.Close()
			switch response.StatusCode {
			case http.StatusOK:
				return true
			case http.StatusServiceUnavailable, http.StatusTooManyRequests:
			default:
				l.Errorf("person %d, message %d: %s", person, n, response.Status)
				return false
			}
		}
		l.retries.Add(1)
		time.Sleep(50 * time.Millisecond)
	}
	if !l.Failed() {
		l.Errorf("person %d, message %d was never answered", person, n)
	}
	return false
}

// check ends the load, and finds each message that was answered once, in order,
// and nothing else; s shows it.
func (l *load) check(s *server) {
	l.Helper()
	l.end()
	total := 0
	for person, sent := range l.sent {
		total += len(sent)
		var found []string
		for part := range (len(sent) + 9) / 10 {
			for i, m := range transcriptOf(s, fmt.Sprintf("p%d-%d", person, part)) {
				if m["seq"] != float64(i+1) {
					l.Errorf("person %d: message %d has number %v", person, i+1, m["seq"])
				}
				if m["from"] == "user" {
					found = append(found, m["text"].(string))
				}
			}
		}
		if !slices.Equal(found, sent) {
			l.Errorf("person %d has sent\n%q\nand there is\n%q", person, sent, found)
		}
	}
	l.Logf("%d messages answered, %d tries again", total, l.retries.Load())
	if total == 0 {
		l.Error("nothing was said")
	}
}

// idle waits until no lane of the database has anything left.
func idle(t *testing.T, database string, within time.Duration) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	for deadline := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		left := -1
		err := db.QueryRow(t.Context(), `SELECT count(*) FROM lane WHERE tail > head`).Scan(&left)
		if err == nil && left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s there are %d conversations with something left, %v", within, left, err)
		}
	}
}
