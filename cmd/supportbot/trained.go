package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"supportbot/kb"
)

// readers is the folder of trained readers.
func (c *cli) readers() string { return cmp.Or(c.Readers, filepath.Join(c.dataDir(), "readers")) }

// training makes the reader of a base.
type training func(*kb.Base) *kb.Reader

// maxReaders is how many trained readers are kept on disk, some 30 MB each.
const maxReaders = 3

// trainedIn keeps what training found out in a folder, so that a later start of
// the same program on the same content is ready at once. A file that is damaged
// counts as none, and what cannot be kept is logged: the next start trains again.
func trainedIn(dir string, log *slog.Logger) training {
	return func(base *kb.Base) *kb.Reader {
		mark, err := thisProgram()
		if err != nil {
			log.Warn("the trained reader is not kept", "error", err)
			return kb.NewReader(base)
		}
		file := filepath.Join(dir, base.Fingerprint(mark)+".reader")
		if data, err := os.ReadFile(file); err == nil { //nolint:gosec // in the data directory
			if reader, err := kb.Restore(base, mark, data); err == nil {
				return reader
			}
		}
		reader := kb.NewReader(base)
		if err := keep(file, reader.Save(base, mark)); err != nil {
			log.Warn("the trained reader is not kept", "error", err)
		}
		return reader
	}
}

// thisProgram tells this build from others.
func thisProgram() (string, error) {
	file, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("reader: %w", err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return "", fmt.Errorf("reader: %w", err)
	}
	return fmt.Sprintf("%d bytes of %s", info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano)), nil
}

// keep writes a file whole or not at all.
func keep(file string, data []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	part, err := os.CreateTemp(dir, "*.part")
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	defer os.Remove(part.Name()) //nolint:errcheck // it is there only if something failed
	_, err = part.Write(data)
	if err := cmp.Or(err, part.Close(), os.Rename(part.Name(), file), thin(dir)); err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	return nil
}

// thin removes all readers but the newest.
func thin(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.reader"))
	if err != nil {
		return err
	}
	written := map[string]time.Time{}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			written[file] = info.ModTime()
		}
	}
	slices.SortFunc(files, func(a, b string) int { return written[b].Compare(written[a]) })
	for _, file := range files[min(maxReaders, len(files)):] {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
