package eval

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"supportbot"
	"supportbot/kb"
)

// guide is the bundled content.
var guide = sync.OnceValues(func() (*kb.Base, error) { return kb.Load(os.DirFS("../../kb-content")) })

func bundled(t *testing.T) *kb.Base {
	t.Helper()
	base, err := guide()
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// floor is what a figure must keep to.
type floor struct {
	name        string
	value       float64
	least, most float64
}

func hold(t *testing.T, floors ...floor) {
	t.Helper()
	for _, f := range floors {
		t.Logf("%-30s %.1f%%", f.name, 100*f.value)
		if f.value < f.least || f.value > f.most {
			t.Errorf("%s is %.3f, want %.2f to %.2f", f.name, f.value, f.least, f.most)
		}
	}
}

// TestValidation holds the figures of the validation two points from what was
// reached when the bounds were set.
func TestValidation(t *testing.T) {
	base := bundled(t)
	outcomes, _, _, err := Content(base, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := Summarise(outcomes)
	if len(outcomes) != len(base.Validation) {
		t.Errorf("%d of %d messages were read", len(outcomes), len(base.Validation))
	}
	hold(t,
		floor{"topics: best candidate", f.Accuracy, 0.89, 1},
		floor{"topics: among three", f.Top3, 0.955, 1},
		floor{"topics: answered wrongly", f.AnsweredWrongly, 0, 0.06},
		floor{"topics: refused", f.FalseReject, 0, 0.07},
		floor{"controls", f.Controls, 0.85, 1},
		floor{"out of scope: refused", f.OOSRecall, 0.90, 1},
		floor{"out of scope: answered", f.OOSAnswered, 0, 0.06},
		floor{"out of scope told apart", f.AUROC, 0.96, 1},
		floor{"error of the score", f.ECE, 0, 0.04},
	)
}

// TestTheTestSet guards the figures of messages that nothing was tuned on; see
// testdata/test/README.md.
func TestTheTestSet(t *testing.T) {
	base := bundled(t)
	reader := kb.NewReader(base)
	for _, lang := range supportbot.Languages {
		var phrases []kb.Phrase
		files, err := filepath.Glob(filepath.Join("testdata/test", string(lang), "*.txt"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files: %v", lang, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
					phrases = append(phrases, kb.Phrase{Label: strings.TrimSuffix(filepath.Base(file), ".txt"), Language: lang, Text: line})
				}
			}
		}
		outcomes, _ := read(base, reader, phrases, nil)
		f := Summarise(outcomes)
		hold(t,
			floor{string(lang) + " topics: best candidate", f.Accuracy, 0.88, 1},
			floor{string(lang) + " topics: among three", f.Top3, 0.95, 1},
			floor{string(lang) + " topics: answered wrongly", f.AnsweredWrongly, 0, 0.06},
			floor{string(lang) + " topics: refused", f.FalseReject, 0, 0.09},
			floor{string(lang) + " controls", f.Controls, 0.86, 1},
			floor{string(lang) + " out of scope: refused", f.OOSRecall, 0.83, 1},
		)
	}
}

// TestHomophones writes three in ten Chinese characters of the validation as
// others that sound the same, as input methods do.
func TestHomophones(t *testing.T) {
	base := bundled(t)
	reader := kb.NewReader(base)
	var plain, rewritten []kb.Phrase
	random := rand.New(rand.NewPCG(1, 2))
	for _, p := range base.Validation {
		if p.Language == supportbot.Chinese {
			plain = append(plain, p)
			p.Text = homophones(p.Text, 0.3, random)
			rewritten = append(rewritten, p)
		}
	}
	before, _ := read(base, reader, plain, nil)
	after, _ := read(base, reader, rewritten, nil)
	lost := Summarise(before).Accuracy - Summarise(after).Accuracy
	t.Logf("%s, %s: lost %.1f points", plain[0].Text, rewritten[0].Text, 100*lost)
	if lost > 0.05 {
		t.Errorf("homophones cost %.1f points, want 5 at most", 100*lost)
	}
}

// homophones writes a share of the Chinese characters as others of the same sound.
func homophones(text string, share float64, random *rand.Rand) string {
	return strings.Map(func(r rune) rune {
		same := sounding()[sound(r)]
		if !unicode.Is(unicode.Han, r) || len(same) < 2 || random.Float64() >= share {
			return r
		}
		for {
			if other := same[random.IntN(len(same))]; other != r {
				return other
			}
		}
	}, text)
}

// sounding are the characters that the phrases use, by how they sound.
var sounding = sync.OnceValue(func() map[string][]rune {
	by, seen := map[string][]rune{}, map[rune]bool{}
	base, err := guide()
	if err != nil {
		return nil
	}
	for _, p := range base.Phrases {
		for _, r := range p.Text {
			if unicode.Is(unicode.Han, r) && !seen[r] {
				seen[r] = true
				by[sound(r)] = append(by[sound(r)], r)
			}
		}
	}
	return by
})

func sound(r rune) string {
	readings := pinyin.SinglePinyin(r, pinyin.NewArgs())
	if len(readings) == 0 {
		return ""
	}
	return readings[0]
}
