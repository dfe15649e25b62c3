package dialog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"supportbot/internal/authoring"
)

// folders make a version, and the files beside them.
var folders = []string{".", "flows", "articles", "phrases", "validation", "checks"}

// Files calls f for every file that makes a version of the content, each once
// and always in the same order: the patterns first (those built in where the
// content has none of its own, so that a version that was kept stays what it was
// under a later program), the other YAML files beside them, flows, articles,
// phrases, what validates them, and checklists. Transcripts are no part of it, nor is what editors leave.
func Files(content fs.FS, f func(name string, data []byte) error) error {
	own, err := fs.ReadFile(content, Patterns)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		own = patterns
	case err != nil:
		return err
	}
	if err := f(Patterns, own); err != nil {
		return err
	}
	return fs.WalkDir(content, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case authoring.Litter(name) && d.IsDir():
			return fs.SkipDir
		case authoring.Litter(name):
			return nil
		case d.IsDir():
			if path.Dir(name) == "." && !slices.Contains(folders, name) {
				return fs.SkipDir
			}
			return nil
		case name == Patterns, path.Dir(name) == "." && path.Ext(name) != ".yaml":
			return nil
		}
		data, err := fs.ReadFile(content, name)
		if err != nil {
			return err
		}
		return f(name, data)
	})
}

// Version is the hash of the files that make a version of the content.
func Version(content fs.FS) (string, error) {
	hash := sha256.New()
	err := Files(content, func(name string, data []byte) error {
		_, err := fmt.Fprintf(hash, "%s %d\n%s", name, len(data), data)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("dialog: hash the content: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil))[:12], nil
}
