package replay_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
	"supportbot/kb"
)

// realContents are the content of the program, and the same with each 您 in its
// flows a 你.
func realContents(t *testing.T) (contents [2]turn.Content) {
	t.Helper()
	dir := os.DirFS("../../kb-content")
	base, err := kb.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	guide := dialog.Guide{
		Topics: map[string]supportbot.Text{}, Articles: map[string]supportbot.Text{},
		Related: map[string][]string{}, Hotlines: base.Hotlines,
	}
	for _, t := range base.Topics {
		guide.Topics[t.ID] = supportbot.Text{Written: t.Name}
		if a, ok := base.Article(t.ID); ok {
			guide.Articles[t.ID], guide.Related[t.ID] = a.Text, a.Related
		}
	}
	flows, err := fs.Glob(dir, "flows/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	reader := fragile{kb.NewReader(base)}
	for i, you := range []string{"您", "你"} {
		files := fstest.MapFS{}
		for _, name := range flows {
			data, err := fs.ReadFile(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(data), "您", you))}
		}
		book, err := dialog.Load(files, guide)
		if err != nil {
			t.Fatal(err)
		}
		contents[i] = turn.Content{Book: book, Reader: reader}
	}
	return contents
}

// fragile is a reader that fails at one word, so that the conversation begins
// anew.
type fragile struct{ turn.Reader }

func (f fragile) Read(text string, q supportbot.Question) supportbot.Reading {
	if text == "panic" {
		panic("a reader that fails")
	}
	return f.Reader.Read(text, q)
}

// shelf is a library of two versions, the first of which is in force.
type shelf struct {
	versions [2]turn.Content
	retired  bool // the second
}

func (s *shelf) For(_ context.Context, version string) (turn.Content, error) {
	if version == s.versions[1].Book.Version && !s.retired {
		return s.versions[1], nil
	}
	return s.versions[0], nil
}

func (s *shelf) publish(t *rapid.T) {
	s.versions[0], s.versions[1] = s.versions[1], s.versions[0]
	s.retired = rapid.Bool().Draw(t, "the other is retired")
}

func (s *shelf) version(id string) (turn.Content, error) {
	for _, c := range s.versions {
		if c.Book.Version == id {
			return c, nil
		}
	}
	return turn.Content{}, fmt.Errorf("no content version %q", id)
}
