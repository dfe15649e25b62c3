package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"supportbot"
	"supportbot/channels/rest"
)

var merchant = supportbot.Address{Channel: supportbot.REST, Peer: "m/1 店"}

const merchantPath = "/api/v1/conversations/m%2F1%20%E5%BA%97/messages"

func TestListPages(t *testing.T) {
	conv := newMemory()
	for i := range 450 {
		conv.agent(merchant, fmt.Sprint("message ", i+1))
	}
	url := serve(t, conv) + merchantPath
	var seen int64
	for _, want := range []int{200, 200, 50, 0} {
		_, body := call(t, "GET", fmt.Sprintf("%s?after=%d", url, seen), "")
		var page struct {
			Messages []struct {
				Seq        int64
				From, Text string
			}
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Messages) != want {
			t.Fatalf("after %d: got %d messages, %v; want %d", seen, len(page.Messages), err, want)
		}
		for _, m := range page.Messages {
			seen++
			if m.Seq != seen || m.From != "agent" || m.Text != fmt.Sprint("message ", seen) {
				t.Fatalf("got %+v as number %d", m, seen)
			}
		}
	}
}

func TestListShape(t *testing.T) {
	url := serve(t, newMemory())
	if _, got := call(t, "GET", url+"/api/v1/conversations/nobody/messages", ""); got != `{"messages":[],"case":null,"ended":false}` {
		t.Errorf("an unknown conversation: got %s", got)
	}
	call(t, "POST", url+"/api/v1/messages", `{"conversation":"m/1 店","id":"1","text":"你好"}`)
	_, got := call(t, "GET", url+merchantPath, "")
	want := `{"messages":[{"seq":1,"from":"user","text":"你好"},` +
		`{"seq":2,"from":"bot","text":"\u003c你好\u003e","choices":[{"label":"是","value":"yes"}]}],"case":null,"ended":false}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestListTellsWhatIsWrong(t *testing.T) {
	url := serve(t, newMemory()) + "/api/v1/conversations/"
	for path, field := range map[string]string{
		"c/messages?after=-1":                  "after",
		"c/messages?after=x":                   "after",
		"c/messages?after=9999999999999999999": "after",
		"c/messages?wait=-1":                   "wait",
		"c/messages?wait=1.5":                  "wait",
		"c/messages?wait=soon":                 "wait",
		"a%0Ab/messages":                       "conversation",
		strings.Repeat("c", 129) + "/messages": "conversation",
	} {
		if res, got := call(t, "GET", url+path, ""); res.StatusCode != http.StatusBadRequest || !strings.HasPrefix(got, `{"error":"`+field+":") {
			t.Errorf("%s: got %d %s", path, res.StatusCode, got)
		}
	}
}

func TestListWaits(t *testing.T) {
	tests := []struct {
		name  string
		mute  bool
		query string
		write time.Duration // when an agent writes; 0 = never
		want  time.Duration // when the answer comes
	}{
		{"not at all by default", false, "?after=1", 0, 0},
		{"no longer than asked", false, "?after=1&wait=5", 0, 5 * time.Second},
		{"no longer than 30 s", false, "?after=1&wait=86400", 0, 30 * time.Second},
		{"no longer than 30 s, whatever the number", false, "?after=1&wait=9223372036854775807", 0, 30 * time.Second},
		{"until a hint comes", false, "?after=1&wait=30", 2500 * time.Millisecond, 2500 * time.Millisecond},
		{"a second more without hints", true, "?after=1&wait=30", 2500 * time.Millisecond, 3 * time.Second},
		{"not if there is something already", false, "?after=0&wait=30", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conv := newMemory()
				if tt.mute {
					conv.Deafen()
				}
				conv.agent(merchant, "one moment")
				if tt.write > 0 {
					time.AfterFunc(tt.write, func() { conv.agent(merchant, "I am back") })
				}
				start := time.Now()
				res := direct(t.Context(), handler(conv, rest.Options{Key: key}), "GET", merchantPath+tt.query, "")
				if took := time.Since(start); res.StatusCode != http.StatusOK || took != tt.want {
					t.Errorf("got %d after %v, want 200 after %v", res.StatusCode, took, tt.want)
				}
				if conv.Watched() > 0 {
					t.Error("the conversation is still watched")
				}
			})
		})
	}
}

func TestListStopsWhenTheClientGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conv := newMemory()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		res := direct(ctx, handler(conv, rest.Options{Key: key}), "GET", merchantPath+"?wait=30", "")
		if took := time.Since(start); took != 3*time.Second || res.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("got %d after %v, want an end after 3 s", res.StatusCode, took)
		}
		if conv.Watched() > 0 {
			t.Error("the conversation is still watched")
		}
	})
}

// A wait must outlive the write timeout that the server sets for quick answers.
func TestListOutlivesTheWriteTimeout(t *testing.T) {
	conv := newMemory()
	url := serve(t, conv)
	time.AfterFunc(time.Second, func() { conv.agent(merchant, "here I am") })
	if _, got := call(t, "GET", url+merchantPath+"?wait=10", ""); !strings.Contains(got, "here I am") {
		t.Errorf("got %q", got)
	}
}
