package rest_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
	"supportbot/channels/rest"
)

func TestSuite(t *testing.T) {
	channeltest.Run(t, channeltest.Suite{Channel: supportbot.REST, Receive: receiver(), Send: sending(t), Shown: posted(t)})
}

func receiver() *channeltest.Receiver {
	at := supportbot.Address{Channel: supportbot.REST, Peer: "shop"}
	return &channeltest.Receiver{
		New: func(conv channels.Conversations) []channels.Route {
			return rest.New(conv, rest.Options{Key: key, Log: slog.New(slog.DiscardHandler)}).Routes()
		},
		Request: func(body string) *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/api/v1/messages", strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+key)
			return r
		},
		Forge: func(r *http.Request, random *rand.Rand) {
			forged := []byte(key)
			forged[random.IntN(len(forged))] ^= byte(1 + random.IntN(15))
			r.Header.Set("Authorization", "Bearer "+string(forged))
		},
		Payloads: []channeltest.Payload{
			{Name: "words", Body: `{"conversation":"shop","id":"1","text":"绑卡失败","language":"zh"}`,
				Want: []supportbot.Inbound{{Address: at, ID: "1", Kind: supportbot.InText, Text: "绑卡失败", Language: supportbot.Chinese}}},
			{Name: "a choice, and a field of tomorrow", Body: `{"conversation":"shop","id":"1","choice":"control:agent","mood":"bad"}`,
				Want: []supportbot.Inbound{{Address: at, ID: "1", Kind: supportbot.InChoice, Choice: "control:agent"}}},
		},
		Numbered: func(p, n int) string { return fmt.Sprintf(`{"conversation":"c%d","id":"%d","text":"%[2]d"}`, p, n) },
		MaxBody:  64 << 10,
		Forged:   http.StatusUnauthorized,
		Conflict: http.StatusConflict,
		Invalid:  http.StatusBadRequest,
	}
}

func sending(t *testing.T) *channeltest.Sending {
	return &channeltest.Sending{
		New:    func(url string) channels.Sender { return callbackTo(t, url) },
		To:     supportbot.Address{Channel: supportbot.REST, Peer: "shop"},
		Secret: callbackSecret,
		Taken:  channeltest.Verdict{Status: 204},
		Faults: []channeltest.Verdict{
			{Name: "too many", Status: 429, Header: map[string]string{"Retry-After": "17"}, Body: "canary", Want: channels.Limited, After: 17 * time.Second},
			{Name: "away", Status: 503, Want: channels.Absent},
			{Name: "an error of the server", Status: 500, Body: "canary", Want: channels.Unsure},
			{Name: "not taken", Status: 422, Body: "canary", Want: channels.Refused},
			{Name: "nobody there any more", Status: 410, Want: channels.Gone},
		},
	}
}

// posted is what a receiver of callbacks gets to show.
func posted(t *testing.T) channeltest.Shown {
	var said struct{ Data struct{ Text string } }
	callback := receive(t, func(_ http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
			t.Error(err)
		}
	})
	return func(m supportbot.Message) []string {
		if err := callback.Send(t.Context(), shop, m, "KEY"); err != nil {
			t.Error(err)
		}
		return []string{said.Data.Text}
	}
}
