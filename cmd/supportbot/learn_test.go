package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"supportbot/internal/store"
)

// page asks for a page of the console with a token; with a form it posts that.
func (s *server) page(token, path string, form url.Values) (status int, body string) {
	s.Helper()
	method := "GET"
	if form != nil {
		method = "POST"
	}
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return response.StatusCode, string(all)
}

// missedBy lists what the console shows as not understood.
func (s *server) missedBy(token string) map[string]string {
	s.Helper()
	status, answer := s.rest(token, "GET", "/console/api/missed", "")
	if status != http.StatusOK {
		s.Fatalf("%d %v", status, answer)
	}
	ids := map[string]string{}
	for _, g := range answer["groups"].([]any) {
		for _, m := range g.(map[string]any)["messages"].([]any) {
			message := m.(map[string]any)
			ids[message["text"].(string)] = message["id"].(string)
		}
	}
	return ids
}

// TestTheBotIsTaughtWhatItMissed: what merchants said and then said in other words
// becomes phrases of a content folder, which is checked and put in force; then it
// is understood, and no longer shown.
func TestTheBotIsTaughtWhatItMissed(t *testing.T) {
	const slang, again = "噜扑腾闹嘎嘣", "一天能刷多少"
	dir := t.TempDir()
	s := serve(t, dir)
	token := s.token()
	s.saysIn("a", "1", slang)
	s.saysIn("a", "2", again)
	s.saysIn("b", "1", slang+"呀 我的卡6228480402564890018")
	s.saysIn("b", "2", again)
	s.saysIn("c", "1", again) // understood at once

	const attack = `"><script>噜扑腾</script>`
	s.saysIn("d", "1", attack)
	ids := s.missedBy(token)
	if ids[slang] == "" || ids[attack] == "" || ids[again] != "" {
		t.Fatalf("missed were %v", ids)
	}
	_, list := s.page(token, "/console/missed", nil)
	for text, want := range map[string]bool{slang: true, "transaction-limits 2": true, "2 ×": true, "<script>噜": false, "6228": false, "0018": false} {
		if strings.Contains(list, text) != want {
			t.Errorf("the page has %q is %v, want %v", text, !want, want)
		}
	}
	_, group := s.page(token, "/console/missed/"+ids[slang], nil)
	if !strings.Contains(group, `value="transaction-limits" selected`) {
		t.Errorf("what the merchants meant is not suggested:\n%s", group)
	}
	status, file := s.page(token, "/console/missed/export", url.Values{"group": {ids[slang]}, "message": {ids[slang]}, "label": {"transaction-limits"}})
	if status != http.StatusOK || file != "# phrases/zh/transaction-limits.txt\n"+slang+"\n" {
		t.Fatalf("%d %q", status, file)
	}

	content := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(content, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	phrases := filepath.Join(content, "phrases", "zh", "transaction-limits.txt")
	old, err := os.ReadFile(phrases)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(phrases, append(old, file...), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "", "check", content); err != nil {
		t.Fatal(out, err)
	}
	s.stop()
	s = serve(t, dir, "--content", content)
	if said, _ := s.saysIn("e", "1", slang); !strings.Contains(said, "限额") {
		t.Errorf("it is answered with %q", said)
	}
	if ids := s.missedBy(token); ids[slang] != "" {
		t.Errorf("it is still shown among %v", ids)
	}
	if out, err := command(t, "", "audit", "list", "--data", dir); err != nil || !strings.Contains(out, `"admin" missed-exported "transaction-limits" zh="1"`) {
		t.Errorf("audited: %s, %v", out, err)
	}

	// What is erased is gone from there as well.
	if _, err := command(t, "", "erase", "--channel", "rest", "--peer", "d", "--data", dir); err != nil {
		t.Fatal(err)
	}
	if ids := s.missedBy(token); ids[attack] != "" {
		t.Errorf("what was erased is still among %v", ids)
	}
}

func TestLearnOnTheCommandLine(t *testing.T) {
	const slang = "噜扑腾闹嘎嘣"
	dir := t.TempDir()
	s := serve(t, dir)
	if out, err := command(t, "", "learn", "--data", dir); err != nil || !strings.HasPrefix(out, "nothing to learn: ") {
		t.Errorf("before anybody wrote: %q, %v", out, err)
	}
	s.saysIn("a", "1", slang)
	if _, err := command(t, "", "learn", "--data", dir, "--export", t.TempDir()); err == nil || !strings.Contains(err.Error(), "nobody has told") {
		t.Errorf("before anybody said what was meant: %v", err)
	}
	s.saysIn("a", "2", "一天能刷多少")
	s.stop()

	out, err := command(t, "", "learn", "--data", dir)
	if err != nil || out != "   1 × "+slang+"  (people meant transaction-limits)\n" {
		t.Errorf("%q, %v", out, err)
	}
	out, err = command(t, "", "learn", "--data", dir, "--json")
	var g group
	if err != nil || json.Unmarshal([]byte(out), &g) != nil || g.Count != 1 || !g.Chosen || g.Messages[0].Text != slang {
		t.Errorf("%s, %v", out, err)
	}
	phrases := t.TempDir()
	file := filepath.Join(phrases, "zh", "transaction-limits.txt")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("限额是多少"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time adds nothing
		if _, err := command(t, "", "learn", "--data", dir, "--export", phrases); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(file); err != nil || string(have) != "限额是多少\n"+slang+"\n" {
		t.Errorf("the file has %q, %v", have, err)
	}
}

// TestOrdinaryTurnsTeachNothing: what was understood leaves no row.
func TestOrdinaryTurnsTeachNothing(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	for i, text := range []string{"你好", "POS机密码忘了", "手机银行", "试过了，还是不行", "拉卡拉", "不知道", "喂，在吗", "怎么还没人来啊"} {
		s.says(string(rune('a'+i)), text)
	}
	s.stop()
	db, err := store.Open(t.Context(), dir, testKey())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	missed, err := db.Missed(t.Context(), 9)
	if err != nil || len(missed) > 0 {
		t.Errorf("kept are %+v, %v", missed, err)
	}
}
