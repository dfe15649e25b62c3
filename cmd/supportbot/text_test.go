package main

import (
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
