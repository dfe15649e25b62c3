package reference

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// lookEvery is how often it is looked whether the file has changed.
const lookEvery = 2 * time.Second

// File compares with a CSV file. It is safe for concurrent use.
type File struct {
	path  string
	log   *slog.Logger
	table atomic.Pointer[table]
	seen  stamp // of the file as it was read last; only Run changes it
}

// stamp tells a changed file from an unchanged one.
type stamp struct {
	size int64
	at   time.Time
}

// Open reads a file; see README for its form. The error has a line for each mistake, with
// its number.
func Open(path string, log *slog.Logger) (*File, error) {
	f := &File{path: path, log: log}
	if _, err := f.load(); err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	return f, nil
}

// Compare implements console.Reference.
func (f *File) Compare(_ context.Context, merchant, field, said string) (bool, error) {
	return f.table.Load().compare(merchant, field, said)
}

// Run takes over what changes in the file until ctx ends. While the file is broken
// the last good one stays in use.
func (f *File) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f.Refresh()
		}
	}
}

// Refresh reads the file again if it has changed. Only one may run at a time.
func (f *File) Refresh() {
	changed, err := f.load()
	switch {
	case err != nil:
		f.log.Error("the reference data cannot be read; what was read before stays in use", slog.Any("error", err))
	case changed:
		f.log.Info("reference data read", slog.Int("values", len(f.table.Load().sums)))
	}
}

// load reads the file unless it is as it was.
func (f *File) load() (changed bool, err error) {
	info, err := os.Stat(f.path)
	if err != nil {
		if f.seen == (stamp{}) && f.table.Load() != nil {
			return false, nil // it was said before
		}
		f.seen = stamp{}
		return false, err
	}
	now := stamp{info.Size(), info.ModTime()}
	if now == f.seen {
		return false, nil
	}
	f.seen = now
	data, err := os.ReadFile(f.path)
	if err != nil {
		return false, err
	}
	table, err := read(f.path, data)
	if err != nil {
		return false, err
	}
	f.table.Store(table)
	return true, nil
}
