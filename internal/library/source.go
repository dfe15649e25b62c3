package library

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
)

// Source is where new versions come from.
type Source struct {
	Name    string                // "built in", or a folder
	Load    Load                  // refuses what may not be put in force
	Open    func() (fs.FS, error) // the content as it is now
	Print   func() string         // another string when the content may have changed; nil: it never does
	Publish bool                  // put a change in force at once, instead of waiting for an agent to do so
}

// followEvery is how often a source, and what others published, is looked at. A
// change counts once it has rested for as long.
const followEvery = 2 * time.Second

// Start puts a version in force to begin with: that which was, or what the source
// holds now, if it publishes by itself or was not the last source. What an agent
// has put in force stays so until the source changes. While the source, or the
// version in force, cannot be used, problem tells why, and the newest version
// that can be used serves. The error is ErrNotFound if there is none at all.
func (l *Library) Start(ctx context.Context, source Source) (problem, err error) {
	l.done = source.print()
	taken, problem, err := l.take(ctx, source, true)
	if err != nil {
		return problem, err
	}
	if problem != nil {
		l.complain(source, problem)
	}
	if err := l.Refresh(ctx); err != nil {
		return problem, err
	}
	if l.current.Book == nil {
		if problem == nil {
			problem = fmt.Errorf("the version in force cannot be used by this program; publish another one")
		}
		return problem, l.fallBack(ctx, source, taken)
	}
	return problem, nil
}

// fallBack serves what was taken from the source, or the newest version that can
// be loaded, without putting it in force for others.
func (l *Library) fallBack(ctx context.Context, source Source, taken turn.Content) error {
	if taken.Book != nil {
		l.use(taken)
		return nil
	}
	versions, err := l.store.ContentVersions(ctx)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if content, err := l.Version(ctx, v.ID); err == nil {
			l.use(content)
			return nil
		}
	}
	return fmt.Errorf("library: %s holds no usable content and no version is kept: %w", source.Name, supportbot.ErrNotFound)
}

// Follow looks after the source with which the library was started until ctx
// ends. warn is told what is wrong with it, and "" once it is well.
func (l *Library) Follow(ctx context.Context, source Source, warn func(string)) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	resting := l.done
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		now := source.print()
		if now != l.done && now == resting {
			_, problem, err := l.take(ctx, source, source.Publish)
			switch {
			case err != nil && ctx.Err() == nil:
				l.log.Error("content could not be taken over, will try again", "error", err)
			case problem != nil:
				l.done = now
				l.complain(source, problem)
				warn(Warning(source, problem))
			case err == nil:
				l.done = now
				warn("")
			}
		}
		resting = now
		l.refresh(ctx)
	}
}

func (s Source) print() string {
	if s.Print == nil {
		return ""
	}
	return s.Print()
}

// take keeps what a source holds now as a version, and puts it in force if that
// is wished and it is something new. A problem is the content's, an error the
// store's.
func (l *Library) take(ctx context.Context, source Source, publish bool) (content turn.Content, problem, err error) {
	content, added, problem, err := l.keep(ctx, source)
	if problem != nil || err != nil {
		return content, problem, err
	}
	id := content.Book.Version
	before, lastSource, err := l.store.SeenContent(ctx, source.Name, id, time.Now())
	if err != nil {
		return content, nil, err
	}
	current, _, err := l.store.ContentState(ctx)
	switch {
	case err != nil:
		return content, nil, err
	case current == id:
	case publish && (current == "" || lastSource != source.Name || (source.Publish || source.Print == nil) && id != before):
		return content, nil, l.store.PublishContent(ctx, id, "", time.Now())
	case added:
		l.log.Info("a new version of the content can be published on the console", "version", id)
	}
	return content, nil, nil
}

// Try runs on what a source holds now, in this process only. It is kept, so that
// the conversations that begin on it go on in other processes.
func (l *Library) Try(ctx context.Context, source Source) error {
	content, _, problem, err := l.keep(ctx, source)
	if err := errors.Join(problem, err); err != nil {
		return err
	}
	l.use(content)
	return nil
}

// keep keeps what a source holds now, and tells whether that is new.
func (l *Library) keep(ctx context.Context, source Source) (content turn.Content, added bool, problem, err error) {
	files, problem := source.Open()
	if problem != nil {
		return content, false, problem, nil
	}
	archive, problem := pack(files)
	if problem != nil {
		return content, false, problem, nil
	}
	// What is proved is what is kept, whatever is saved in between.
	if content, problem = unpack(archive, source.Load); problem != nil {
		return turn.Content{}, false, problem, nil
	}
	flows, topics := content.Book.Counts()
	v := supportbot.ContentVersion{ID: content.Book.Version, AddedAt: time.Now(), Source: source.Name, Flows: flows, Topics: topics}
	if added, err = l.store.AddContent(ctx, v, archive); err != nil {
		return content, false, nil, err
	}
	if _, ok := l.inMemory(v.ID); !ok {
		l.remember(content)
	}
	return content, added, nil, nil
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
