package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"supportbot/kb"
)

// TestAFactThatNobodyTeaches: content that lint refuses can be tried out but not
// put in force, and the coverage shows what is missing.
func TestAFactThatNobodyTeaches(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	facts := filepath.Join(dir, "facts.yaml")
	data, err := os.ReadFile(facts)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(facts, append(data, "\n- {id: Z1.1, zh: 没人讲, en: untold}\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	const problem = "fact Z1.1 (没人讲) is taught nowhere"
	for _, args := range [][]string{{"check", dir}, {"check", dir, "--coverage"}} {
		out, err := command(t, "", args...)
		if err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%v: %v", args, err)
		}
		if slices.Contains(args, "--coverage") && !strings.Contains(out, "Z1.1  没人讲 → TAUGHT NOWHERE") {
			t.Errorf("the coverage is %s", out)
		}
	}
	if _, _, err := loadContent(os.DirFS(dir), kb.NewReader); err == nil || !strings.Contains(err.Error(), problem) {
		t.Errorf("it could be put in force: %v", err)
	}
	if out, err := command(t, "", "ask", "怎么绑卡", "--content", dir); err != nil {
		t.Errorf("it cannot be tried out: %v\n%s", err, out)
	}
}
