package main

import (
	"slices"
	"strings"
	"testing"

	"supportbot/channels/twilio/twiliotest"
)

func TestDoctor(t *testing.T) {
	rest := twiliotest.NewREST(t)
	args := append([]string{"doctor"}, twilioArgs(rest)...)
	args = append(args, "--twilio-from", "+18089255327", "--public-url", "http://127.0.0.1:1") // the number of Twilio's example
	for _, c := range []struct {
		args  []string
		wants []string
		calls int
	}{
		{args, []string{"ok:    the account at Twilio is active", "wrong: messages to the number do not come here as they should", "wrong: calls of the number do not come here", "wrong: notices that a caller has hung up do not", "run this with --apply", "wrong: the server at http://127.0.0.1:1: --public-url must begin with https"}, 2},
		{append(args, "--apply"), []string{"ok:    messages to the number come here from now on", "ok:    calls of the number come here from now on"}, 3},
	} {
		before := len(rest.Taken())
		out, err := command(t, "", c.args...)
		if err == nil {
			t.Errorf("%v: no error, though the server cannot be reached", c.args)
		}
		for _, want := range c.wants {
			if !strings.Contains(out, want) {
				t.Errorf("said %q, want %q in it", out, want)
			}
		}
		if calls := len(rest.Taken()) - before; calls != c.calls {
			t.Errorf("%d calls of Twilio, want %d", calls, c.calls)
		}
		if strings.Contains(out, twilioToken) {
			t.Error("the token is shown")
		}
	}
	if _, err := command(t, "", "doctor"); err == nil || !strings.Contains(err.Error(), "no channel, mail server, other desk") {
		t.Errorf("without a channel: %v", err)
	}
}

// TestDoctorLooksAtTelegram: on a server that others wrote, from fetching to a
// webhook and back.
func TestDoctorLooksAtTelegram(t *testing.T) {
	p := newPhone(t)
	fetching := []string{"doctor", "--telegram-token", telegramToken, "--telegram-server", p.api}
	webhook := append(slices.Clone(fetching), "--telegram-secret", "s3cret", "--public-url", "https://bot.invalid")
	for _, c := range []struct {
		name  string
		args  []string
		wants []string
	}{
		{"fetching", fetching, []string{"ok:    the bot is @", "ok:    updates are fetched", "ok:    0 updates wait"}},
		{"a webhook that is not set", webhook, []string{"wrong: the webhook is not set: run this with --apply", "wrong: the server at https://bot.invalid: it does not answer"}},
		{"set", append(slices.Clone(webhook), "--apply"), []string{"ok:    Telegram sends updates to https://bot.invalid/channels/telegram"}},
		{"a webhook that is set", webhook, []string{"ok:    Telegram sends updates to https://bot.invalid/channels/telegram"}},
		{"elsewhere", append(slices.Clone(webhook), "--public-url", "https://other.invalid"), []string{"wrong: Telegram sends updates to another address than https://other.invalid/channels/telegram"}},
		{"in the way", fetching, []string{"wrong: Telegram sends updates to another address, so none can be fetched: run this with --apply"}},
		{"taken away", append(slices.Clone(fetching), "--apply"), []string{"ok:    updates can be fetched from now on"}},
		{"fetching again", fetching, []string{"ok:    updates are fetched"}},
		{"a port that Telegram does not call", append(slices.Clone(webhook), "--public-url", "https://bot.invalid:9443"), []string{"Telegram calls https only, on port 443"}},
	} {
		out, err := command(t, "", c.args...)
		for _, want := range c.wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s: said %q, want %q in it", c.name, out, want)
			}
		}
		if (err != nil) != strings.Contains(out, "wrong:") {
			t.Errorf("%s: %v after %q", c.name, err, out)
		}
		if strings.Contains(out, telegramToken) || strings.Contains(out, "s3cret") {
			t.Errorf("%s: a secret is shown: %s", c.name, out)
		}
	}
	p.do("/peer/fault", map[string]any{"method": "getMe", "status": 401, "body": map[string]any{"ok": false, "error_code": 401, "description": "Unauthorized"}}, nil)
	if out, err := command(t, "", fetching...); err == nil || !strings.Contains(out, "as BotFather shows it") {
		t.Errorf("a wrong token: %q, %v", out, err)
	}
}

func TestWhatCannotBeCalledFromElsewhere(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "::1": true, "10.1.2.3": true, "192.168.0.9": true, "bot": true, "bot.local": true,
		"bot.example.com": false, "203.0.113.9": false,
	} {
		if private(host) != want {
			t.Errorf("%s is private: %v, want %v", host, private(host), want)
		}
	}
}
