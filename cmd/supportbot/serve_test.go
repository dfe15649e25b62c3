package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rest sends a request of the REST channel or, with another key, of the agent
// API, and decodes the answer.
func (s *server) rest(key, method, path, body string) (status int, answer map[string]any) {
	s.Helper()
	request, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		s.Fatalf("%s %s: %v in %s", method, path, err, data)
	}
	return response.StatusCode, answer
}

// says posts a message and returns the words of the replies and the case.
func (s *server) says(id, text string) (said string, state string) {
	s.Helper()
	return s.saysIn("c", id, text)
}

func (s *server) saysIn(conversation, id, text string) (said string, state string) {
	s.Helper()
	status, answer := s.rest(restKey, "POST", "/api/v1/messages", fmt.Sprintf(`{"conversation":%q,"id":%q,"text":%q}`, conversation, id, text))
	if status != http.StatusOK {
		s.Fatalf("%s: %d %v", text, status, answer)
	}
	var words []string
	for _, r := range answer["replies"].([]any) {
		words = append(words, r.(map[string]any)["text"].(string))
	}
	if c, ok := answer["case"].(map[string]any); ok {
		state = c["state"].(string)
	}
	return strings.Join(words, "\n"), state
}

func (s *server) reads(got, want string) {
	s.Helper()
	if !strings.Contains(got, want) {
		s.Errorf("said %q, want %q in it", got, want)
	}
}

func (s *server) token() string {
	s.Helper()
	out, err := command(s.T, "", "agent", "token", "admin", "--data", s.data)
	if err != nil {
		s.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return lines[len(lines)-1]
}

// TestTheWholeJobOverREST is TestTheWholeJobInABrowser for programs, with the
// power cut in the middle.
func TestTheWholeJobOverREST(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	said, _ := s.says("1", "POS机密码忘了")
	s.reads(said, "用哪种方式重设")
	said, _ = s.says("2", "手机银行")
	s.reads(said, "能登录了吗")
	s.kill()
	s = serve(t, dir)
	said, _ = s.says("2", "手机银行") // the client tries again what it had no answer to
	s.reads(said, "能登录了吗")
	s.says("3", "试过了，还是不行")
	s.says("4", "拉卡拉")
	said, state := s.says("5", "不知道")
	s.reads(said, "已经帮您转人工客服")
	if state != "waiting" {
		t.Fatalf("the case is %q", state)
	}

	token := s.token()
	status, list := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
	cases, _ := list["cases"].([]any)
	if status != http.StatusOK || len(cases) != 1 {
		t.Fatalf("%d %v", status, list)
	}
	id := cases[0].(map[string]any)["id"].(string)
	status, claimed := s.rest(token, "POST", "/console/api/cases/"+id+"/claim", "")
	if status != http.StatusOK || claimed["fence"] != float64(2) {
		t.Fatalf("claim: %d %v", status, claimed)
	}
	if status, answer := s.rest(token, "POST", "/console/api/cases/"+id+"/messages", `{"fence":1,"text":"stale"}`); status != http.StatusConflict || answer["owner"] != "admin" {
		t.Errorf("a stale fence: %d %v", status, answer)
	}
	said, state = s.says("6", "喂，在吗")
	if said != "" || state != "active" {
		t.Errorf("the bot says %q while an agent owns the conversation (%s)", said, state)
	}
	if status, answer := s.rest(token, "POST", "/console/api/cases/"+id+"/outcome", `{"fence":2,"outcome":"failed"}`); status != http.StatusOK {
		t.Fatalf("outcome: %d %v", status, answer)
	}
	_, transcript := s.rest(restKey, "GET", "/api/v1/conversations/c/messages?after=0", "")
	messages := transcript["messages"].([]any)
	for i, m := range messages {
		if m.(map[string]any)["seq"] != float64(i+1) {
			t.Errorf("message %d has number %v", i+1, m.(map[string]any)["seq"])
		}
	}
	s.reads(messages[len(messages)-2].(map[string]any)["text"].(string), "没能核实您的身份")
}

func TestBrokenContentKeepsTheLastGoodVersion(t *testing.T) {
	content := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(content, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := serve(t, dir, "--content", content, "--watch")
	change := func(old, new string) {
		t.Helper()
		file := filepath.Join(content, "flows", "talk-to-agent.yaml")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(data), old, new, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	change("好的，已经帮您转人工客服", "好嘞，人工客服马上来")
	s.log.wait(t, `content in force" version=(\w+)[\s\S]*content in force`)
	said, _ := s.says("1", "转人工")
	s.reads(said, "好嘞，人工客服马上来")

	change("outcomes:", "outcoms:")
	s.log.wait(t, `flows/talk-to-agent.yaml:\d+: unknown key \\"outcoms\\"`)
	_, list := s.rest(s.token(), "GET", "/console/api/cases?state=all", "")
	s.reads(list["notice"].(string), `unknown key "outcoms"`)
	s.says("2", "不等了")
	said, _ = s.says("3", "转人工")
	s.reads(said, "好嘞，人工客服马上来")

	s.stop() // also over a restart
	s = serve(t, dir, "--content", content, "--watch")
	s.says("4", "不等了")
	said, _ = s.says("5", "转人工")
	s.reads(said, "好嘞，人工客服马上来")
}

func TestHealth(t *testing.T) {
	s := serve(t, t.TempDir())
	for path, want := range map[string]int{
		"/": 200, "/widget.js": 200, "/privacy": 200, "/healthz": 200, "/readyz": 200, "/console/login": 200,
		"/console/api/cases?state=all": 401, "/api/v1/conversations/c/messages": 401, "/nothing": 404,
	} {
		if got, body := s.get(path); got != want {
			t.Errorf("%s: %d %s, want %d", path, got, body, want)
		}
	}
}

func TestReadyAgainSoon(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir).stop()
	s := serve(t, dir)
	t.Log(s.log.wait(t, `after=(\S+)`)[1], "to be ready the second time")
	if strings.Contains(s.log.String(), adminPassword) {
		t.Error("the log holds the admin's password")
	}
}
