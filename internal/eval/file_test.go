package eval

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, lines string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "messages.jsonl")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestABadFileIsRefusedWithItsLine(t *testing.T) {
	const good = `{"text":"what does it cost","label":"fees","split":"train"}` + "\n"
	for _, tt := range []struct{ name, lines, want string }{
		{"no JSON", good + "what does it cost", "messages.jsonl:2: invalid character"},
		{"no label", good + `{"text":"x","split":"train"}`, "messages.jsonl:2: a message needs a text and a label"},
		{"a strange split", good + `{"text":"x","label":"fees","split":"dev"}`, `messages.jsonl:2: split "dev"; it is train, val or test`},
		{"one label", good, "1 labels to train on and 0 messages to test"},
		{"nothing", "", "0 labels to train on"},
	} {
		if _, err := Open(write(t, tt.lines)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("a file that is not there was opened")
	}
}

// TestPublicData measures on the files of a folder of public data sets, which is
// not part of the project.
func TestPublicData(t *testing.T) {
	folder := cmp.Or(os.Getenv("EVAL_DATA"), "../../../shared/eval")
	if _, err := os.Stat(filepath.Join(folder, "banking77.jsonl")); err != nil {
		if os.Getenv("EVAL_DATA") != "" {
			t.Fatal(err)
		}
		t.Skip("there is no public data beside the project, and EVAL_DATA names no folder with it; see docs/understanding.md")
	}
	tenShot := 0.0
	for seed := range 3 {
		tenShot += measure(t, folder, fmt.Sprintf("banking77_10shot_s%d", seed)).Accuracy / 3
	}
	least(t, "BANKING77, ten each: right", tenShot, 0.78)
	least(t, "BANKING77: right", measure(t, folder, "banking77").Accuracy, 0.92)
	clinc := measure(t, folder, "clinc150_full")
	least(t, "CLINC150: right", clinc.Accuracy, 0.93)
	least(t, "CLINC150: refused", clinc.OOSRecall, 0.55)
	least(t, "CLINC150: told apart", clinc.AUROC, 0.96)
}

func measure(t *testing.T, folder, name string) Figures {
	t.Helper()
	data, err := Open(filepath.Join(folder, name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	outcomes, _, _, err := data.Measure(nil)
	if err != nil {
		t.Fatal(err)
	}
	return Summarise(outcomes)
}

func least(t *testing.T, name string, value, floor float64) {
	t.Helper()
	t.Logf("%s %.4f", name, value)
	if value < floor {
		t.Errorf("%s: %.4f, want at least %.3f", name, value, floor)
	}
}
