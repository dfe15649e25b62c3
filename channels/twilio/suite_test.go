package twilio

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
)

// signedPost is a form on its way, as Twilio sends it.
func signedPost(body string) *http.Request {
	form, err := url.ParseQuery(body)
	if err != nil {
		panic(err) // made here
	}
	r := httptest.NewRequest(http.MethodPost, messagesPath, strings.NewReader(body))
	r.Header.Set("Content-Type", formKind)
	r.Header.Set(SignatureHeader, Sign(token, public+messagesPath, form))
	return r
}

// TestSuite holds SMS and WhatsApp to the suite: both come in by one route.
func TestSuite(t *testing.T) {
	for _, c := range []supportbot.Channel{supportbot.SMS, supportbot.WhatsApp} {
		t.Run(string(c), func(t *testing.T) {
			channeltest.Run(t, channeltest.Suite{Channel: c, Receive: receiver(c), Send: sending(c), Shown: sent(t, c)})
		})
	}
}

func receiver(c supportbot.Channel) *channeltest.Receiver {
	heard := func(c supportbot.Channel, id, text string) []supportbot.Inbound {
		return []supportbot.Inbound{{Address: supportbot.Address{Channel: c, Peer: mei}, ID: idOf(id), Kind: supportbot.InText, Text: text}}
	}
	return &channeltest.Receiver{
		New: func(conv channels.Conversations) []channels.Route {
			m := NewMessages(conv, newMemory(), &album{}, account, slog.New(slog.DiscardHandler))
			m.rate = nil // one person writes hundreds
			return m.Routes()
		},
		Request: signedPost,
		Forge:   forgeSignature,
		Payloads: []channeltest.Payload{
			{Name: "an SMS", Body: sms("SM1", mei, "POS机密码忘了").Encode(), Want: heard(supportbot.SMS, "SM1", "POS机密码忘了")},
			{Name: "on WhatsApp", Body: whatsAppMessage("SM2", mei, "你好").Encode(), Want: heard(supportbot.WhatsApp, "SM2", "你好")},
			{Name: "a photo with words", Body: with(sms("MM3", mei, "看这个"), "NumMedia", "1", "MediaContentType0", "image/jpeg").Encode(), Want: []supportbot.Inbound{
				{Address: supportbot.Address{Channel: supportbot.SMS, Peer: mei}, ID: idOf("MM3"), Kind: supportbot.InText, Text: "看这个", Unseen: supportbot.Photo},
			}},
			{Name: "a photo alone", Body: with(sms("MM4", mei, ""), "NumMedia", "1", "MediaContentType0", "image/jpeg").Encode(), Want: []supportbot.Inbound{
				{Address: supportbot.Address{Channel: supportbot.SMS, Peer: mei}, ID: idOf("MM4"), Kind: supportbot.InUnseen, Unseen: supportbot.Photo},
			}},
			{Name: "of a country that is not served", Body: sms("SM5", "+99899000000", "hello").Encode()},
			{Name: "START of somebody new", Body: sms("SM6", mei, "START").Encode(), Want: []supportbot.Inbound{
				{Address: supportbot.Address{Channel: supportbot.SMS, Peer: mei}, ID: idOf("SM6"), Kind: supportbot.InOpen},
			}},
		},
		Numbered: func(p, n int) string {
			write := sms
			if c == supportbot.WhatsApp {
				write = whatsAppMessage
			}
			return write(fmt.Sprintf("SM%d.%d", p, n), fmt.Sprintf("+86138%08d", p), fmt.Sprint(n)).Encode()
		},
		MaxBody:  maxBody,
		Forged:   http.StatusForbidden,
		Conflict: http.StatusBadRequest,
		Invalid:  http.StatusBadRequest,
	}
}

// TestAMessageThatTakesTooLongIsNotAcknowledged: Twilio has given up by then, and asks
// again.
func TestAMessageThatTakesTooLongIsNotAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bot := channeltest.NewBot(channeltest.SayBack)
		bot.Before(func(ctx context.Context, _ supportbot.Inbound) error {
			<-ctx.Done()
			return ctx.Err()
		})
		began := time.Now()
		w := httptest.NewRecorder()
		mux := http.NewServeMux()
		for _, route := range receiver(supportbot.SMS).New(bot) {
			mux.Handle(route.Pattern, route.Handler)
		}
		mux.ServeHTTP(w, signedPost(sms("SM1", mei, "你好").Encode()))
		if took := time.Since(began); w.Code/100 != 5 || took != webhookLimit {
			t.Errorf("answered %d after %s", w.Code, took)
		}
	})
}

// forgeSignature changes a bit, cuts or leaves out the signature, or has it made with
// another token.
func forgeSignature(r *http.Request, random *rand.Rand) {
	right, _ := base64.StdEncoding.DecodeString(r.Header.Get(SignatureHeader))
	switch random.IntN(4) {
	case 0:
		r.Header.Del(SignatureHeader)
		return
	case 1:
		right = right[:random.IntN(len(right))]
	case 2:
		right[random.IntN(len(right))] ^= 1 << random.IntN(8)
	case 3:
		r.Header.Set(SignatureHeader, Sign("another", public+messagesPath, nil))
		return
	}
	r.Header.Set(SignatureHeader, base64.StdEncoding.EncodeToString(right))
}

func sending(c supportbot.Channel) *channeltest.Sending {
	to := supportbot.Address{Channel: c, Peer: mei}
	return &channeltest.Sending{
		New:    func(server string) channels.Sender { return senderTo(server, to) },
		To:     to,
		Secret: token,
		Taken:  channeltest.Verdict{Status: http.StatusCreated, Body: `{"sid":"SM1"}`},
		Faults: []channeltest.Verdict{
			{Name: "too many", Status: 429, Header: map[string]string{"Retry-After": "7"}, Body: `{"code":20429,"message":"canary"}`, Want: channels.Limited, After: 7 * time.Second},
			{Name: "STOP was written", Status: 400, Body: `{"code":21610,"message":"canary"}`, Want: channels.Gone},
			{Name: "a text that is refused", Status: 400, Body: `{"code":30007,"message":"canary"}`, Want: channels.Refused},
			{Name: "a wrong token", Status: 401, Body: `{"code":20003,"message":"canary"}`, Want: channels.Absent},
			{Name: "a fault of Twilio", Status: 500, Body: `canary`, Want: channels.Unsure},
		},
	}
}

// senderTo returns a sender to a person who has written.
func senderTo(server string, to supportbot.Address) *Sender {
	config, ledger := account, newMemory()
	config.Server, config.DailySegments = server, 1<<20
	ledger.has(to)
	return NewSender(config, ledger)
}

// sent is what a telephone would show of a message: what Twilio is asked to send.
func sent(t *testing.T, c supportbot.Channel) channeltest.Shown {
	var bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bodies = append(bodies, r.FormValue("Body"))
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"sid":"SM1"}`)
	}))
	t.Cleanup(server.Close)
	return func(m supportbot.Message) []string {
		bodies = nil
		to := supportbot.Address{Channel: c, Peer: mei}
		if err := senderTo(server.URL, to).Send(t.Context(), to, m, "KEY"); err != nil {
			t.Fatal(err)
		}
		return bodies
	}
}
