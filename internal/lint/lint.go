// Package lint finds what is wrong with content that loads: facts that nobody
// teaches, topics that no button leads to, texts too long for a channel, words
// that the glossary does not know, advice that asks for a secret. Each finding
// names its place and what to do about it.
package lint

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/kb"
)

// Check looks through content. files are what base and book were loaded from,
// and today is the day against which dates of review are held: the zero time for
// none, where a wrong clock must not keep good content out. The error is of type
// dialog.Problems.
func Check(files fs.FS, base *kb.Base, book *dialog.Book, today time.Time) error {
	c := &checker{base: base, book: book, today: today, wrong: wrongWords(base.Glossary)}
	c.flows()
	c.coverage()
	c.reach()
	if err := c.numbers(files); err != nil {
		return fmt.Errorf("lint: read the content: %w", err)
	}
	c.articles()
	for _, p := range c.passages() {
		c.reading(p)
		c.phone(p)
		c.messages(p)
		c.choices(p)
		c.language(p)
		c.links(p)
		c.glossary(p)
	}
	c.names()
	return c.found()
}

type checker struct {
	base     *kb.Base
	book     *dialog.Book
	today    time.Time
	wrong    map[supportbot.Language][]wrongWord
	problems dialog.Problems
}

func (c *checker) add(file string, line int, format string, args ...any) {
	c.problems = append(c.problems, dialog.Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// found returns the problems in the order of files, each once: what a flow says
// at every question stands in one place.
func (c *checker) found() error {
	slices.SortFunc(c.problems, func(a, b dialog.Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, strings.Compare(a.Text, b.Text))
	})
	if problems := slices.Compact(c.problems); len(problems) > 0 {
		return problems
	}
	return nil
}
