package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// jsonLines decodes one object a line.
func jsonLines(t *testing.T, out string) []map[string]any {
	t.Helper()
	var list []map[string]any
	for line := range strings.Lines(out) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		list = append(list, m)
	}
	return list
}

// TestTriedAndStillNot: whoever answers everything with "tried, still not"
// reaches an agent soon.
func TestTriedAndStillNot(t *testing.T) {
	for start, limit := range map[string]int{
		"POS机密码忘了": 10, "绑卡一直失败": 10, "我好像被骗了": 4,
		"I forgot my terminal password": 10, "binding keeps failing": 10, "I think I was scammed": 4,
	} {
		again := "试过了，还是不行"
		if start[0] < 0x80 && start[0] != 'P' {
			again = "tried that, still doesn't work"
		}
		lines := `{"text":"` + start + `"}` + "\n" + strings.Repeat(`{"text":"`+again+`"}`+"\n", limit-1)
		out, err := command(t, lines, "chat", "--json")
		if err != nil {
			t.Fatal(err)
		}
		answers := jsonLines(t, out)
		if len(answers) != limit {
			t.Fatalf("%s: %d lines for %d", start, len(answers), limit)
		}
		if answers[limit-1]["case"] == nil {
			t.Errorf("%s: no agent after %d turns: %v", start, limit, answers[limit-1])
		}
	}
}

func TestChatJSON(t *testing.T) {
	out, err := command(t, `{"text":"忘记密码"}
{"choice":"app"}
{"event":"silence"}
{"event":"hangup"}
`, "chat", "--json")
	if err != nil {
		t.Fatal(err)
	}
	answers := jsonLines(t, out)
	for i, want := range []struct {
		flow, step, says string
		ended            bool
	}{
		{"forgot-password", "channel", "您好", false},
		{"forgot-password", "worked", "手机银行", false},
		{"forgot-password", "worked", "不着急", false},
		{"forgot-password", "worked", "", true},
	} {
		a := answers[i]
		said, _ := json.Marshal(a["replies"])
		if a["flow"] != want.flow || a["step"] != want.step || !strings.Contains(string(said), want.says) || a["ended"] != want.ended {
			t.Errorf("line %d: %v", i+1, a)
		}
		if c, there := a["case"]; !there || c != nil {
			t.Errorf("line %d: case %v", i+1, c)
		}
	}
}

func TestAChatCanBeSavedAsATranscript(t *testing.T) {
	file := filepath.Join(t.TempDir(), "saved.yaml")
	if _, err := command(t, "密码忘了\n1\n/wait 20m\n转人工\n/agent claim\n/agent outcome verified\n", "chat", "--save", file); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "", "test", filepath.Dir(file))
	if err != nil || !strings.Contains(out, "1 passed, 0 failed") {
		t.Errorf("%v\n%s", err, out)
	}
	saved, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(saved), "身份已经核实", "身份核实好了", 1)
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "", "test", filepath.Dir(file)); err == nil || !strings.Contains(out, "want 身份核实好了") {
		t.Errorf("a wrong transcript passes: %v\n%s", err, out)
	}
}

func TestAskJSON(t *testing.T) {
	out, err := command(t, `{"text":"绑卡一直失败"}
{"text":"my terminal password is lost","lang":"en"}
{"text":"今天天气怎么样"}
{"text":"转人工"}
{"text":"我好像被骗了"}
`, "ask", "--batch", "--json")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ language, decision, topic string }{
		{"zh", "answer", "binding-failed"}, {"en", "answer", "forgot-password"}, {"zh", "none", ""},
		{"zh", "control", "talk-to-agent"}, {"zh", "answer", "suspected-fraud"},
	} {
		a := jsonLines(t, out)[i]
		if a["language"] != want.language || a["decision"] != want.decision || a["topic"] != want.topic {
			t.Errorf("line %d: %v", i+1, a)
		}
		if _, there := a["candidates"].([]any); !there {
			t.Errorf("line %d has no candidates: %v", i+1, a)
		}
	}
}

func TestMaskJSON(t *testing.T) {
	out, err := command(t, `{"conversation":"a","text":"卡号6222021234567890128，验证码 385621"}`+"\n", "mask", "--json")
	if err != nil {
		t.Fatal(err)
	}
	text := jsonLines(t, out)[0]["text"].(string)
	if strings.Contains(text, "622202") || strings.Contains(text, "385621") || !strings.Contains(text, "0128") {
		t.Errorf("masked: %s", text)
	}
}

func TestCheck(t *testing.T) {
	if out, err := command(t, "", "check"); err != nil || !strings.HasPrefix(out, "ok: ") {
		t.Errorf("%v %s", err, out)
	}
	if out, err := command(t, "", "check", "../../kb-content", "--coverage"); err != nil || !strings.Contains(out, "F2.2") {
		t.Errorf("%v %s", err, out)
	}
	if out, err := command(t, "", "check", "--graph", "forgot-password"); err != nil || !strings.Contains(out, "s-agent -->|verified| s-reset-agreed") {
		t.Errorf("%v %s", err, out)
	}
	dir := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "articles/en/transaction-limits.md")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "flows/extra.yaml"), []byte("flow: extra\ngoal: {zh: 多, en: more}\nsteps:\n- {say: {zh: 你好}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := command(t, "", "check", dir)
	for _, want := range []string{"transaction-limits.md", "flows/extra.yaml:4: say has no en"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named: %v", want, err)
		}
	}
}

func TestPrintConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte("listen: 127.0.0.1:9999\nrest_key: very-secret\npublic_url: https://bot.example\nlimit_chat: 7\nkeep: transcripts=90d,audit=3y\ntrusted_proxies: [10.0.0.0/8, \"2001:db8::/32\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SUPPORTBOT_LISTEN", "127.0.0.1:7777") // before the file
	out, err := command(t, "", "serve", "--config", file, "--print-config", "--public-url", "https://flag.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`listen: "127.0.0.1:7777"`, `public_url: "https://flag.example"`, `rest_key: "********"`,
		`limit_chat: "7"`, `limit_rest: "600"`, `keep: "transcripts=90d,cases=1y,missed=90d,audit=3y,sent=7d,content=1y"`, `trusted_proxies: "10.0.0.0/8,2001:db8::/32"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if err := os.WriteFile(file, []byte("lisen: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, "", "serve", "--config", file, "--print-config"); err == nil || !strings.Contains(err.Error(), `no setting "lisen"`) {
		t.Errorf("a misspelt setting: %v", err)
	}
}
