package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"supportbot/handoff"
	"supportbot/internal/store"
)

type agentTokenCmd struct {
	Name    string   `arg:"" help:"The agent."`
	Expires lifetime `help:"How long it is worth something, such as 90d, or never." default:"90d" placeholder:"90d|never"`
}

// lifetime is how long a token is worth something: whole days, 0 for ever.
type lifetime days

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *lifetime) UnmarshalText(text []byte) error {
	if string(text) == "never" {
		*l = 0
		return nil
	}
	err := (*days)(l).UnmarshalText(text)
	if err != nil || *l == 0 {
		return fmt.Errorf("%q is neither a number of days, such as 90d, nor never", text)
	}
	return nil
}

// Run makes a token. Only the token goes to standard output.
func (cmd *agentTokenCmd) Run(ctx context.Context, c *cli) error {
	var ends time.Time
	if cmd.Expires > 0 {
		ends = time.Now().AddDate(0, 0, int(cmd.Expires))
	}
	return c.onExisting(ctx, func(s *store.Store) error {
		token, sum := handoff.NewToken()
		if err := s.AddToken(ctx, cmd.Name, sum, ends); err != nil {
			return noAgent(cmd.Name, err)
		}
		if ends.IsZero() {
			fmt.Fprintln(os.Stderr, "warning: this token never ends; whoever finds it is let in until it is revoked: supportbot agent revoke")
		} else {
			fmt.Fprintf(os.Stderr, "it ends on %s\n", ends.Format(time.DateOnly))
		}
		fmt.Println(token)
		return nil
	})
}

type agentTokensCmd struct {
	Name string `arg:"" optional:"" help:"The agent; without a name, of all."`
}

// Run lists tokens.
func (cmd *agentTokensCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		tokens, err := s.Tokens(ctx, cmd.Name)
		for _, t := range tokens {
			used := "never used"
			if !t.UsedAt.IsZero() {
				used = "used " + t.UsedAt.Format(time.RFC3339)
			}
			fmt.Printf("%s\t%s\tmade %s\t%s\t%s\n", t.ID, t.Agent, t.MadeAt.Format(time.RFC3339), ending(t.EndsAt), used)
		}
		return err
	})
}

// ending says when a token ends, or has.
func ending(at time.Time) string {
	switch {
	case at.IsZero():
		return "never ends"
	case at.Before(time.Now()):
		return "ended " + at.Format(time.RFC3339)
	}
	return "ends " + at.Format(time.RFC3339)
}

type agentRevokeCmd struct {
	ID string `arg:"" help:"The token's id, as agent tokens lists it."`
}

// Run revokes a token.
func (cmd *agentRevokeCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		return told(s.RevokeToken(ctx, cmd.ID), "token %s is worth nothing any more", cmd.ID)
	})
}

type agentTOTPResetCmd struct {
	Name string `arg:"" help:"The agent."`
}

// Run takes the second factor away.
func (cmd *agentTOTPResetCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		return told(noAgent(cmd.Name, s.ResetTOTP(ctx, cmd.Name)), "%s logs in without a second factor now, and is logged out everywhere", cmd.Name)
	})
}
