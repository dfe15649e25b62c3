package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"

	"supportbot"
	"supportbot/internal/authoring"
	"supportbot/internal/library"
	"supportbot/internal/store"
	"supportbot/internal/turn"
	kbcontent "supportbot/kb-content"
)

// source is where the content of a server comes from: a folder, or what is
// built in if dir is "".
func source(dir string, publish bool, train training) library.Source {
	if dir == "" {
		return library.Source{Name: "built in", Load: fitForForce(train), Open: func() (fs.FS, error) { return kbcontent.FS, nil }}
	}
	return library.Source{
		Name:    dir,
		Load:    fitForForce(train),
		Open:    func() (fs.FS, error) { return folder(dir) },
		Print:   func() string { return fingerprint(dir) },
		Publish: publish,
	}
}

// openLibrary puts the content of a server in force: the folder's, or the last
// good version while that is broken, or what is built in if there never was one.
// A folder that is not there, and never was, is a mistake in the settings.
func openLibrary(ctx context.Context, s *store.Store, from library.Source, train training, log *slog.Logger) (l *library.Library, notice string, err error) {
	l = library.New(s, kept(train), log)
	problem, err := l.Start(ctx, from)
	if problem != nil {
		notice = library.Warning(from, problem)
	}
	if errors.Is(err, supportbot.ErrNotFound) && problem != nil && !errors.Is(problem, fs.ErrNotExist) {
		log.Warn("serving the content built in, since there is no good version of the folder yet")
		_, err = l.Start(ctx, source("", false, train))
	}
	return l, notice, err
}

// fitForForce reads content that is to be put in force.
func fitForForce(train training) library.Load {
	return func(files fs.FS) (turn.Content, error) {
		content, _, err := loadContent(files, train)
		return content, err
	}
}

// kept reads content that was fit for that when it was kept.
func kept(train training) library.Load {
	return func(files fs.FS) (turn.Content, error) {
		content, _, err := proveContent(files, train)
		return content, err
	}
}

// fingerprint tells a changed folder from an unchanged one by names, sizes and
// times, without reading the files.
func fingerprint(dir string) string {
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || authoring.Litter(file) {
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
