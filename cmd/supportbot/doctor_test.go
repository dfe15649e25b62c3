package main

import (
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
		{args, []string{"ok:    the account at Twilio is active", "wrong: messages to the number do not come here", "run this with --apply", "wrong: the server at http://127.0.0.1:1: --public-url must begin with https"}, 2},
		{append(args, "--apply"), []string{"ok:    messages to the number come here from now on"}, 3},
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
	if _, err := command(t, "", "doctor"); err == nil || !strings.Contains(err.Error(), "no channel is switched on") {
		t.Errorf("without a channel: %v", err)
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
