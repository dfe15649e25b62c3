package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"unicode/utf8"

	"golang.org/x/term"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/store"
)

type agentCmd struct {
	Add       agentAddCmd       `cmd:"" help:"Add an agent. The password is asked for, or made and printed where there is no terminal."`
	List      agentListCmd      `cmd:"" help:"List the agents with their roles."`
	Password  agentPasswordCmd  `cmd:"" help:"Give an agent a new password, asked for or made as with add; it ends the agent's sessions."`
	Role      agentRoleCmd      `cmd:"" help:"Give an agent another role; it ends the agent's sessions."`
	Email     agentEmailCmd     `cmd:"" help:"Let an agent come by the company's log-in, known by an e-mail address; it ends the agent's sessions."`
	Phone     agentPhoneCmd     `cmd:"" help:"Set the telephone at which an agent is called for callers."`
	Remove    agentRemoveCmd    `cmd:"" help:"Remove an agent; cases that the agent has go back to the queue."`
	Token     agentTokenCmd     `cmd:"" help:"Make an API token for an agent; it is the last line on standard output."`
	Tokens    agentTokensCmd    `cmd:"" help:"List API tokens by their ids, and when they were last used."`
	Revoke    agentRevokeCmd    `cmd:"" help:"End an API token."`
	TOTPReset agentTOTPResetCmd `cmd:"" name:"totp-reset" help:"Take the second factor from an agent who has lost it; it ends the agent's sessions."`
}

type agentAddCmd struct {
	Name string `arg:"" help:"The name to log in with; merchants see it."`
	Role string `help:"What the agent may do." enum:"agent,supervisor,admin" default:"agent"`
}

// Run adds an agent.
func (cmd *agentAddCmd) Run(ctx context.Context, c *cli) error {
	if err := handoff.ValidName(cmd.Name); err != nil {
		return fmt.Errorf("agent add: %w", err)
	}
	s, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	password, made, err := newPassword()
	if err != nil {
		return err
	}
	agent := handoff.Agent{Name: cmd.Name, Role: handoff.Role(cmd.Role), Password: handoff.HashPassword(password)}
	if err := s.AddAgent(ctx, agent); err != nil {
		return err
	}
	fmt.Printf("added %s as %s\n", cmd.Name, cmd.Role)
	if made {
		fmt.Printf("password: %s\n", password)
	}
	return nil
}

type agentListCmd struct{}

// Run lists agents.
func (agentListCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		agents, err := s.Agents(ctx)
		for _, a := range agents {
			factor := "no second factor"
			if a.TOTP != "" {
				factor = "second factor"
			}
			if a.Disabled {
				factor += ", disabled"
			}
			by := map[handoff.SignIn]string{"": "password", handoff.SignInAwaited: "company log-in awaited", handoff.SignInBound: "company log-in"}[a.SignIn]
			fmt.Printf("%s\t%s\t%s\t%s\n", a.Name, a.Role, factor, by)
		}
		return err
	})
}

type agentPasswordCmd struct {
	Name string `arg:"" help:"The agent."`
}

// Run replaces a password.
func (cmd *agentPasswordCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		if _, err := s.Agent(ctx, cmd.Name); err != nil {
			return noAgent(cmd.Name, err) // before anybody is asked
		}
		password, made, err := newPassword()
		if err != nil {
			return err
		}
		if err := s.SetPassword(ctx, cmd.Name, handoff.HashPassword(password), ""); err != nil {
			return noAgent(cmd.Name, err)
		}
		fmt.Printf("%s has a new password, and is logged out everywhere\n", cmd.Name)
		if made {
			fmt.Printf("password: %s\n", password)
		}
		return nil
	})
}

type agentRoleCmd struct {
	Name string `arg:"" help:"The agent."`
	Role string `arg:"" help:"What the agent may do." enum:"agent,supervisor,admin"`
}

// Run changes a role.
func (cmd *agentRoleCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		return told(noAgent(cmd.Name, s.SetRole(ctx, cmd.Name, handoff.Role(cmd.Role), "")), "%s is %s now, and is logged out everywhere", cmd.Name, cmd.Role)
	})
}

type agentRemoveCmd struct {
	Name string `arg:"" help:"The agent."`
}

// Run removes an agent.
func (cmd *agentRemoveCmd) Run(ctx context.Context, c *cli) error {
	return c.onExisting(ctx, func(s *store.Store) error {
		return told(noAgent(cmd.Name, s.RemoveAgent(ctx, cmd.Name, "")), "%s is removed", cmd.Name)
	})
}

// onExisting runs f on a database that is there.
func (c *cli) onExisting(ctx context.Context, f func(*store.Store) error) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	return f(s)
}

// noAgent says what to do about an agent who is not there.
func noAgent(name string, err error) error {
	if errors.Is(err, supportbot.ErrNotFound) {
		return fmt.Errorf("there is no agent %s; see supportbot agent list, or add one: supportbot agent add %s", name, name)
	}
	return err
}

// told prints what was done, unless it failed.
func told(err error, format string, args ...any) error {
	if err == nil {
		fmt.Printf(format+"\n", args...)
	}
	return err
}

// newPassword asks for a password, or makes one where nobody can be asked.
func newPassword() (password string, made bool, err error) {
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		return rand.Text(), true, nil
	}
	fmt.Fprint(os.Stderr, "Password: ")
	typed, err := term.ReadPassword(in)
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", false, fmt.Errorf("read password: %w", err)
	}
	if utf8.RuneCount(typed) < handoff.MinPassword {
		return "", false, errors.New("a password has at least 8 characters")
	}
	return string(typed), false, nil
}
