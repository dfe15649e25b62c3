package main

import (
	"log/slog"
	"slices"
	"testing"

	"supportbot"
	"supportbot/internal/store"
	"supportbot/kb"
)

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
