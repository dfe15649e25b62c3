package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"supportbot/handoff"
)

type agentCmd struct {
	Add   agentAddCmd   `cmd:"" help:"Add an agent. The password is asked for, or made and printed where there is no terminal."`
	Token agentTokenCmd `cmd:"" help:"Make an API token for an agent; it is the last line on standard output."`
}

type agentAddCmd struct {
	Name string `arg:"" help:"The name to log in with; merchants see it."`
	Role string `help:"What the agent may do." enum:"agent,supervisor,admin" default:"agent"`
}

// Run adds an agent.
func (cmd *agentAddCmd) Run(ctx context.Context, c *cli) error {
	if strings.TrimSpace(cmd.Name) != cmd.Name || cmd.Name == "" || len(cmd.Name) > maxName {
		return fmt.Errorf("agent add: a name has 1 to %d bytes and no space around it", maxName)
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

// maxName is the longest name of an agent, in bytes; merchants see it.
const maxName = 60

// minPassword follows NIST SP 800-63B, which asks for 8 characters at least and
// for no other rule.
const minPassword = 8

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
	if len(typed) < minPassword {
		return "", false, errors.New("a password has at least 8 characters")
	}
	return string(typed), false, nil
}

type agentTokenCmd struct {
	Name string `arg:"" help:"The agent."`
}

// Run makes a token.
func (cmd *agentTokenCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.Agent(ctx, cmd.Name); err != nil {
		return fmt.Errorf("agent %s: %w; add it first: supportbot agent add %s", cmd.Name, err, cmd.Name)
	}
	token, sum := handoff.NewToken()
	if err := s.AddToken(ctx, cmd.Name, sum); err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}
