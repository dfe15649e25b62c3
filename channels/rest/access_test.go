package rest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"supportbot/channels/rest"
)

func TestKey(t *testing.T) {
	url := serve(t, newMemory())
	for _, header := range []string{
		"", "Bearer", "Bearer ", "Bearer wrong", "Bearer " + key + "x", "Bearer " + key[1:], "Basic " + key, key,
	} {
		for method, path := range map[string]string{"POST": "/api/v1/messages", "GET": "/api/v1/conversations/c/messages"} {
			r, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(`{"conversation":"c","id":"1","text":"x"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", header)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusUnauthorized || res.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s with %q: got %d, WWW-Authenticate %q", method, header, res.StatusCode, res.Header.Get("WWW-Authenticate"))
			}
		}
	}
	if routes := rest.New(newMemory(), rest.Options{}).Routes(); len(routes) != 0 {
		t.Errorf("without a key there are %d routes, want none", len(routes))
	}
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handler(newMemory(), rest.Options{Key: key, Limits: rest.Limits{Messages: 6}})
		post := func(conversation, id string) *http.Response {
			return direct(t.Context(), h, "POST", "/api/v1/messages", fmt.Sprintf(`{"conversation":%q,"id":%q,"text":"x"}`, conversation, id))
		}
		for i := range 6 {
			if got := post("wild", fmt.Sprint(i)).StatusCode; got != http.StatusOK {
				t.Fatalf("message %d: got %d", i, got)
			}
		}
		res := post("wild", "6")
		if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "10" {
			t.Errorf("the seventh at once: got %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
		}
		if got := post("calm", "1").StatusCode; got != http.StatusOK {
			t.Errorf("another conversation: got %d", got)
		}
		time.Sleep(10 * time.Second)
		if got := post("wild", "6").StatusCode; got != http.StatusOK {
			t.Errorf("after Retry-After: got %d", got)
		}
		if got := post("wild", "7").StatusCode; got != http.StatusTooManyRequests {
			t.Errorf("right after that: got %d", got)
		}
		time.Sleep(2 * time.Minute)
		for i := range 6 {
			if got := post("wild", fmt.Sprint("later", i)).StatusCode; got != http.StatusOK {
				t.Fatalf("two minutes later, message %d: got %d", i, got)
			}
		}
	})
}

func TestReadsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := 0
		h := handler(newMemory(), rest.Options{Key: key, Limits: rest.Limits{Reads: 6}, Refused: func(limit string) {
			if limit == "reads" {
				refused++
			}
		}})
		read := func(conversation string) *http.Response {
			return direct(t.Context(), h, "GET", "/api/v1/conversations/"+conversation+"/messages", "")
		}
		for i := range 6 {
			if got := read("wild").StatusCode; got != http.StatusOK {
				t.Fatalf("read %d: got %d", i, got)
			}
		}
		if res := read("wild"); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "10" || refused != 1 {
			t.Errorf("the seventh at once: got %d, Retry-After %q, %d refusals", res.StatusCode, res.Header.Get("Retry-After"), refused)
		}
		if got := read("calm").StatusCode; got != http.StatusOK {
			t.Errorf("another conversation: got %d", got)
		}
		time.Sleep(10 * time.Second)
		if got := read("wild").StatusCode; got != http.StatusOK {
			t.Errorf("after Retry-After: got %d", got)
		}
	})
}

// Somebody who opens one waiting read after the other does not have the database
// asked without end.
func TestSoManyMayWaitOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handler(newMemory(), rest.Options{Key: key})
		answers := make(chan *http.Response, 200)
		for range cap(answers) {
			go func() {
				answers <- direct(t.Context(), h, "GET", "/api/v1/conversations/c/messages?wait=20", "")
			}()
		}
		synctest.Wait()
		for range 100 {
			if res := <-answers; res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "1" {
				t.Fatalf("one too many: got %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
			}
		}
		time.Sleep(20 * time.Second)
		for range 100 {
			if res := <-answers; res.StatusCode != http.StatusOK {
				t.Fatalf("one who waited: got %d", res.StatusCode)
			}
		}
	})
}

// Whoever guesses at the key is told to wait, and then even the right one does not
// help; who had it before is not hindered.
func TestWrongKeysAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handler(newMemory(), rest.Options{
			Key: key, Limits: rest.Limits{WrongKeys: 6},
			Client: func(r *http.Request) string { return r.Header.Get("X-Network") },
		})
		try := func(network, key string) *http.Response {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/conversations/c/messages", nil)
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("X-Network", network)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w.Result()
		}
		try("shop", key)
		for range 6 {
			for _, network := range []string{"shop", "guesser"} {
				if got := try(network, "wrong").StatusCode; got != http.StatusUnauthorized {
					t.Fatalf("a wrong key from the %s: got %d", network, got)
				}
			}
		}
		for _, k := range []string{"wrong", key} {
			if res := try("guesser", k); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "10" {
				t.Errorf("the key %s after guessing: got %d, Retry-After %q", k, res.StatusCode, res.Header.Get("Retry-After"))
			}
		}
		for _, network := range []string{"shop", "another", ""} {
			if got := try(network, key).StatusCode; got != http.StatusOK {
				t.Errorf("the key from %q: got %d", network, got)
			}
		}
		time.Sleep(10 * time.Second)
		if got := try("guesser", key).StatusCode; got != http.StatusOK {
			t.Errorf("after Retry-After: got %d", got)
		}
	})
}
