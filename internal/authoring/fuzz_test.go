package authoring

import (
	"strings"
	"testing"
)

// FuzzDecode: what cannot be read has a fault, and every fault names a line of
// the text and what to do, in few words.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		"", "title: 你好，请等\n", "titel: a\n", "title: a\nlist:\n\t- zh: b\n", "title: \"a\nspoken: b\n", "a: &a [*a]", "\xff\xfet\x00",
		"---\n...\n---\n", "!!binary x", "? a\n: b", "title: |2\n x", "<<: {title: x}", "\r0", "title: !!int x", "%YAML 9.9\n---\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var out page
		faults, ok := Decode(text, &out)
		if !ok && len(faults) == 0 {
			t.Fatal("it cannot be read, and nobody says why")
		}
		lines := 1
		for _, r := range text {
			if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) { // what YAML takes for the end of a line
				lines++
			}
		}
		for _, fault := range faults {
			if fault.Line < 1 || fault.Line > lines || fault.Text == "" {
				t.Fatalf("%q: line %d: %s", text, fault.Line, fault.Text)
			}
		}
	})
}
