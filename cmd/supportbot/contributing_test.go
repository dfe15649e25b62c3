package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"supportbot/kb"
)

// TestTheExampleOfAFlow: what CONTRIBUTING.md shows can be used as it stands.
func TestTheExampleOfAFlow(t *testing.T) {
	guide, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "```yaml\n# yaml-language-server")
	flow, _, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("there is no example")
	}
	content := contentCopy(t)
	if err := os.WriteFile(filepath.Join(content, "flows", "forgot-password.yaml"), []byte("# yaml-language-server"+flow), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := proveContent(os.DirFS(content), kb.NewReader); err != nil {
		t.Error(err)
	}
}
