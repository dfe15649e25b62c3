package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/channels/twilio"
	"supportbot/internal/store"
	"supportbot/internal/turn"
	"supportbot/kb"
)

var update = flag.Bool("update", false, "write what is answered into testdata/calls, to be reviewed as a diff")

// TestCalls makes the calls of testdata/calls, each a file with a line "> …" for
// what the caller or the agent does, and below it the TwiML that answers.
func TestCalls(t *testing.T) {
	golden(t, "testdata/calls", func(t *testing.T) (func(string), *strings.Builder) {
		c := recordCall(t)
		return c.does, &c.recorded
	})
}

// golden plays the files of a folder: begin makes what does the lines "> …", and where
// that writes them and what came of them.
func golden(t *testing.T, folder string, begin func(*testing.T) (does func(string), heard *strings.Builder)) {
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			does, heard := begin(t)
			for line := range strings.Lines(string(data)) {
				if what, ok := strings.CutPrefix(line, "> "); ok {
					does(strings.TrimSpace(what))
				}
			}
			if *update {
				if err := os.WriteFile(file, []byte(heard.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(data), heard.String()); diff != "" {
				t.Errorf("%s: if what comes now is right, run again with -update\n%s", file, diff)
			}
		})
	}
}

// recordedCall is a call to a bot in this process.
type recordedCall struct {
	*testing.T
	path     *turn.Path
	store    *store.Store
	calls    http.Handler
	next     string // where an answer goes
	behind   string // where silence goes, if elsewhere
	recorded strings.Builder
}

const goldenSID = "CA0123456789abcdef0123456789abcdef"

func recordCall(t *testing.T) *recordedCall {
	s, err := store.Open(t.Context(), t.TempDir(), testKey())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	log := slog.New(slog.DiscardHandler)
	content, _, err := openLibrary(t.Context(), s, source("", false, kb.NewReader), kb.NewReader, log)
	if err != nil {
		t.Fatal(err)
	}
	path := turn.New(s, []byte("key"), content, log)
	account := twilio.Config{AuthToken: "token", PublicURL: "http://bot.example.com"}
	mux := http.NewServeMux()
	for _, route := range twilio.NewVoice(path, account, "", log).Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	return &recordedCall{T: t, path: path, store: s, calls: mux}
}

var (
	nextHop     = regexp.MustCompile(`<Gather [^>]*action="([^"]+)"`)
	redirection = regexp.MustCompile(`<Redirect[^>]*>([^<]+)<`)
)

// does carries out a line: call, say WORDS, press KEYS, silence, hangup,
// claim, message TEXT, outcome VERDICT.
func (c *recordedCall) does(what string) {
	c.Helper()
	fmt.Fprintf(&c.recorded, "> %s\n", what)
	verb, rest, _ := strings.Cut(what, " ")
	switch verb {
	case "call":
		c.hop("/channels/twilio/voice", nil)
	case "say":
		c.hop(c.next, url.Values{"SpeechResult": {rest}, "Confidence": {"0.9"}})
	case "press":
		c.hop(c.next, url.Values{"Digits": {rest}})
	case "silence":
		if c.behind != "" {
			c.hop(c.behind, nil)
			return
		}
		c.hop(c.next, nil)
	case "hangup":
		c.hop("/channels/twilio/voice/status", url.Values{"CallStatus": {"completed"}})
	case "claim", "message", "outcome":
		act := supportbot.AgentAct{Case: "1-1", Agent: "Lin", Kind: supportbot.ActKind(verb), Fence: 2}
		if verb == "claim" {
			act.Fence = 0
		}
		if verb == "message" {
			act.Text = rest
		} else {
			act.Verdict = supportbot.Verdict(rest)
		}
		if result, err := c.path.Act(c.Context(), act); err != nil || result.Refused {
			c.Fatalf("%s: %+v %v", what, result, err)
		}
	default:
		c.Fatalf("%q is nothing that is done in a call", what)
	}
}

// hop makes a webhook twice, and both must be answered alike; redirections are
// followed.
func (c *recordedCall) hop(target string, fields url.Values) {
	c.Helper()
	form := url.Values{"CallSid": {goldenSID}, "From": {"+8613800138000"}, "CallStatus": {"in-progress"}}
	for name, values := range fields {
		form[name] = values
	}
	var body string
	for i := range 2 {
		r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(twilio.SignatureHeader, twilio.Sign("token", "http://bot.example.com"+target, form))
		w := httptest.NewRecorder()
		c.calls.ServeHTTP(w, r)
		if w.Code != http.StatusOK && w.Code != http.StatusNoContent {
			c.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
		if i > 0 && w.Body.String() != body {
			c.Fatalf("%s: first\n%s\nthen\n%s", target, body, w.Body)
		}
		body = w.Body.String()
	}
	for _, element := range strings.SplitAfter(strings.TrimPrefix(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), ">") {
		c.recorded.WriteString(element)
		if strings.HasPrefix(element, "</") || strings.HasPrefix(element, "<Gather") || element == "<Response>" {
			c.recorded.WriteString("\n")
		}
	}
	if found := nextHop.FindStringSubmatch(body); found != nil {
		c.next = strings.ReplaceAll(found[1], "&amp;", "&")
	}
	rest := redirection.FindStringSubmatch(body)
	switch {
	case rest == nil:
		c.behind = ""
	case strings.Contains(body, "<Gather"):
		c.behind = strings.ReplaceAll(rest[1], "&amp;", "&")
	default:
		c.hop(strings.ReplaceAll(rest[1], "&amp;", "&"), nil)
	}
}

func TestTheDatabaseDiesDuringACall(t *testing.T) {
	c := recordCall(t)
	for _, does := range []string{"call", "press 1", "say 我忘了POS机密码"} {
		c.does(does)
	}
	c.store.Close()
	c.recorded.Reset()
	for _, does := range []string{"press 1", "press 1", "press 1"} {
		c.does(does)
	}
	heard := c.recorded.String()
	if strings.Count(heard, "请再说一遍") != 2 || !strings.Contains(heard, "系统现在有问题") || !strings.HasSuffix(strings.TrimSpace(heard), "<Hangup></Hangup>\n</Response>") {
		t.Errorf("the caller hears\n%s", heard)
	}
}
