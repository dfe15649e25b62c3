package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"supportbot/internal/store"
)

// progressEvery is how often a table that takes long is spoken of.
const progressEvery = 2 * time.Second

// showProgress tells on standard error how a copy goes: in one line that changes
// on a terminal, else in a line a table, and more where a table takes long.
func showProgress() store.Watch {
	terminal := term.IsTerminal(int(os.Stderr.Fd()))
	last := time.Now()
	return func(table string, done, of int64) {
		if !terminal && done < of && time.Since(last) < progressEvery {
			return
		}
		last = time.Now()
		text := fmt.Sprintf("%s: %d of %d rows", table, done, of)
		switch {
		case !terminal:
			fmt.Fprintln(os.Stderr, text)
		case done < of:
			fmt.Fprintf(os.Stderr, "\r\033[K%s", text)
		default:
			fmt.Fprintf(os.Stderr, "\r\033[K%s\n", text)
		}
	}
}
