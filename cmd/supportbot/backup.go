package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"supportbot"
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
	if err := c.auditBackup(ctx, place, cmd.File, sum); err != nil {
		fmt.Fprintf(os.Stderr, "warning: this backup stands in no audit log: %v\n", err)
	}
	return nil
}

// auditBackup adds a backup to the audit log. It neither brings the schema up to
// date nor makes a key: a backup is made before that, and also where no key is.
func (c *cli) auditBackup(ctx context.Context, place, file string, sum store.Summary) error {
	if sum.Schema != store.NewestSchema() {
		return fmt.Errorf("the schema is version %d, and this program's is %d", sum.Schema, store.NewestSchema())
	}
	if _, err := c.key().Load(); err != nil {
		return err
	}
	return c.auditAt(ctx, place, supportbot.Audited{Action: supportbot.BackedUp, Subject: filepath.Base(file)})
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
