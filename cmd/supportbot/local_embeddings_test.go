//go:build model

package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"supportbot"
	"supportbot/kb"
	kbcontent "supportbot/kb-content"
	"supportbot/kb/openai"
)

// found counts for how many messages sentences of articles are found.
type found struct{ messages, right, any int }

func (f found) String() string {
	return fmt.Sprintf("the right article for %.1f %%, any for %.1f %% of %d", 100*float64(f.right)/float64(f.messages), 100*float64(f.any)/float64(f.messages), f.messages)
}

// What vectors are worth where sentences of articles are looked for, on the
// validation: make test-model runs a small local model. It is measured and not
// judged, since the model is anybody's.
func TestAgainstLocalEmbeddings(t *testing.T) {
	url := os.Getenv("SUPPORTBOT_TEST_EMBEDDINGS")
	if url == "" {
		t.Fatal("make test-model runs this against a local model, which SUPPORTBOT_TEST_EMBEDDINGS names")
	}
	base, err := kb.Load(kbcontent.FS)
	if err != nil {
		t.Fatal(err)
	}
	embedder := openai.NewEmbedder(openai.EmbedderOptions{URL: url, Key: os.Getenv("SUPPORTBOT_EMBEDDINGS_KEY"), Model: "e5-query", Dir: os.Getenv("SUPPORTBOT_TEST_VECTORS")}, slog.New(slog.DiscardHandler))
	v, err := embedder.Vectors(t.Context(), base.Texts())
	if err != nil {
		t.Fatal(err)
	}
	words := trainedIn(filepath.Join(builds, "readers"), slog.New(slog.DiscardHandler))(base)
	both := kb.NewReader(base)
	began := time.Now()
	if err := both.Sense(base, v); err != nil {
		t.Fatal(err)
	}
	t.Logf("a sense of vectors is learnt in %v", time.Since(began).Round(time.Millisecond))
	var inside, outside [2]found
	var took []time.Duration
	for i, p := range base.Validation {
		counts := &inside
		if _, ok := base.Article(p.Label); !ok {
			counts = &outside
		}
		for k, passages := range [][]supportbot.Passage{words.Passages(p.Text, nil, p.Language), both.Passages(p.Text, v[p.Text], p.Language)} {
			counts[k].messages++
			if len(passages) > 0 {
				counts[k].any++
			}
			if slices.ContainsFunc(passages, func(s supportbot.Passage) bool { return s.Topic == p.Label }) {
				counts[k].right++
			}
		}
		if reading := words.Read(p.Text, supportbot.Question{}); i%8 == 0 && kb.Unsure(reading, supportbot.Question{}) {
			began := time.Now()
			if d := embedder.Reread(t.Context(), openai.Doubt{Text: p.Text, Reading: reading, Reader: both}); d.Vector != nil {
				took = append(took, time.Since(began))
			}
		}
	}
	t.Logf("about articles, by words: %v; by vectors, too: %v", inside[0], inside[1])
	t.Logf("about something else, by words: %v; by vectors, too: %v", outside[0], outside[1])
	if len(took) == 0 {
		t.Log("no message got its vector in time: the machine has something else to do")
		return
	}
	slices.Sort(took)
	t.Logf("%d messages of which the reader is not sure took %v in the middle, %v for one in twenty", len(took), took[len(took)/2].Round(time.Millisecond), took[len(took)*19/20].Round(time.Millisecond))
}
