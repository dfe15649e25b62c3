package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/store"
)

// TestTheExampleDesk has a merchant helped by examples/desk, which knows nothing
// but the agent API.
func TestTheExampleDesk(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	desk := filepath.Join(t.TempDir(), "desk")
	if out, err := exec.Command("go", "build", "-o", desk, "../../examples/desk").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(desk, "-url", s.url)
	run.Env = append(os.Environ(), "DESK_TOKEN="+s.token())
	run.Stderr = &lines{}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait()
	})

	s.says("1", "好了") // before anybody has come
	s.says("2", "转人工")
	await := func(want string) {
		t.Helper()
		for range 100 {
			_, answer := s.rest(restKey, "GET", "/api/v1/conversations/c/messages", "")
			for _, m := range answer["messages"].([]any) {
				if strings.Contains(m.(map[string]any)["text"].(string), want) {
					return
				}
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("nobody said %q; the desk says:\n%s", want, run.Stderr)
	}
	await("Hello, I am here to help")
	s.says("3", "刷不了卡")
	await("I have read that")
	s.says("4", "好了")
	await("客服这边办完了")
	s.stop()

	db, err := store.Open(t.Context(), dir, testKey())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := db.Ended(t.Context(), time.Unix(0, 0), time.Now().Add(time.Hour), 9)
	if err != nil || len(all) != 1 || all[0].State != supportbot.CaseDone || all[0].Code != supportbot.Solved || all[0].Replied.IsZero() {
		t.Errorf("kept are %+v, %v", all, err)
	}
}
