package dialog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"supportbot"
)

// guide reads the real guide of kb-content, as much of it as flows need.
func guide(t testing.TB) Guide {
	t.Helper()
	g := Guide{
		Topics: map[string]supportbot.Text{}, Articles: map[string]supportbot.Text{},
		Related: map[string][]string{}, Hotlines: map[string]string{},
	}
	var topics struct {
		Topics []struct{ ID, ZH, EN string }
	}
	var lines struct{ Hotlines map[string]string }
	read(t, "../kb-content/topics.yaml", &topics)
	read(t, "../kb-content/hotlines.yaml", &lines)
	g.Hotlines = lines.Hotlines
	for _, topic := range topics.Topics {
		g.Topics[topic.ID] = both(topic.ZH, topic.EN)
		zh, err := os.ReadFile(filepath.Join("../kb-content/articles/zh", topic.ID+".md"))
		if err != nil {
			continue
		}
		en, err := os.ReadFile(filepath.Join("../kb-content/articles/en", topic.ID+".md"))
		if err != nil {
			t.Fatal(err)
		}
		g.Articles[topic.ID] = both(body(zh, g.Hotlines), body(en, g.Hotlines))
	}
	return g
}

func read(t testing.TB, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func body(article []byte, hotlines map[string]string) string {
	parts := strings.SplitN(string(article), "---\n", 3)
	text := strings.TrimSpace(parts[len(parts)-1])
	for name, number := range hotlines {
		text = strings.ReplaceAll(text, "{hotline."+name+"}", number)
	}
	return text
}

func both(zh, en string) supportbot.Text {
	return supportbot.Text{Written: map[supportbot.Language]string{supportbot.Chinese: zh, supportbot.English: en}}
}

func content(t testing.TB) *Book {
	t.Helper()
	b, err := Load(os.DirFS("../kb-content"), guide(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestContentIsProved(t *testing.T) {
	b := content(t)
	t.Logf("%d flows, version %s", len(b.Flows()), b.Version)
}
