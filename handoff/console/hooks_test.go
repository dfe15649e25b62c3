package console_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"supportbot"
	"supportbot/handoff/console"
	"supportbot/internal/hook"
)

// A verified agent has another program do its work: signed, once, and written down
// before and after.
func TestWhatAVerifiedAgentMayTrigger(t *testing.T) {
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes ..."))
	check, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	answers := []int{503, 200, 400, 500, 500, 500}
	var ids []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := check.Verify(body, r.Header); err != nil || !strings.Contains(string(body), `"merchant":"821350158120034"`) {
			t.Errorf("%s: %v", body, err)
		}
		w.WriteHeader(answers[len(ids)])
		ids = append(ids, r.Header.Get("webhook-id"))
	}))
	defer other.Close()
	path := filepath.Join(t.TempDir(), "hooks.yaml")
	text := "hooks:\n- {name: reset, label: {zh: 重置, en: Reset}, url: \"" + other.URL + "\", secret: " + secret + ", reasons: [forgot-password]}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	hooks, err := hook.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	d := newChecked(t)
	d.Server = serve(t, console.New(d.memory, d.memory, console.Options{Papers: d.memory, Knowledge: handbook{}, Mask: masked, Hooks: hooks, Sessions: newSessions(), Key: []byte("key"), Client: client, Log: discard}))
	call := func() (int, string) {
		status, answer := d.call(t, "li", "POST", "/api/cases/17-1/hooks", `{"name":"reset"}`)
		return status, fmt.Sprint(answer)
	}
	if status, answer := call(); status != 422 || len(ids) != 0 {
		t.Errorf("before the verdict: %d %s", status, answer)
	}
	d.cases[0].State, d.cases[0].Verdict, d.cases[0].ValidUntil = supportbot.CaseDone, supportbot.Verified, time.Now().Add(-time.Second)
	if status, answer := call(); status != 422 || len(ids) != 0 {
		t.Errorf("after the proof expired: %d %s", status, answer)
	}
	d.cases[0].ValidUntil = time.Now().Add(time.Minute)
	if _, shown := d.call(t, "li", "GET", "/api/cases/17-1", ""); !strings.Contains(fmt.Sprint(shown["hooks"]), "reset") {
		t.Errorf("the case offers %v", shown["hooks"])
	}
	if status, answer := d.call(t, "li", "POST", "/api/cases/17-1/hooks", `{"name":"other"}`); status != 400 {
		t.Errorf("a hook that is not there: %d %v", status, answer)
	}
	audited := len(d.audited)
	for _, want := range []string{"done", "refused", "unsure"} {
		if status, answer := call(); status != 200 || !strings.Contains(answer, want) {
			t.Errorf("%d %s, want %s", status, answer, want)
		}
	}
	for _, id := range ids {
		if id != "hook_reset_17-1" {
			t.Errorf("a call has the key %s", id)
		}
	}
	if len(ids) != len(answers) {
		t.Errorf("%d calls", len(ids))
	}
	log := fmt.Sprint(d.audited[audited:])
	if strings.Count(log, "hook-called") != 3 || strings.Count(log, "hook-answered") != 3 || strings.Contains(log, "821350158120034") {
		t.Errorf("audited are %s", log)
	}
}

func TestBrokenHooksAreRefused(t *testing.T) {
	for text, says := range map[string]string{
		"hooks:\n- {nme: reset}\n":                                                                       `:2: unknown key "nme"`,
		"hooks:\n- {name: Reset}\n":                                                                      "name must be",
		"hooks:\n- {name: reset, label: {zh: 重置}}\n":                                                     "label needs",
		"hooks:\n- {name: reset, label: {zh: 重置, en: Reset}, url: \"ftp://x\"}\n":                        "url must be",
		"hooks:\n- {name: reset, label: {zh: 重置, en: Reset}, url: \"https://x.example\", secret: abc}\n": "secret must be whsec_",
	} {
		path := filepath.Join(t.TempDir(), "hooks.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := hook.Open(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}
