package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	serve(t, dir) // replay works beside it
	if _, err := command(t, "忘记密码\n转人工\n", "chat", "--data", dir); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, "我的卡号是6222021234567890128\n", "chat", "--data", dir, "--peer", "other"); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "", "replay", "--data", dir)
	if want := "2 conversations, 5 turns: 2 replay to the same bytes, 0 do not\n"; err != nil || out != want {
		t.Fatalf("%v\n%s\nwant %s", err, out, want)
	}
	out, err = command(t, "", "replay", "--data", dir, "--limit", "1", "--json")
	if want := `{"conversation":2,"turns":2,"same":true}` + "\n"; err != nil || out != want {
		t.Errorf("%v\n%s\nwant %s", err, out, want)
	}

	db, err := sql.Open("sqlite", filepath.Join(dir, "supportbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE message SET body = (SELECT body FROM message WHERE thread_id = 1 AND seq = 2) WHERE thread_id = 1 AND seq = 1`); err != nil {
		t.Fatal(err)
	}
	out, err = command(t, "", "replay", "--data", dir)
	if err == nil || !strings.Contains(out, "conversation 1: store: log of 1: open message.body 1: the key does not open it") || !strings.Contains(err.Error(), "1 of 2 conversations") {
		t.Errorf("a message in the place of another: %v\n%s", err, out)
	}
	if out, err := command(t, "", "replay", "--data", dir, "--conversation", "web:terminal:other"); err != nil {
		t.Errorf("the other conversation: %v\n%s", err, out)
	}
}

func TestReplayOnOtherContent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := command(t, "忘记密码\n转人工\n", "chat", "--data", dir); err != nil {
		t.Fatal(err)
	}
	content := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(content, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "", "replay", "--data", dir, "--content", content)
	if want := "1 conversations, 3 turns: 1 the same, 0 different\n"; err != nil || out != want {
		t.Fatalf("%v\n%s\nwant %s", err, out, want)
	}

	greeting := "flow: pattern-open\ngoal: {zh: 问候, en: Greeting}\ntransient: true\nsteps:\n- say: {zh: 欢迎光临。, en: Welcome.}\n- end: done\n"
	if err := os.WriteFile(filepath.Join(content, "flows", "pattern-open.yaml"), []byte(greeting), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err = command(t, "", "replay", "--data", dir, "--content", content)
	if err != nil || !strings.Contains(out, "  turn 1  (open)\n    before  您好") || !strings.Contains(out, "\n    now     欢迎光临。") || strings.Contains(out, "turn 2") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = command(t, "", "replay", "--data", dir, "--content", content, "--conversation", "1")
	if err != nil || !strings.Contains(out, "  turn 3  转人工\n    same    ") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = command(t, "", "replay", "--data", dir, "--content", content, "--json")
	if err != nil {
		t.Fatal(err)
	}
	lines := jsonLines(t, out)
	if first := lines[0]["first"].(map[string]any); len(lines) != 2 || first["turn"] != 1.0 {
		t.Errorf("%s", out)
	}
	if summary := lines[1]["summary"].(map[string]any); summary["different"] != 1.0 || summary["lost_cases"] != 0.0 {
		t.Errorf("%s", out)
	}
}

func TestReplayRefuses(t *testing.T) {
	empty := t.TempDir()
	if _, err := command(t, "", "replay", "--data", empty); err == nil || !strings.Contains(err.Error(), "there is no database in "+empty) {
		t.Errorf("without a database: %v", err)
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("it has made %v, %v", left, err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := command(t, "你好\n", "chat", "--data", dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"9": "no conversation 9", "web:nobody": "no conversation web:nobody", "x": "neither a number nor channel:peer; write 1 to 1, or such as web:terminal:terminal"} {
		if _, err := command(t, "", "replay", "--data", dir, "--conversation", name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
