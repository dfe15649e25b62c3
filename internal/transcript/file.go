package transcript

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// schema is where the schema of transcripts lies in a folder of content, as seen
// from its transcripts.
const schema = "../schema/transcript.schema.json"

// Save writes a transcript into a file. The comments at the beginning of a file
// that is there stay; a new one in a folder of content begins with its schema,
// for editors. It reports whether the file is another now.
func (t Transcript) Save(file string) (changed bool, err error) {
	before, err := os.ReadFile(file)
	var out bytes.Buffer
	switch {
	case err == nil:
		out.WriteString(comments(string(before)))
	case !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("transcript: %w", err)
	default:
		if _, err := os.Stat(filepath.Join(filepath.Dir(file), schema)); err == nil {
			fmt.Fprintf(&out, "# yaml-language-server: $schema=%s\n", schema)
		}
	}
	if err := t.Write(&out); err != nil {
		return false, err
	}
	if bytes.Equal(before, out.Bytes()) {
		return false, nil
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		return false, fmt.Errorf("transcript: %w", err)
	}
	return true, nil
}

// comments are the lines at the beginning of a text that hold nothing else.
func comments(text string) string {
	end := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" {
			break
		}
		end += len(line)
	}
	return text[:end]
}
