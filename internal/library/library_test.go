package library_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/library"
	"supportbot/internal/seal"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

// shelf is a library over a real store, with a source that can be changed.
type shelf struct {
	*testing.T
	*library.Library
	store  *store.Store
	path   *turn.Path
	name   string // of the source
	errand string // the flow that changes between versions
	count  int

	publishes bool // the source, by itself
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	sh := &shelf{T: t, store: s, name: "folder", publishes: true}
	sh.writes("Which colour", "Which size")
	sh.restart()
	return sh
}

// restart opens the library anew, as another process would.
func (s *shelf) restart() error {
	s.Helper()
	s.Library = library.New(s.store, load, slog.New(slog.DiscardHandler))
	problem, err := s.Start(s.Context(), s.source())
	if err != nil {
		s.Fatal(err)
	}
	s.path = turn.New(s.store, []byte("key"), s.Library, slog.New(slog.DiscardHandler))
	return problem
}

func (s *shelf) source() library.Source {
	return library.Source{Name: s.name, Load: load, Publish: s.publishes, Print: func() string { return s.errand }, Open: func() (fs.FS, error) {
		needed, err := os.ReadFile("../../dialog/testdata/content/flows/needed.yaml")
		if err != nil {
			return nil, err
		}
		return fstest.MapFS{"flows/needed.yaml": {Data: needed}, "flows/errand.yaml": {Data: []byte(s.errand)}}, nil
	}}
}

// load reads flows only, with a reader that starts the flow that is named.
func load(content fs.FS) (turn.Content, error) {
	book, err := dialog.Load(content, dialog.Guide{Topics: map[string]supportbot.Text{"errand": {}}})
	return turn.Content{Book: book, Reader: byName{}}, err
}

type byName struct{}

func (byName) Read(text string, q supportbot.Question) supportbot.Reading {
	kind := supportbot.Command{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: text}
	if text == "errand" {
		kind = supportbot.Command{Kind: supportbot.CmdStart, Topic: text}
	}
	return supportbot.Reading{Language: supportbot.English, Commands: []supportbot.Command{kind}}
}

// writes replaces the flow by one with these two questions.
func (s *shelf) writes(first, second string) {
	s.errand = strings.NewReplacer("FIRST", first, "SECOND", second).Replace(`
flow: errand
goal: {zh: 办事, en: Errand}
start: {topics: [errand]}
slots: {a: {type: text}, b: {type: text}}
ladders: {no_match: [{end: lost}], no_input: {voice: [{end: lost}], chat: [{after: 1h, end: lost}]}}
steps:
- {ask: a, say: {zh: 一, en: FIRST}}
- {ask: b, say: {zh: 二, en: SECOND}}
- end: done
  say: {zh: 好, en: Done}
`)
}

// says sends what peer says and returns the last answer.
func (s *shelf) says(peer, text string) string {
	s.Helper()
	s.count++
	in := supportbot.Inbound{Address: supportbot.Address{Channel: supportbot.REST, Peer: peer}, ID: string(rune('a' + s.count)), Kind: supportbot.InText, Text: text}
	out, err := s.path.Handle(s.Context(), in, []byte(text))
	if err != nil || len(out.Replies) == 0 {
		s.Fatalf("%s said %q: %+v, %v", peer, text, out, err)
	}
	return out.Replies[len(out.Replies)-1].Text
}

func (s *shelf) hears(peer, text, want string) {
	s.Helper()
	if got := s.says(peer, text); got != want {
		s.Errorf("%s said %q and heard %q, want %q", peer, text, got, want)
	}
}

// current returns the version in force and the one before it.
func (s *shelf) versions() (current supportbot.ContentVersion, others []supportbot.ContentVersion) {
	s.Helper()
	all, err := s.Versions(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	for _, v := range all {
		if v.Current {
			current = v
		} else {
			others = append(others, v)
		}
	}
	return current, others
}

func TestAConversationStaysOnItsVersion(t *testing.T) {
	s := newShelf(t)
	s.hears("old", "errand", "Which colour")
	s.writes("Which brand", "Which model")
	s.restart()
	s.hears("new", "errand", "Which brand")
	s.hears("old", "red", "Which size")
	s.restart() // from the store, since the source no longer has it
	s.hears("old", "big", "Done")
	s.hears("old", "errand", "Which brand")
}

func TestWhatAnAgentPutInForceStays(t *testing.T) {
	s := newShelf(t)
	first, _ := s.versions()
	s.writes("Which brand", "Which model")
	s.restart()
	if err := s.Publish(t.Context(), first.ID, "li"); err != nil {
		t.Fatal(err)
	}
	s.hears("a", "errand", "Which colour")
	s.restart() // the folder holds what was rolled back
	s.hears("b", "errand", "Which colour")
	s.writes("Which shop", "Which town")
	s.restart() // and now something new
	s.hears("c", "errand", "Which shop")
	s.writes("Which brand", "Which model")
	s.restart() // an edit taken back counts as an edit
	s.hears("d", "errand", "Which brand")
}

func TestRetiring(t *testing.T) {
	s := newShelf(t)
	s.hears("old", "errand", "Which colour")
	first, _ := s.versions()
	if err := s.Retire(t.Context(), first.ID, "li"); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("retire what is in force: %v", err)
	}
	s.writes("Which brand", "Which model")
	s.restart()
	if _, others := s.versions(); others[0].Open != 1 {
		t.Errorf("before retiring: %+v", others)
	}
	if goOn, again, err := s.Retirement(t.Context(), first.ID); goOn != 1 || again != 0 || err != nil {
		t.Errorf("%d go on, %d begin again, %v", goOn, again, err)
	}
	if err := s.Retire(t.Context(), first.ID, "li"); err != nil {
		t.Fatal(err)
	}
	s.hears("old", "red", "Which model")
	for _, err := range []error{
		s.Retire(t.Context(), "none", "li"), s.Publish(t.Context(), "none", "li"),
		func() error { _, _, err := s.Retirement(t.Context(), "none"); return err }(),
	} {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("of a version that is not there: %v", err)
		}
	}
}

func TestABrokenSourceChangesNothing(t *testing.T) {
	s := newShelf(t)
	s.writes("{nothing}", "Which size")
	if problem := s.restart(); problem == nil || !strings.Contains(problem.Error(), "flows/errand.yaml") {
		t.Errorf("the problem is %v", problem)
	}
	s.hears("a", "errand", "Which colour")
}

func TestWithoutAnyVersion(t *testing.T) {
	s := newShelf(t)
	empty, err := store.Open(t.Context(), t.TempDir(), seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true})
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	s.writes("{nothing}", "")
	if _, err := library.New(empty, load, slog.New(slog.DiscardHandler)).Start(t.Context(), s.source()); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("started with %v", err)
	}
}

func TestAnotherProcessPublishes(t *testing.T) {
	s := newShelf(t)
	first, _ := s.versions()
	s.writes("Which brand", "Which model")
	s.restart()
	other := library.New(s.store, load, slog.New(slog.DiscardHandler))
	if err := other.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := other.Publish(t.Context(), first.ID, "li"); err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.hears("a", "errand", "Which colour")
	if got, err := s.For(t.Context(), "no such version"); err != nil || got.Book.Version != first.ID {
		t.Errorf("a version that is not there is %s, %v", got.Book.Version, err)
	}
}

func TestADraftWaitsAlsoOverARestart(t *testing.T) {
	s := newShelf(t)
	s.publishes = false
	s.writes("Which brand", "Which model")
	s.restart()
	s.hears("a", "errand", "Which colour")
	draft, _ := s.Versions(t.Context())
	if err := s.Publish(t.Context(), draft[0].ID, "li"); err != nil {
		t.Fatal(err)
	}
	s.hears("b", "errand", "Which brand")
	s.writes("Which shop", "Which town")
	s.restart()
	s.hears("c", "errand", "Which brand")
}

func TestAnotherSourceIsPutInForce(t *testing.T) {
	s := newShelf(t)
	s.publishes, s.name = false, "another folder"
	s.writes("Which brand", "Which model")
	s.restart()
	s.hears("a", "errand", "Which brand")
}

// flawed is a store whose reads fail, or whose archives are damaged.
type flawed struct {
	library.Store
	err    error
	damage func([]byte) []byte
}

func (f *flawed) ContentFiles(ctx context.Context, id string) ([]byte, error) {
	if f.err != nil {
		return nil, f.err
	}
	archive, err := f.Store.ContentFiles(ctx, id)
	if err == nil && f.damage != nil {
		archive = f.damage(archive)
	}
	return archive, err
}

func TestAReadThatFailsLosesNobodysPlace(t *testing.T) {
	s := newShelf(t)
	first, _ := s.versions()
	s.writes("Which brand", "Which model")
	s.restart()
	disk := &flawed{Store: s.store, err: errors.New("disk I/O error")}
	l := library.New(disk, load, slog.New(slog.DiscardHandler))
	disk.err = nil
	if err := l.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	disk.err = errors.New("disk I/O error")
	if _, err := l.For(t.Context(), first.ID); err == nil {
		t.Error("a version that could not be read is another one")
	}
	disk.err = nil
	if got, err := l.For(t.Context(), first.ID); err != nil || got.Book.Version != first.ID {
		t.Errorf("once it can be read: %v", err)
	}
}

func TestAServerStartsWithoutTheVersionInForce(t *testing.T) {
	s := newShelf(t)
	first, _ := s.versions()
	s.writes("Which brand", "Which model")
	s.restart()
	if err := s.Publish(t.Context(), first.ID, "li"); err != nil {
		t.Fatal(err)
	}
	disk := &flawed{Store: s.store, damage: func(b []byte) []byte { return b[:len(b)/2] }}
	l := library.New(disk, load, slog.New(slog.DiscardHandler))
	problem, err := l.Start(t.Context(), s.source())
	if err != nil || problem == nil {
		t.Fatalf("started with problem %v and error %v", problem, err)
	}
	if content, err := l.For(t.Context(), ""); err != nil || content.Book.Version == first.ID {
		t.Errorf("serves %v, %v", content.Book.Version, err)
	}
	if current, _, err := s.store.ContentState(t.Context()); err != nil || current != first.ID {
		t.Errorf("in force for others is %s, %v", current, err)
	}
}

// TestAnArchiveThatGrows: a version of a store that somebody has tampered with is
// refused before it fills the memory.
func TestAnArchiveThatGrows(t *testing.T) {
	s := newShelf(t)
	first, _ := s.versions()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("flows/errand.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 2<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	l := library.New(&flawed{Store: s.store, damage: func([]byte) []byte { return packed.Bytes() }}, load, slog.New(slog.DiscardHandler))
	if _, err := l.Version(t.Context(), first.ID); !errors.Is(err, supportbot.ErrInvalid) || !strings.Contains(err.Error(), "flows/errand.yaml has 2097152 bytes") {
		t.Errorf("%d bytes: %v", packed.Len(), err)
	}
}
