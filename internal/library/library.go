// Package library keeps the content in versions. A version is put in force as a
// whole; a conversation stays on the version on which its open flows began.
package library

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
)

// Store keeps versions; see internal/store/storetest.
type Store interface {
	AddContent(ctx context.Context, v supportbot.ContentVersion, files []byte) error
	ContentFiles(ctx context.Context, id string) ([]byte, error)
	ContentVersions(ctx context.Context) ([]supportbot.ContentVersion, error)
	PublishContent(ctx context.Context, id, by string, at time.Time) error
	RetireContent(ctx context.Context, id string) error
	PublishedContent(ctx context.Context) (current, bySource string, err error)
	OpenSessions(ctx context.Context, version string) ([]json.RawMessage, error)
}

// Load reads a version of the content.
type Load func(fs.FS) (turn.Content, error)

// Library is the versions in use. It is safe for concurrent use.
type Library struct {
	store Store
	load  Load
	log   *slog.Logger

	mu      sync.RWMutex
	current turn.Content
	loaded  map[string]turn.Content // older versions on which open conversations run
	looked  []turn.Content          // the last that somebody looked at, the newest first
	broken  map[string]bool         // versions that this program cannot load
	retired map[string]bool
	loading sync.Mutex // one version at a time
}

// New makes a library; load reads versions that were good when they were kept. It
// can be used once Start or Refresh has put a version in
// force.
func New(store Store, load Load, log *slog.Logger) *Library {
	return &Library{store: store, load: load, log: log, loaded: map[string]turn.Content{}, broken: map[string]bool{}}
}

// For implements turn.Library.
func (l *Library) For(ctx context.Context, version string) turn.Content {
	if content, ok := l.known(version); ok {
		return content
	}
	l.loading.Lock()
	defer l.loading.Unlock()
	if content, ok := l.known(version); ok { // loaded while this one waited
		return content
	}
	content, err := l.open(ctx, version)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.log.Error("a version of the content cannot be loaded; its conversations go on with the one in force", "version", version, "error", err)
		if ctx.Err() == nil {
			l.broken[version] = true
		}
		return l.current
	}
	l.loaded[version] = content
	return content
}

// known finds a version that needs no loading.
func (l *Library) known(version string) (turn.Content, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if version == "" || l.retired[version] || l.broken[version] || version == l.current.Book.Version {
		return l.current, true
	}
	content, ok := l.loaded[version]
	return content, ok
}

// maxLooked is how many versions are kept in memory for those who look at them.
const maxLooked = 2

// Version returns one version, also one that was retired: ErrNotFound if there
// is none, ErrInvalid if this program cannot load it.
func (l *Library) Version(ctx context.Context, version string) (turn.Content, error) {
	if content, ok := l.inMemory(version); ok {
		return content, nil
	}
	l.loading.Lock()
	defer l.loading.Unlock()
	if content, ok := l.inMemory(version); ok {
		return content, nil
	}
	content, err := l.open(ctx, version)
	if err != nil {
		return content, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looked = slices.Insert(l.looked, 0, content)
	l.looked = l.looked[:min(len(l.looked), maxLooked)]
	return content, nil
}

func (l *Library) inMemory(version string) (turn.Content, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, content := range append([]turn.Content{l.current, l.loaded[version]}, l.looked...) {
		if content.Book != nil && content.Book.Version == version {
			return content, true
		}
	}
	return turn.Content{}, false
}

// open loads a version from the store.
func (l *Library) open(ctx context.Context, version string) (turn.Content, error) {
	archive, err := l.store.ContentFiles(ctx, version)
	if err != nil {
		return turn.Content{}, err
	}
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return turn.Content{}, fmt.Errorf("library: version %s: %w", version, err)
	}
	content, err := l.load(files)
	if err != nil {
		return turn.Content{}, fmt.Errorf("%w: this program cannot use version %s: %w", supportbot.ErrInvalid, version, err)
	}
	return content, nil
}

// Versions lists all versions, the newest first.
func (l *Library) Versions(ctx context.Context) ([]supportbot.ContentVersion, error) {
	return l.store.ContentVersions(ctx)
}

// Publish puts a version in force for conversations that begin from now on, in
// the name of an agent. A version that this program cannot load is ErrInvalid.
func (l *Library) Publish(ctx context.Context, version, by string) error {
	if _, err := l.Version(ctx, version); err != nil {
		return err
	}
	if err := l.store.PublishContent(ctx, version, by, time.Now()); err != nil {
		return err
	}
	l.log.Info("content published", "version", version, "agent", by)
	return l.Refresh(ctx)
}

// Retire takes a version out of use in the name of an agent.
func (l *Library) Retire(ctx context.Context, version, by string) error {
	if err := l.store.RetireContent(ctx, version); err != nil {
		return err
	}
	l.log.Info("content retired", "version", version, "agent", by)
	return l.Refresh(ctx)
}

// Retirement tells how many open conversations of a version would go on at
// their step if it were retired now, and how many would begin their flow again.
func (l *Library) Retirement(ctx context.Context, version string) (goOn, again int, err error) {
	if _, err := l.store.ContentFiles(ctx, version); err != nil {
		return 0, 0, err
	}
	sessions, err := l.store.OpenSessions(ctx, version)
	if err != nil {
		return 0, 0, err
	}
	book := l.For(ctx, "").Book
	for _, data := range sessions {
		var s dialog.Session
		if err := json.Unmarshal(data, &s); err != nil {
			return 0, 0, fmt.Errorf("library: read a session of version %s: %w", version, err)
		}
		if dialog.Stands(book, s) {
			goOn++
		} else {
			again++
		}
	}
	return goOn, again, nil
}

// Refresh takes over what was published and retired, also by other processes.
func (l *Library) Refresh(ctx context.Context) error {
	versions, err := l.store.ContentVersions(ctx)
	if err != nil {
		return err
	}
	retired, open := map[string]bool{}, map[string]int{}
	var current turn.Content
	for _, v := range versions {
		retired[v.ID], open[v.ID] = v.Retired, v.Open
		if v.Current {
			if current, err = l.Version(ctx, v.ID); err != nil {
				return err
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.retired = retired
	if before := l.current.Book; current.Book != nil && before != current.Book {
		if before != nil {
			l.loaded[before.Version] = l.current
		}
		l.current = current
		delete(l.loaded, current.Book.Version)
		l.log.Info("content in force", "version", current.Book.Version)
	}
	for id := range l.loaded {
		if open[id] == 0 {
			delete(l.loaded, id)
		}
	}
	return nil
}
