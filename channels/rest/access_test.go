package rest_test

import (
	"fmt"
	"net/http"
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
		h := handler(newMemory(), rest.Options{Key: key, PerMinute: 6})
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
