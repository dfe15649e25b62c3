package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"supportbot"
	"supportbot/internal/store"
)

type moveCmd struct {
	To string `help:"The empty database to move to, such as postgres://bot@db.example.com/supportbot." placeholder:"URL" required:""`
}

// Run moves a database from SQLite to PostgreSQL.
func (cmd *moveCmd) Run(ctx context.Context, c *cli) error {
	if c.Database != "" {
		return errors.New("move goes from the directory of --data to the URL of --to; leave --database and SUPPORTBOT_DATABASE away")
	}
	if !store.IsURL(cmd.To) {
		return errors.New("--to must be a URL such as postgres://bot@db.example.com/supportbot")
	}
	dir, err := c.existing()
	if err != nil {
		return fmt.Errorf("move: %w", err)
	}
	all, err := store.Move(ctx, dir, cmd.To, c.key(), showProgress())
	if shown := printCopied(all); err == nil {
		err = shown
	}
	if ctx.Err() != nil {
		return errors.New("move: interrupted; both databases are as they were, begin again at any time")
	}
	if err != nil {
		return err
	}
	fmt.Printf("moved; start every server with --database from now on, with the same key, and put %s away, which is as it was\n", dir)
	if err := c.auditAt(ctx, cmd.To, supportbot.Audited{Action: supportbot.Moved, Subject: "SQLite"}); err != nil {
		return fmt.Errorf("it is moved, but that stands in no audit log: %w", err)
	}
	return nil
}

// printCopied shows what was read of every table beside what is there now.
func printCopied(all []store.Copied) error {
	if len(all) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TABLE\tROWS IN SQLITE\tIN POSTGRESQL\tSHA-256 IN SQLITE\tIN POSTGRESQL\t")
	for _, c := range all {
		verdict := "same"
		if c.Source != c.Target {
			verdict = "DIFFERENT"
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%.8x\t%.8x\t%s\n", c.Table, c.Source.Rows, c.Target.Rows, c.Source.SHA256, c.Target.SHA256, verdict)
	}
	return w.Flush()
}
