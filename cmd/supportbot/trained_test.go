package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"supportbot"
	"supportbot/kb"
)

// TestATrainedReaderIsKept trains on what four phrases teach.
func TestATrainedReaderIsKept(t *testing.T) {
	name := map[supportbot.Language]string{supportbot.Chinese: "费用", supportbot.English: "Fees"}
	base := &kb.Base{
		None:   "none",
		Topics: []kb.Topic{{ID: "fees", Name: name}, {ID: "limits", Name: name}},
		Phrases: []kb.Phrase{
			{Label: "fees", Language: supportbot.English, Text: "what does it cost"}, {Label: "fees", Language: supportbot.English, Text: "is there a charge"},
			{Label: "limits", Language: supportbot.English, Text: "how much a day"}, {Label: "limits", Language: supportbot.English, Text: "the most in one go"},
		},
	}
	dir := filepath.Join(t.TempDir(), "readers")
	train := trainedIn(dir, slog.New(slog.DiscardHandler))
	read := func() string { return train(base).Read("what does it cost", supportbot.Question{}).Topic }
	kept := func() []byte {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%d files are kept: %v", len(files), err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		return data
	}

	if got := read(); got != "fees" {
		t.Fatalf("trained: %q", got)
	}
	first := kept()
	if got := read(); got != "fees" {
		t.Errorf("from the file: %q", got)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if err := os.WriteFile(files[0], first[:len(first)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "fees" {
		t.Errorf("beside a damaged file: %q", got)
	}
	if len(kept()) != len(first) {
		t.Error("the damaged file was not written again")
	}
	for i := range maxReaders + 2 {
		base.Phrases = append(base.Phrases, kb.Phrase{Label: "fees", Language: supportbot.English, Text: "fee " + string(rune('a'+i))})
		read()
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != maxReaders {
		t.Errorf("%d readers are kept, want %d", len(files), maxReaders)
	}
}
