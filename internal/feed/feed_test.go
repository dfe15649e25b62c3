package feed_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
	"supportbot/internal/delivery"
	"supportbot/internal/feed"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func deskAt(t *testing.T, url, secret string) *feed.Desk {
	t.Helper()
	d, err := feed.NewDesk(url, secret)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// event is one in which the merchant says text.
func event(text string) delivery.Delivery {
	said := supportbot.Message{Seq: 7, From: supportbot.FromUser, Text: text, At: time.Unix(1, 0)}
	return delivery.Delivery{
		Thread: 17, Seq: 3, Key: "key", Message: said,
		Event: &supportbot.CaseEvent{Kind: supportbot.EventMessage, Message: 7, Case: supportbot.CaseNews{ID: "17-1", State: supportbot.CaseActive}},
	}
}

// TestSend takes the suite of channels: what another desk answers means the same.
func TestSend(t *testing.T) {
	channeltest.Send(t, channeltest.Sending{
		New:    func(url string) channels.Sender { return sender{deskAt(t, url, secret)} },
		Secret: secret,
		Taken:  channeltest.Verdict{Status: 204},
		Faults: []channeltest.Verdict{
			{Name: "too many", Status: 429, Header: map[string]string{"Retry-After": "17"}, Body: "canary", Want: channels.Limited, After: 17 * time.Second},
			{Name: "away", Status: 503, Want: channels.Absent},
			{Name: "an error of the server", Status: 500, Body: "canary", Want: channels.Unsure},
			{Name: "moved", Status: 302, Header: map[string]string{"Location": "http://127.0.0.1:1/canary"}, Want: channels.Refused},
			{Name: "not taken", Status: 401, Body: "canary", Want: channels.Refused},
			{Name: "gone", Status: 410, Want: channels.Gone},
		},
	})
}

// sender sends a message as an event.
type sender struct{ desk *feed.Desk }

func (s sender) Send(ctx context.Context, _ supportbot.Address, m supportbot.Message, _ string) error {
	return s.desk.Send(ctx, event(m.Text))
}

// TestAgainstStandardWebhooks has another's library, in another language, read the
// signature, by the lines that docs/desk.md shows.
func TestAgainstStandardWebhooks(t *testing.T) {
	t.Setenv("DESK_SECRET", secret)
	url := channeltest.Node(t, "testdata/peer")
	if err := deskAt(t, url, secret).Send(t.Context(), event("刷不了卡 <b>")); err != nil {
		t.Error(err)
	}
	other := "whsec_" + strings.Repeat("QUFB", 10)
	err := deskAt(t, url, other).Send(t.Context(), event("刷不了卡"))
	if failure := (*channels.Failure)(nil); !errors.As(err, &failure) || failure.Kind != channels.Refused {
		t.Errorf("signed by another secret: %v", err)
	}

	page, err := os.ReadFile("../../docs/desk.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("testdata/peer/peer.js")
	if err != nil {
		t.Fatal(err)
	}
	shown, _, _ := strings.Cut(string(code), "\n\nserver.listen")
	if !strings.Contains(string(page), shown) {
		t.Errorf("docs/desk.md does not show\n%s", shown)
	}
}
