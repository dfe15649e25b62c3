package telegram_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"supportbot/channels/channeltest"
	"supportbot/channels/telegram"
)

// serve has a channel answer a request.
func serve(c *telegram.Channel, r *http.Request) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	c.Routes()[0].Handler.ServeHTTP(answer, r)
	return answer
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name string
		opt  telegram.Options
		want string // in the error, "" if there is none
	}{
		{"off", telegram.Options{}, ""},
		{"polling", telegram.Options{Token: token}, ""},
		{"webhook", telegram.Options{Token: token, Secret: secret, Server: "http://127.0.0.1:8081"}, ""},
		{"a secret alone", telegram.Options{Secret: secret}, "off without --telegram-token"},
		{"the name of a bot", telegram.Options{Token: "@ShopHelpBot"}, "as BotFather gives it"},
		{"a secret that Telegram refuses", telegram.Options{Token: token, Secret: "密"}, "openssl"},
		{"no URL", telegram.Options{Token: token, Server: "127.0.0.1:8081"}, "must be a URL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.opt.Check()
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("tells the secret: %v", err)
			}
		})
	}
}

// TestTelegramIsToldOfTheWebhook, again until it hears.
func TestTelegramIsToldOfTheWebhook(t *testing.T) {
	told := make(chan []string, 3)
	calls := 0
	server := api(t, func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		told <- []string{r.URL.Path[len("/bot"+token):], r.FormValue("url"), r.FormValue("secret_token"), r.FormValue("allowed_updates")}
		_, _ = w.Write([]byte(`{"ok":true,"result":true}`))
	})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL, Secret: secret, PublicURL: "https://bot.example.com"}).Run(ctx)
	got := strings.Join(<-told, " ")
	if want := `/setWebhook https://bot.example.com/channels/telegram ` + secret + ` ["message","edited_message","callback_query"]`; got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
}

// FuzzUpdate: whatever is signed is answered, and what is taken has an address
// and an id.
func FuzzUpdate(f *testing.F) {
	for _, p := range payloads {
		f.Add(p.Body)
	}
	f.Add(`{"update_id":1,"message":null,"callback_query":{"data":"x","message":{"reply_markup":{"inline_keyboard":[null,[{}]]}}}}`)
	server := httptest.NewServer(http.NotFoundHandler())
	f.Cleanup(server.Close)
	f.Fuzz(func(t *testing.T, body string) {
		bot := channeltest.NewBot(channeltest.SayBack)
		c := open(t, bot, telegram.Options{Secret: secret, Server: server.URL})
		switch answer := serve(c, post(body)); answer.Code {
		case http.StatusOK:
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
			if len(bot.Taken()) > 0 {
				t.Errorf("%d, but taken: %v", answer.Code, bot.Taken())
			}
		default:
			t.Errorf("status %d", answer.Code)
		}
		for _, in := range bot.Taken() {
			if in.Peer == "" || len(in.ID) < 2 || in.Kind == "" {
				t.Errorf("taken: %+v", in)
			}
		}
	})
}
