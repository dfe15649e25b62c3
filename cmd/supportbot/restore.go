package main

import (
	"context"
	"fmt"
	"path/filepath"

	"supportbot"
	"supportbot/internal/store"
)

type restoreCmd struct {
	File  string `arg:"" help:"What supportbot backup has written."`
	Force bool   `help:"Replace what is in the database, after that is put into a file."`
}

// Run puts a backup back.
func (cmd *restoreCmd) Run(ctx context.Context, c *cli) error {
	place, err := c.place()
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	done, err := store.Restore(ctx, cmd.File, place, c.key(), cmd.Force, showProgress())
	if err != nil {
		return err
	}
	fmt.Printf("restored %s\n", summary(done.Summary))
	if done.Aside != "" {
		fmt.Printf("what was there before is in %s\n", done.Aside)
	}
	fmt.Println("agents must log in again")
	if err := c.auditAt(ctx, place, supportbot.Audited{Action: supportbot.Restored, Subject: filepath.Base(cmd.File)}); err != nil {
		return fmt.Errorf("it is restored, but that stands in no audit log: %w", err)
	}
	return nil
}
