// Package library keeps the content in versions. A version is put in force as a
// whole; a conversation stays on the version on which its open flows began.
package library

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/authoring"
	"supportbot/internal/turn"
)

// Store keeps versions; see internal/store/storetest.
type Store interface {
	AddContent(ctx context.Context, v supportbot.ContentVersion, archive []byte) (added bool, err error)
	SeenContent(ctx context.Context, source, version string, at time.Time) (before, lastSource string, err error)
	ContentFiles(ctx context.Context, id string) ([]byte, error)
	ContentVersions(ctx context.Context) ([]supportbot.ContentVersion, error)
	ContentState(ctx context.Context) (current string, retired []string, err error)
	PublishContent(ctx context.Context, id, by string, at time.Time) error
	RetireContent(ctx context.Context, id, by string) error
	OpenSessions(ctx context.Context, version string) ([]json.RawMessage, error)
}

// Load reads a version of the content.
type Load func(fs.FS) (turn.Content, error)

// Library is the versions in use. It is safe for concurrent use.
type Library struct {
	store Store
	load  Load
	log   *slog.Logger
	done  string // what the source looked like when it was taken over; see Follow

	mu      sync.RWMutex
	current turn.Content
	recent  []turn.Content  // other versions in memory, the last used first
	broken  map[string]bool // versions that this program cannot load
	retired []string
	loading sync.Mutex // one version at a time
}

// maxRecent is how many versions beside the one in force are kept in memory; one
// takes some 16 MB.
const maxRecent = 5

// New makes a library; load reads versions that were good when they were kept. It
// can be used once Start or Refresh has put a version in force.
func New(store Store, load Load, log *slog.Logger) *Library {
	return &Library{store: store, load: load, log: log, broken: map[string]bool{}}
}

// For implements turn.Library. The error is one of the store's.
func (l *Library) For(ctx context.Context, version string) (turn.Content, error) {
	l.mu.RLock()
	current, gone := l.current, slices.Contains(l.retired, version) || l.broken[version]
	l.mu.RUnlock()
	if version == "" || gone {
		return current, nil
	}
	content, err := l.Version(ctx, version)
	if errors.Is(err, supportbot.ErrInvalid) || errors.Is(err, supportbot.ErrNotFound) {
		l.log.Error("a version of the content cannot be loaded; its conversations go on with the one in force", "version", version, "error", err)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.broken[version] = true
		return l.current, nil
	}
	return content, err
}

// InForce returns the version in force.
func (l *Library) InForce() turn.Content {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.current
}

// Version returns one version, also one that was retired: ErrNotFound if there
// is none, ErrInvalid if this program cannot load it.
func (l *Library) Version(ctx context.Context, version string) (turn.Content, error) {
	if content, ok := l.inMemory(version); ok {
		return content, nil
	}
	l.loading.Lock()
	defer l.loading.Unlock()
	if content, ok := l.inMemory(version); ok { // loaded while this one waited
		return content, nil
	}
	archive, err := l.store.ContentFiles(ctx, version)
	if err != nil {
		return turn.Content{}, err
	}
	content, err := unpack(archive, l.load)
	if err == nil && content.Book.Version != version {
		err = fmt.Errorf("its files make version %s", content.Book.Version)
	}
	if err != nil {
		return turn.Content{}, fmt.Errorf("%w: this program cannot use version %s: %w", supportbot.ErrInvalid, version, err)
	}
	l.remember(content)
	return content, nil
}

func unpack(archive []byte, load Load) (turn.Content, error) {
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return turn.Content{}, err
	}
	if err := authoring.Bounded(files); err != nil {
		return turn.Content{}, err
	}
	return load(files)
}

func (l *Library) inMemory(version string) (turn.Content, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, content := range append([]turn.Content{l.current}, l.recent...) {
		if content.Book != nil && content.Book.Version == version {
			return content, true
		}
	}
	return turn.Content{}, false
}

// remember keeps a version in memory, in place of the one that was loaded first.
func (l *Library) remember(content turn.Content) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.broken, content.Book.Version)
	l.recent = slices.Insert(l.recent, 0, content)
	l.recent = l.recent[:min(len(l.recent), maxRecent)]
}

// Versions lists all versions, the newest first.
func (l *Library) Versions(ctx context.Context) ([]supportbot.ContentVersion, error) {
	return l.store.ContentVersions(ctx)
}

// Publish puts a version in force for flows that begin from now on, in the name
// of an agent.
func (l *Library) Publish(ctx context.Context, version, by string) error {
	if _, err := l.Version(ctx, version); err != nil {
		return err
	}
	if err := l.store.PublishContent(ctx, version, by, time.Now()); err != nil {
		return err
	}
	l.log.Info("content published", "version", version, "agent", by)
	l.refresh(ctx)
	return nil
}

// Retire takes a version out of use in the name of an agent.
func (l *Library) Retire(ctx context.Context, version, by string) error {
	if err := l.store.RetireContent(ctx, version, by); err != nil {
		return err
	}
	l.log.Info("content retired", "version", version, "agent", by)
	l.refresh(ctx)
	return nil
}

// refresh is Refresh where it is done again soon anyway.
func (l *Library) refresh(ctx context.Context) {
	if err := l.Refresh(ctx); err != nil && ctx.Err() == nil {
		l.log.Error("content versions, will try again", "error", err)
	}
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
	current := l.InForce()
	for _, data := range sessions {
		var s dialog.Session
		if err := json.Unmarshal(data, &s); err != nil {
			return 0, 0, fmt.Errorf("library: read a session of version %s: %w", version, err)
		}
		if dialog.Stands(current.Book, s) {
			goOn++
		} else {
			again++
		}
	}
	return goOn, again, nil
}

// Refresh takes over what was published and retired, also by other processes. A
// version in force that this program cannot load stays out.
func (l *Library) Refresh(ctx context.Context) error {
	id, retired, err := l.store.ContentState(ctx)
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.retired = retired
	known := id == "" || l.broken[id] || l.current.Book != nil && l.current.Book.Version == id
	l.mu.Unlock()
	if known {
		return nil
	}
	content, err := l.Version(ctx, id)
	if errors.Is(err, supportbot.ErrInvalid) || errors.Is(err, supportbot.ErrNotFound) {
		l.log.Error("the version in force cannot be loaded; publish another one", "version", id, "error", err)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.broken[id] = true
		return nil
	}
	if err != nil {
		return err
	}
	l.use(content)
	return nil
}

// use puts a version in force in this process.
func (l *Library) use(content turn.Content) {
	l.mu.Lock()
	before := l.current
	l.current = content
	l.recent = slices.DeleteFunc(l.recent, func(c turn.Content) bool { return c.Book == content.Book })
	l.mu.Unlock()
	if before.Book != nil {
		l.remember(before) // conversations are on it
	}
	l.log.Info("content in force", "version", content.Book.Version)
}
