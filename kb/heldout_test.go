package kb

import (
	"os"
	"testing"

	"supportbot"
)

// TestHeldOutPhrases trains on four fifths of the real phrases and reads the
// last fifth, each fifth in its turn. Fifths are counted by file, so that a new
// line at the end of one moves no other phrase. The floors are five points below
// what was reached when they were set. The figures flatter a little: concepts.txt
// was written with these phrases in mind.
func TestHeldOutPhrases(t *testing.T) {
	base, err := Load(os.DirFS("../kb-content"))
	if err != nil {
		t.Fatal(err)
	}
	var topics, top1, top3, wrong, refused float64
	var controls, controlled, outside, refusedOutside, answeredOutside float64
	for fold := range 5 {
		known := *base
		known.Phrases = nil
		var held []Phrase
		n := map[[2]string]int{}
		for _, p := range base.Phrases {
			file := [2]string{p.Label, string(p.Language)}
			if n[file]++; n[file]%5 == fold {
				held = append(held, p)
			} else {
				known.Phrases = append(known.Phrases, p)
			}
		}
		reader := NewReader(&known)
		for _, p := range held {
			reading := reader.Read(p.Text, supportbot.Question{})
			switch _, topic := base.Topic(p.Label); {
			case p.Label == base.None:
				outside++
				switch reading.Decision {
				case supportbot.None:
					refusedOutside++
				case supportbot.Answer:
					answeredOutside++
				}
			case !topic:
				controls++
				if reading.Decision == supportbot.Control && reading.Topic == p.Label {
					controlled++
				}
			default:
				topics++
				for i, c := range reading.Candidates[:3] {
					if c.Topic == p.Label {
						top3++
						if i == 0 {
							top1++
						}
					}
				}
				switch {
				case reading.Decision == supportbot.None:
					refused++
				case reading.Decision != supportbot.Clarify && reading.Topic != p.Label:
					wrong++
				}
			}
		}
	}
	for _, figure := range []struct {
		name        string
		value       float64
		least, most float64
	}{
		{"topics: best candidate", top1 / topics, 0.80, 1},
		{"topics: among three", top3 / topics, 0.90, 1},
		{"topics: answered wrongly", wrong / topics, 0, 0.14},
		{"topics: refused", refused / topics, 0, 0.09},
		{"controls", controlled / controls, 0.85, 1},
		{"out of scope: refused", refusedOutside / outside, 0.74, 1},
		{"out of scope: answered", answeredOutside / outside, 0, 0.16},
	} {
		t.Logf("%-26s %.1f%%", figure.name, 100*figure.value)
		if figure.value < figure.least || figure.value > figure.most {
			t.Errorf("%s is %.3f, want %.2f to %.2f", figure.name, figure.value, figure.least, figure.most)
		}
	}
}
