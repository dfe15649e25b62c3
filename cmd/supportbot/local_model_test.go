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

// tally counts what becomes of messages of a kind.
type tally struct{ right, wrong, asked, nothing, quoted int }

func (n *tally) add(r supportbot.Reading, label string) {
	switch {
	case len(r.Commands) == 0:
		n.nothing++
	case r.Commands[0].Kind == supportbot.CmdClarify:
		n.asked++
	case r.Commands[0].Kind == supportbot.CmdQuote:
		n.quoted++
	case r.Commands[0].Topic == label || r.Decision == supportbot.Control && r.Topic == label || string(r.Commands[0].Kind) == map[string]string{"talk-to-agent": "agent"}[label]:
		n.right++
	default:
		n.wrong++
	}
}

func (n tally) String() string {
	all := float64(max(1, n.right+n.wrong+n.asked+n.nothing+n.quoted)) / 100
	return fmt.Sprintf("right %.1f%%, wrong %.1f%%, asked back %.1f%%, not understood %.1f%%, quoted %.1f%%",
		float64(n.right)/all, float64(n.wrong)/all, float64(n.asked)/all, float64(n.nothing)/all, float64(n.quoted)/all)
}

// every is how many doubtful messages go by for one that the model is asked about:
// on two cores each takes seconds.
const every = 8

// What a model is worth where the reader is in doubt, on the validation of the
// content: make test-model runs a
// small local one. It is measured and not judged, since the model is anybody's.
func TestAgainstALocalModel(t *testing.T) {
	url := os.Getenv("SUPPORTBOT_TEST_MODEL")
	if url == "" {
		t.Fatal("make test-model runs this against a local model, which SUPPORTBOT_TEST_MODEL names")
	}
	base, err := kb.Load(kbcontent.FS)
	if err != nil {
		t.Fatal(err)
	}
	reader := trainedIn(filepath.Join(builds, "readers"), slog.New(slog.DiscardHandler))(base)
	options := openai.Options{URL: url, Key: os.Getenv("SUPPORTBOT_OPENAI_KEY"), Model: "local", ChatWait: 30 * time.Second}
	var with, without, strangersWith, strangersWithout tally
	var took []time.Duration
	outcomes := map[string]int{}
	doubts := 0
	for _, p := range base.Validation {
		q := supportbot.Question{Language: p.Language}
		first := reader.Read(p.Text, q)
		if len(first.Commands) > 0 && first.Commands[0].Kind != supportbot.CmdClarify {
			continue
		}
		if doubts++; doubts%every != 0 {
			continue
		}
		// Each message has a client of its own: the breaker would keep the later ones away
		// from a model that gets the earlier ones wrong.
		client := openai.New(options, slog.New(slog.DiscardHandler))
		began := time.Now()
		second := client.Reread(t.Context(), openai.Doubt{From: supportbot.Address{Channel: supportbot.Web}, Text: p.Text, Question: q, Reading: first, Reader: reader})
		for _, said := range second.Model {
			outcomes[said.Use+" "+map[bool]string{true: "taken", false: said.Why}[said.Taken != ""]]++
		}
		if len(second.Model) > 0 {
			took = append(took, time.Since(began))
		}
		if p.Label == base.None {
			strangersWithout.add(first, p.Label)
			strangersWith.add(second, p.Label)
			continue
		}
		without.add(first, p.Label)
		with.add(second, p.Label)
	}
	slices.Sort(took)
	t.Logf("%d messages, %d of which are doubtful; of %d of those the model was asked about %d", len(base.Validation), doubts, doubts/every, len(took))
	t.Logf("doubtful and in scope, without: %v", without)
	t.Logf("doubtful and in scope, with:    %v", with)
	t.Logf("doubtful and out of scope, without: %v", strangersWithout)
	t.Logf("doubtful and out of scope, with:    %v", strangersWith)
	t.Logf("what came of it: %v", outcomes)
	if len(took) == 0 || outcomes["read failed"]+outcomes["answer failed"] == len(took) {
		t.Fatal("the model could not be asked")
	}
	t.Logf("it took %v in the middle, %v for one in twenty", took[len(took)/2].Round(time.Millisecond), took[len(took)*19/20].Round(time.Millisecond))
}
