package lint

import (
	"os"
	"testing"
	"time"
)

// TestTheGuide holds the content of this repository against all of it.
func TestTheGuide(t *testing.T) {
	content := os.DirFS("../../kb-content")
	base, book := load(t, content)
	if err := Check(content, base, book, time.Time{}); err != nil {
		t.Error(err)
	}
}

func BenchmarkCheck(b *testing.B) {
	content := os.DirFS("../../kb-content")
	base, book := load(b, content)
	for b.Loop() {
		_ = Check(content, base, book, today)
	}
}
