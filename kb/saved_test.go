package kb

import (
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

func TestARestoredReaderReadsTheSame(t *testing.T) {
	base, err := Load(os.DirFS("../kb-content"))
	if err != nil {
		t.Fatal(err)
	}
	saved := reader(t)
	restored, err := Restore(base, "this", saved.Save(base, "this"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range base.Validation {
		if diff := cmp.Diff(saved.Read(p.Text, supportbot.Question{}), restored.Read(p.Text, supportbot.Question{})); diff != "" {
			t.Fatalf("%q (-saved +restored):\n%s", p.Text, diff)
		}
	}
}

func TestWhatWasSavedOtherwiseIsNotRestored(t *testing.T) {
	base, err := Load(tinyGuide())
	if err != nil {
		t.Fatal(err)
	}
	other := *base
	other.Phrases = base.Phrases[1:]
	good := NewReader(base).Save(base, "this")
	flipped := slices.Clone(good)
	flipped[len(good)/2] ^= 1
	for _, tt := range []struct {
		name string
		base *Base
		mark string
		data []byte
	}{
		{"nothing", base, "this", nil},
		{"another program", base, "that", good},
		{"another content", &other, "this", good},
		{"a part", base, "this", good[:len(good)-1]},
		{"a flipped bit", base, "this", flipped},
	} {
		if _, err := Restore(tt.base, tt.mark, tt.data); !errors.Is(err, ErrNotSaved) {
			t.Errorf("%s: %v, want %v", tt.name, err, ErrNotSaved)
		}
	}
	if _, err := Restore(base, "this", good); err != nil {
		t.Errorf("what was saved: %v", err)
	}
}

func BenchmarkRestore(b *testing.B) {
	base, err := Load(os.DirFS("../kb-content"))
	if err != nil {
		b.Fatal(err)
	}
	data := reader(b).Save(base, "")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Restore(base, "", data); err != nil {
			b.Fatal(err)
		}
	}
}
