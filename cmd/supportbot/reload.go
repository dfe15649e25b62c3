package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"supportbot/internal/turn"
	kbcontent "supportbot/kb-content"
)

// liveGuide is the content of a running server. A folder is watched; while it
// is broken, the last good version stays in force.
type liveGuide struct {
	dir     string // "": what is built in
	kept    string // where the last good version of dir is kept
	log     *slog.Logger
	content turn.Content
	notice  string
	print   string // what dir looked like when it was read last
}

// watchEvery is how often a content folder is looked at.
const watchEvery = 2 * time.Second

// openGuide loads the content to begin with: the folder, else the last good
// version of it, else what is built in. A folder that is not there, and never
// was, is a mistake in the settings.
func openGuide(dir, data string, log *slog.Logger) (*liveGuide, error) {
	g := &liveGuide{dir: dir, kept: filepath.Join(data, "content-last-good"), log: log}
	if dir == "" {
		var err error
		g.content, _, err = loadContent(kbcontent.FS)
		return g, err
	}
	err := g.read()
	if err == nil {
		return g, nil
	}
	g.complain(err)
	if g.content, _, err = loadContent(os.DirFS(g.kept)); err == nil {
		g.log.Warn("serving the last good version of the content", "version", g.content.Book.Version)
		return g, nil
	}
	if _, missing := os.Stat(dir); missing != nil {
		return nil, fmt.Errorf("content: %w", missing)
	}
	if g.content, _, err = loadContent(kbcontent.FS); err == nil {
		g.log.Warn("serving the content built in, since there is no good version of the folder yet")
	}
	return g, err
}

// read loads the folder and keeps a copy of it if it is good.
func (g *liveGuide) read() error {
	g.print = fingerprint(g.dir)
	content, err := folder(g.dir)
	if err != nil {
		return err
	}
	loaded, _, err := loadContent(content)
	if err != nil {
		return err
	}
	g.content, g.notice = loaded, ""
	if err := g.keep(content); err != nil {
		g.log.Error("the good content is in force, but no copy could be kept", "error", err)
	}
	return nil
}

// keep replaces the copy of the last good version. The old one stays until the
// new one is complete.
func (g *liveGuide) keep(content fs.FS) error {
	fresh, old := g.kept+".new", g.kept+".old"
	for _, dir := range []string{fresh, old} {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := copyFiles(fresh, content); err != nil {
		return err
	}
	if err := os.Rename(g.kept, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, g.kept); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// copyFiles copies what files hold: a link is followed, since it may lead
// nowhere from another place.
func copyFiles(to string, content fs.FS) error {
	return fs.WalkDir(content, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		data, err := fs.ReadFile(content, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), data, 0o600)
	})
}

// maxLogged is how many problems of one content folder are logged; supportbot
// check shows all.
const maxLogged = 20

func (g *liveGuide) complain(err error) {
	g.notice = "The content folder " + g.dir + " cannot be used; the last good version stays in force.\n" + err.Error()
	problems := strings.Split(err.Error(), "\n")
	for _, problem := range problems[:min(len(problems), maxLogged)] {
		g.log.Error("content cannot be used", "folder", g.dir, "problem", problem)
	}
	if more := len(problems) - maxLogged; more > 0 {
		g.log.Error("content cannot be used", "folder", g.dir, "more_problems", more)
	}
}

// watch reads the folder again whenever it has changed, until ctx ends.
func (g *liveGuide) watch(ctx context.Context, path *turn.Path) {
	if g.dir == "" {
		return
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if fingerprint(g.dir) == g.print {
			continue
		}
		if err := g.read(); err != nil {
			g.complain(err)
			path.Warn(g.notice)
			continue
		}
		path.Use(g.content, "")
		g.log.Info("new content in force", "version", g.content.Book.Version)
	}
}

// fingerprint tells a changed folder from an unchanged one by names, sizes and
// times, without reading the files.
func fingerprint(dir string) string {
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(sum, file, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	return fmt.Sprintf("%x %v", sum.Sum(nil), err)
}
