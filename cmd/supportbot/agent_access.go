package main

import (
	"context"
	"fmt"
	"time"

	"supportbot/handoff"
	"supportbot/internal/store"
)

type agentTokenCmd struct {
	Name string `arg:"" help:"The agent."`
}

// Run makes a token.
func (cmd *agentTokenCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		token, sum := handoff.NewToken()
		return told(noAgent(cmd.Name, s.AddToken(ctx, cmd.Name, sum)), "%s", token)
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
			fmt.Printf("%s\t%s\tmade %s\t%s\n", t.ID, t.Agent, t.MadeAt.Format(time.RFC3339), used)
		}
		return err
	})
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
