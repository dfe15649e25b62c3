package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"supportbot/channels/twilio"
	"supportbot/internal/telephone"
)

// TestTheWholeJobOnThePhone has callers do the job with the terminal's telephone,
// and an agent with the agent API.
func TestTheWholeJobOnThePhone(t *testing.T) {
	s := serve(t, t.TempDir())
	token := s.token()
	tests := []struct {
		name, script, message, verdict string
		hears                          []string
	}{
		{
			"forgot password", "1\n我忘了POS机密码\n1\n2\n1\n1\nuntil 店名\n老李面馆\nuntil 身份已经核实\n1\n", "请说店名", "verified",
			[]string{"普通话请按1", "不是真人", "用哪种方式重设", "正在转人工客服", "已接入", "客服说：请说店名", "身份已经核实", "太好了"},
		},
		{
			"bind card", "2\nI want to bind a card\n0\nuntil name\nGolden Dragon\nuntil shall we go on\n3\n", "Your name, please", "failed",
			[]string{"For English, press 2", "we do it together", "I am getting an agent", "The agent says: Your name, please", "How shall we go on", "Say “bind a card”"},
		},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			type result struct {
				out string
				err error
			}
			called := make(chan result, 1)
			go func() {
				out, err := command(t, tt.script, "call", "--data", s.data, "--json", "--from", fmt.Sprintf("+861380013800%d", i))
				called <- result{out, err}
			}()
			s.attend(t, token, tt.message, tt.verdict)
			r := <-called
			if r.err != nil {
				t.Fatalf("%v\n%s", r.err, r.out)
			}
			heard := wordsOf(t, r.out)
			for _, want := range tt.hears {
				_, after, found := strings.Cut(heard, want)
				if !found {
					t.Fatalf("%q was not heard in\n%s\nof\n%s", want, heard, r.out)
				}
				heard = after
			}
			if !strings.Contains(r.out, `{"ended":true}`) {
				t.Errorf("the call has not ended:\n%s", r.out)
			}
		})
	}
}

// wordsOf is what a call with --json has said, in order.
func wordsOf(t *testing.T, out string) string {
	var heard strings.Builder
	for line := range strings.Lines(out) {
		var e telephone.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		heard.WriteString(e.Say + "\n")
	}
	return heard.String()
}

// attend is an agent who takes the case that comes, asks something, waits for the
// answer and gives a verdict.
func (s *server) attend(t *testing.T, token, message, verdict string) {
	t.Helper()
	var id string
	s.until(t, "a case waits", func() bool {
		_, list := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
		cases, _ := list["cases"].([]any)
		if len(cases) == 0 {
			return false
		}
		c := cases[0].(map[string]any)
		if c["channel"] != "voice" {
			t.Errorf("a case of %v", c["channel"])
		}
		id = c["id"].(string)
		return true
	})
	path := "/console/api/cases/" + id
	if status, answer := s.rest(token, "POST", path+"/claim", ""); status != http.StatusOK {
		t.Fatalf("claim: %d %v", status, answer)
	}
	if status, answer := s.rest(token, "POST", path+"/messages", fmt.Sprintf(`{"fence":2,"text":%q}`, message)); status != http.StatusOK {
		t.Fatalf("message: %d %v", status, answer)
	}
	s.until(t, "the caller answers", func() bool {
		_, shown := s.rest(token, "GET", path, "")
		transcript, _ := shown["transcript"].([]any)
		for i := len(transcript) - 1; i >= 0; i-- {
			m := transcript[i].(map[string]any)
			if m["from"] == "agent" {
				return false
			}
			if m["from"] == "user" {
				return true
			}
		}
		return false
	})
	if status, answer := s.rest(token, "POST", path+"/outcome", fmt.Sprintf(`{"fence":2,"outcome":%q}`, verdict)); status != http.StatusOK {
		t.Fatalf("outcome: %d %v", status, answer)
	}
}

func (s *server) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestWhoeverHangsUpIsNoLongerWaitedFor(t *testing.T) {
	s := serve(t, t.TempDir())
	token := s.token()
	if out, err := command(t, "1\n0\nhangup\n", "call", "--data", s.data); err != nil {
		t.Fatal(err, out)
	}
	_, list := s.rest(token, "GET", "/console/api/cases?state=all", "")
	cases := list["cases"].([]any)
	if state := cases[0].(map[string]any)["state"]; len(cases) != 1 || state != "abandoned" {
		t.Errorf("%d cases, the first is %v", len(cases), state)
	}

	if out, err := command(t, "0\n1\n13800138000#\nhangup\n", "call", "--data", s.data, "--from", "anonymous"); err != nil {
		t.Fatal(err, out)
	}
	_, list = s.rest(token, "GET", "/console/api/cases?state=waiting", "")
	if cases := list["cases"].([]any); len(cases) != 1 {
		t.Errorf("%d cases wait to be called back", len(cases))
	}

	out, err := command(t, "0\nhangup\n", "call", "--data", s.data, "--from", "anonymous")
	if err != nil || !strings.Contains(out, "排在您前面的：1位") {
		t.Errorf("behind one who waits: %v\n%s", err, out)
	}
}

func TestACallNeedsAServer(t *testing.T) {
	for name, args := range map[string][]string{
		"start one with make run":          {"call", "--data", t.TempDir()},
		"SUPPORTBOT_TWILIO_AUTH_TOKEN":     {"call", "--url", "http://127.0.0.1:1"},
		"connection refused":               {"call", "--url", "http://127.0.0.1:1", "--twilio-auth-token", "x"},
		"the server refuses the signature": {"call", "--url", serve(t, t.TempDir()).url, "--twilio-auth-token", "x"},
	} {
		if out, err := command(t, "", args...); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v, want %q; %s", args, err, name, out)
		}
	}
}

// TestOnlyThisMachineMayCallWithoutAnAccount: without a signature of Twilio
// nothing may come in from elsewhere.
func TestOnlyThisMachineMayCallWithoutAnAccount(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for address, open := range map[string]bool{"127.0.0.1": true, "::1": true, "0.0.0.0": false, "::": false, "192.0.2.1": false} {
		dir := t.TempDir()
		at := &net.TCPAddr{IP: net.ParseIP(address), Port: 8080}
		made, err := (&serveCmd{}).phone(nil, nil, nil, twilio.Config{}, at, dir, log)
		routes := made.routes
		info, missing := os.Stat(filepath.Join(dir, testPhoneFile))
		if err != nil || (len(routes) > 0) != open || (missing == nil) != open {
			t.Errorf("%s: %d routes, %v, %v", address, len(routes), err, missing)
		}
		if open && info.Mode().Perm() != 0o600 {
			t.Errorf("the token may be read by others: %v", info.Mode())
		}
	}
	account := twilio.Config{AuthToken: "x", PublicURL: "https://bot.example.com"}
	dir := t.TempDir()
	if made, err := (&serveCmd{}).phone(nil, nil, nil, account, &net.TCPAddr{IP: net.IPv4zero}, dir, log); err != nil || len(made.routes) == 0 {
		t.Errorf("with an account: %d routes, %v", len(made.routes), err)
	}
	if _, err := os.Stat(filepath.Join(dir, testPhoneFile)); err == nil {
		t.Error("with an account there is a second token")
	}
}
