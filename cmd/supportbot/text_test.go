package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTextsInTheTerminal: a call goes on at another number, where a person agrees,
// reads on and sends a picture; without a server there is a word on how to start one.
func TestTextsInTheTerminal(t *testing.T) {
	dir := t.TempDir()
	if _, err := command(t, "", "text", "--data", dir); err == nil || !strings.Contains(err.Error(), "make run") {
		t.Errorf("without a server: %v", err)
	}
	s := serve(t, dir)
	screen := filepath.Join(t.TempDir(), "screen.png")
	if err := os.WriteFile(screen, aScreen(t, "ERROR"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "2\nwhat is my daily limit\n#\n3\n13900139000\n1\n", "call", "--data", dir)
	if err != nil || !strings.Contains(out, "Reply with the words go on") {
		t.Fatalf("the call: %s %v", out, err)
	}
	phone := func(lines ...string) string {
		t.Helper()
		out, err := command(t, strings.Join(lines, "\n"), "text", "--data", dir, "--from", "+8613900139000")
		if err != nil {
			t.Fatal(out, err)
		}
		return out
	}
	phone("hello", "until assistant", "go on.", "until keyed in", "until What else", "nothing else", "until Ask me any time")
	if out := phone("picture "+screen+" look", "until I got your picture"); !strings.Contains(out, "[sms]") {
		t.Errorf("the picture: %s", out)
	}
	if log := s.log.String(); strings.Contains(log, "13900139000") {
		t.Error("the log holds a number")
	}
	if _, err := command(t, "picture /none\n", "text", "--data", dir); err == nil || !strings.Contains(err.Error(), "/none") {
		t.Errorf("a picture that is not there: %v", err)
	}
}

// TestThePublicWritesNoTexts: where a proxy brings the public to a server without an
// account, nobody writes in the name of any number, or reads what was written; who runs
// the server does.
func TestThePublicWritesNoTexts(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir, "--public-url", "https://bot.example.com")
	read, err := http.Get(s.url + "/phone/texts?after=-1")
	if err != nil {
		t.Fatal(err)
	}
	read.Body.Close()
	written, err := http.Post(s.url+"/phone/texts", "application/json", strings.NewReader(`{"over":"sms","from":"+8613800138000","text":"hello"}`))
	if err != nil {
		t.Fatal(err)
	}
	written.Body.Close()
	if read.StatusCode != http.StatusUnauthorized || written.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger reads with %d and writes with %d", read.StatusCode, written.StatusCode)
	}
	if out, err := command(t, "hello\nuntil assistant", "text", "--data", dir); err != nil {
		t.Error(out, err)
	}
}
