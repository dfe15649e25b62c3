package main

import (
	"context"
	"fmt"
	"os"

	"supportbot/internal/explore"
)

type exploreCmd struct {
	Seed   uint64 `help:"Where chance begins; the same seed walks the same ways." default:"1"`
	Events int    `help:"How many turns to play." default:"100000" placeholder:"N"`
	Flow   string `help:"Walk only this flow, and count nothing else." placeholder:"NAME"`
	Save   string `help:"Keep the first finding as a transcript, for supportbot test." placeholder:"FILE" type:"path"`
}

// Run walks over the content at random; see package explore.
func (cmd *exploreCmd) Run(ctx context.Context, c *cli) error {
	files, err := folder(c.Content)
	if err != nil {
		return err
	}
	content, base, err := c.open()
	if err != nil {
		return fmt.Errorf("the content cannot be used:\n%w", err)
	}
	explorer, err := explore.New(files, content, base)
	if err != nil {
		return err
	}
	if cmd.Flow != "" {
		if err := explorer.Only(cmd.Flow); err != nil {
			return err
		}
	}
	report := explorer.Explore(ctx, cmd.Seed, cmd.Events)
	report.Write(os.Stdout)
	if len(report.Findings) == 0 {
		return nil
	}
	if cmd.Save != "" {
		if _, err := report.Findings[0].Walk.Save(cmd.Save); err != nil {
			return err
		}
	}
	return fmt.Errorf("explore: %d findings", len(report.Findings))
}
