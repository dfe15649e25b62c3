package library

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
)

// Source is where new versions come from.
type Source struct {
	Name    string                // "built in", or a folder
	Load    Load                  // refuses what may not be put in force
	Open    func() (fs.FS, error) // the content as it is now
	Print   func() string         // another string when the content may have changed; nil: it never does
	Publish bool                  // put a change in force at once, instead of waiting for an agent to do so
}

// followEvery is how often a source, and what others published, is looked at.
const followEvery = 2 * time.Second

// Start takes over what a source holds now and puts it in force, unless it was in
// force before and an agent has put another version in its place since. While
// the source is broken, the version in force stays so, and problem tells what is
// wrong. The error is ErrNotFound if there is no version at all.
func (l *Library) Start(ctx context.Context, source Source) (problem, err error) {
	if problem = l.take(ctx, source, true); problem != nil {
		l.complain(source, problem)
	}
	err = l.Refresh(ctx)
	if err == nil && l.current.Book == nil {
		err = fmt.Errorf("library: %s holds no usable content and no version is kept: %w", source.Name, supportbot.ErrNotFound)
	}
	return problem, err
}

// Follow looks after a source until ctx ends. warn is told what is wrong with it,
// and "" once it is well.
func (l *Library) Follow(ctx context.Context, source Source, warn func(string)) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	print := source.print()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if now := source.print(); now != print {
			print = now
			warn("")
			if err := l.take(ctx, source, source.Publish); err != nil {
				l.complain(source, err)
				warn(Warning(source, err))
			}
		}
		if err := l.Refresh(ctx); err != nil && ctx.Err() == nil {
			l.log.Error("content versions", "error", err)
		}
	}
}

func (s Source) print() string {
	if s.Print == nil {
		return ""
	}
	return s.Print()
}

// take keeps what a source holds now as a version. It puts it in force if that
// is wished and the source has not done so with the same version before.
func (l *Library) take(ctx context.Context, source Source, publish bool) error {
	files, err := source.Open()
	if err != nil {
		return err
	}
	content, err := source.Load(files)
	if err != nil {
		return err
	}
	archive, err := pack(files)
	if err != nil {
		return err
	}
	id := content.Book.Version
	_, bySource, err := l.store.PublishedContent(ctx)
	if err != nil {
		return err
	}
	flows, topics := content.Book.Counts()
	v := supportbot.ContentVersion{ID: id, AddedAt: time.Now(), Source: source.Name, Flows: flows, Topics: topics}
	if err := l.store.AddContent(ctx, v, archive); err != nil {
		return err
	}
	if !publish {
		l.log.Info("a new version of the content can be published on the console", "version", id)
		return nil
	}
	l.mu.Lock()
	if l.current.Book == nil || l.current.Book.Version != id {
		l.loaded[id] = content
	}
	l.mu.Unlock()
	if id == bySource {
		return nil
	}
	return l.store.PublishContent(ctx, id, "", time.Now())
}

// pack makes an archive of the files of a version.
func pack(files fs.FS) ([]byte, error) {
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	err := dialog.Files(files, func(name string, data []byte) error {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("library: pack the content: %w", err)
	}
	return archive.Bytes(), nil
}

// maxLogged is how many problems of one source are logged; supportbot check
// shows all.
const maxLogged = 20

func (l *Library) complain(source Source, err error) {
	problems := strings.Split(err.Error(), "\n")
	for _, problem := range problems[:min(len(problems), maxLogged)] {
		l.log.Error("content cannot be used", "folder", source.Name, "problem", problem)
	}
	if more := len(problems) - maxLogged; more > 0 {
		l.log.Error("content cannot be used", "folder", source.Name, "more_problems", more)
	}
}

// Warning is what those at the console are told of a broken source.
func Warning(source Source, err error) string {
	return "The content folder " + source.Name + " cannot be used; the last good version stays in force.\n" + err.Error()
}
