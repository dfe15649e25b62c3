package transcript

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"supportbot/internal/authoring"
)

// FuzzTranscript: what can be read can be written, and reads the same again.
func FuzzTranscript(f *testing.F) {
	files, err := filepath.Glob("../../kb-content/transcripts/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no transcripts", err)
	}
	for _, file := range files[:min(len(files), 8)] {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("turns:\n- {user: \"\\u2028\", bot: [\"\", \" a\\n\"], choices: [\"a, b\", \"#\"]}\nfrom: {slots: {a: \"yes\", b: \"1\"}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		var first, second Transcript
		if faults, ok := authoring.Decode(text, &first); !ok || len(faults) > 0 {
			return
		}
		var out bytes.Buffer
		if err := first.Write(&out); err != nil {
			t.Fatalf("%q cannot be written: %v", text, err)
		}
		if faults, ok := authoring.Decode(out.String(), &second); !ok || len(faults) > 0 {
			t.Fatalf("%q is written as %q, which cannot be read: %v", text, out.String(), faults)
		}
		var again bytes.Buffer
		if err := second.Write(&again); err != nil || again.String() != out.String() {
			t.Fatalf("%q is written as %q, and then as %q, %v", text, out.String(), again.String(), err)
		}
		if len(first.Turns) != len(second.Turns) || !reflect.DeepEqual(first.From, second.From) {
			t.Fatalf("%+v became %+v", first, second)
		}
	})
}
