package main

import (
	"context"
	"fmt"

	"supportbot/internal/store"
)

type backupCmd struct {
	File  string `arg:"" help:"The file to write: a SQLite database, whichever database it is a copy of."`
	Force bool   `help:"Replace the file if it is there."`
}

// Run makes a backup.
func (cmd *backupCmd) Run(ctx context.Context, c *cli) error {
	place, err := c.existing()
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	sum, err := store.Backup(ctx, place, cmd.File, cmd.Force, showProgress())
	if err != nil {
		return err
	}
	fmt.Printf("%s holds %s\n", cmd.File, summary(sum))
	return nil
}

// summary says what a backup holds.
func summary(s store.Summary) string {
	noun := "conversations"
	if s.Conversations == 1 {
		noun = "conversation"
	}
	return fmt.Sprintf("%d %s in %s, schema %d, checked", s.Conversations, noun, size(s.Bytes), s.Schema)
}

// size is a number of bytes for people.
func size(bytes int64) string {
	const kilo = 1000
	units, n := []string{"kB", "MB", "GB", "TB"}, float64(bytes)/kilo
	for len(units) > 1 && n >= kilo {
		units, n = units[1:], n/kilo
	}
	return fmt.Sprintf("%.1f %s", n, units[0])
}
