package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
	"supportbot/internal/authoring"
	"supportbot/internal/lint"
	"supportbot/internal/turn"
	"supportbot/kb"
	kbcontent "supportbot/kb-content"
)

// folder is the content to use: dir, or what is built in.
func folder(dir string) (fs.FS, error) {
	if dir == "" {
		return kbcontent.FS, nil
	}
	return authoring.Folder(dir)
}

// loadContent reads, proves and lints content that is to be put in force. The
// error holds all problems that were found.
func loadContent(content fs.FS, train training) (turn.Content, *kb.Base, error) {
	loaded, base, err := proveContent(content, train)
	if err == nil {
		err = lint.Check(content, base, loaded.Book, time.Time{})
	}
	if err != nil {
		return turn.Content{}, nil, err
	}
	return loaded, base, nil
}

// proveContent reads and proves content: the guide and its flows. That is enough
// to try out what is not finished yet, and for a version that was good when it
// was kept, though lint may be stricter now.
func proveContent(content fs.FS, train training) (turn.Content, *kb.Base, error) {
	base, book, err := loadGuide(content)
	if err != nil {
		return turn.Content{}, nil, err
	}
	checks, checksErr := handoff.LoadChecklists(content, book.Flows())
	codes, codesErr := handoff.LoadCodes(content)
	err = errors.Join(checksErr, codesErr)
	for _, t := range base.Topics {
		if _, ok := base.Article(t.ID); !ok && !book.Starts(t.ID) {
			err = errors.Join(err, fmt.Errorf("topics.yaml:%d: topic %s has neither an article nor a flow; write articles/zh/%s.md and articles/en/%s.md", t.Line, t.ID, t.ID, t.ID))
		}
	}
	if err != nil {
		return turn.Content{}, nil, err
	}
	return turn.Content{Book: book, Reader: train(base), Checks: checks, Codes: codes}, base, nil
}

// loadGuide reads the guide and its flows, with all problems of both.
func loadGuide(content fs.FS) (*kb.Base, *dialog.Book, error) {
	base, err := kb.Load(content)
	if base == nil {
		return nil, nil, err
	}
	book, bookErr := dialog.Load(content, guide(base))
	return base, book, errors.Join(err, bookErr)
}

// guide is what flows may refer to.
func guide(base *kb.Base) dialog.Guide {
	g := dialog.Guide{
		Topics:   map[string]supportbot.Text{},
		Articles: map[string]supportbot.Text{},
		Related:  map[string][]string{},
		Hotlines: base.Hotlines,
	}
	for _, t := range base.Topics {
		g.Topics[t.ID] = supportbot.Text{Written: t.Name}
		if a, ok := base.Article(t.ID); ok {
			g.Topics[t.ID] = supportbot.Text{Written: a.Title} // shorter, for buttons
			g.Articles[t.ID] = a.Text
			g.Related[t.ID] = a.Related
		}
	}
	return g
}

// open reads the content that a command tries out.
func (c *cli) open() (turn.Content, *kb.Base, error) {
	content, err := folder(c.Content)
	if err != nil {
		return turn.Content{}, nil, err
	}
	train := training(kb.NewReader)
	if c.Readers != "" { // these commands write into no folder that is not named
		train = trainedIn(c.Readers, slog.Default())
	}
	return proveContent(content, train)
}
