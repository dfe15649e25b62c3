package main

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/store"
	"supportbot/kb"
	kbcontent "supportbot/kb-content"
)

// What admins are shown that merchants are told is what merchants are told.
func TestWhatIsToldWhileTheDeskIsClosed(t *testing.T) {
	content, _, err := loadContent(kbcontent.FS, kb.NewReader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	opens := now.Add(13 * time.Hour)
	for lang, want := range map[supportbot.Language]string{supportbot.Chinese: "明天09:00上班", supportbot.English: "until tomorrow at 09:00."} {
		written, spoken := content.Book.Closed(lang, now, opens)
		if !strings.Contains(written, want) || !strings.Contains(spoken, want) || written == spoken || strings.Contains(written+spoken, "{") {
			t.Errorf("%s: %q, and on the phone %q", lang, written, spoken)
		}
	}
}

func TestSearchTheArticlesInForce(t *testing.T) {
	s, err := store.Open(t.Context(), t.TempDir(), testKey())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	content, _, err := openLibrary(t.Context(), s, source("", false, kb.NewReader), kb.NewReader, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	search := func(words string, lang supportbot.Language) []string {
		found, err := shelf{content}.Search(t.Context(), words, lang)
		if err != nil {
			t.Fatal(err)
		}
		var topics []string
		for _, a := range found {
			topics = append(topics, a.Topic)
		}
		return topics
	}
	if all := search(" ", supportbot.English); len(all) != len(content.InForce().Book.Articles()) || !slices.IsSorted(all) {
		t.Errorf("without words: %v", all)
	}
	for _, a := range content.InForce().Book.Articles() {
		name, _ := a.Name.In(supportbot.Chinese)
		if found := search(name, supportbot.Chinese); !slices.Contains(found, a.Topic) {
			t.Errorf("%q finds %v, not %s", name, found, a.Topic)
		}
	}
	if found := search("how much can I take in a day", supportbot.English); len(found) == 0 || len(found) > knowledgeMost || found[0] != "transaction-limits" {
		t.Errorf("by its meaning is found %v", found)
	}
	if found := search("zzqqxx", supportbot.English); len(found) > 0 {
		t.Errorf("nonsense finds %v", found)
	}
}
