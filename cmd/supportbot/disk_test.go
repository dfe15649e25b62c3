package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestAFullDisk runs a server that may not let its files grow, fills it up, and
// finds everything again that was acknowledged, and nothing that was not twice.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir).stop()                      // the database exists
	s := serveUnder(t, "ulimit -f 6000", dir) // blocks of 512 bytes
	var kept []string
	refused := ""
	for i := 1; refused == "" && i < 2000; i++ {
		id := fmt.Sprint("m", i)
		body := fmt.Sprintf(`{"conversation":"c%d","id":%q,"text":"POS机密码忘了 %s"}`, i%50, id, strings.Repeat("很长", 400))
		switch status, answer := s.rest(restKey, "POST", "/api/v1/messages", body); status {
		case http.StatusOK:
			kept = append(kept, id)
		case http.StatusServiceUnavailable:
			refused = body
		default:
			t.Fatalf("message %d: %d %v", i, status, answer)
		}
	}
	if refused == "" {
		t.Fatal("the disk never filled up")
	}
	t.Logf("full after %d messages", len(kept))
	if status, _ := s.get("/readyz"); status != http.StatusOK {
		t.Errorf("readyz: %d, but what is there can still be read", status)
	}
	s.kill()

	s = serve(t, dir) // somebody made room
	if status, answer := s.rest(restKey, "POST", "/api/v1/messages", refused); status != http.StatusOK {
		t.Errorf("the refused message again: %d %v", status, answer)
	}
	found := 0
	for i := range 50 {
		_, answer := s.rest(restKey, "GET", fmt.Sprintf("/api/v1/conversations/c%d/messages", i), "")
		for _, m := range answer["messages"].([]any) {
			if m.(map[string]any)["from"] == "user" {
				found++
			}
		}
	}
	if found != len(kept)+1 {
		t.Errorf("%d messages were acknowledged, %d are there", len(kept)+1, found)
	}
}
