package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// asksFirst gives nobody an agent who does not tell a number first.
const asksFirst = `flow: asks-first
goal: {zh: 先问, en: ask first}
start: {topics: [brand-lakala]}
agent: number
slots: {number: {type: digits, min: 4, max: 6}}
ladders:
  no_match: [{goto: agent}]
  no_input: {voice: [{goto: agent}], chat: [{after: 1h, end: expired}]}
steps:
- ask: number
  say: {zh: 几号？, en: "Which number?"}
- id: agent
  handoff: {}
  say: {zh: 请等客服。, en: Please wait.}
  outcomes: {handled: {end: handled}, unavailable: {end: unavailable}}
`

func TestExploreFindsNothingInWhatIsBuiltIn(t *testing.T) {
	out, err := command(t, "", "explore", "--events", "20000")
	if err != nil || !strings.Contains(out, "20000 events") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestExploreKeepsWhatItFinds(t *testing.T) {
	content, kept := t.TempDir(), t.TempDir()
	if err := os.CopyFS(content, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(content, "flows", "asks-first.yaml"), []byte(asksFirst), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "", "explore", "--content", content, "--flow", "asks-first", "--events", "400", "--save", filepath.Join(kept, "found.yaml"))
	if err == nil || !strings.Contains(out, "FOUND whoever wants an agent gets one: still at asks-first/number") || !strings.Contains(out, "seen at flows/asks-first.yaml:10\n") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := command(t, "", "test", kept, "--content", content); err != nil {
		t.Errorf("what was kept does not play again: %v\n%s", err, out)
	}
}
