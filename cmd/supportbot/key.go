package main

import (
	"context"
	"fmt"
)

type keyCmd struct {
	Status keyStatusCmd `cmd:"" help:"Tell by which keys the database is sealed."`
	Rotate keyRotateCmd `cmd:"" help:"Put a new key in force, also while servers run. Run again, it makes another."`
	Rewrap keyRewrapCmd `cmd:"" help:"Have the key in force seal what an earlier one still seals."`
}

type keyStatusCmd struct{}

// Run shows the state of the keys.
func (keyStatusCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	state, err := s.KeyState(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d in it; the newest in force seals %d, earlier ones %d\n", c.key(), state.Keys, state.Sealed, state.Earlier)
	return nil
}

type keyRotateCmd struct {
	Prepare bool `help:"Only add the new key to the file, so that it can be brought to the other machines before it is in force."`
}

// Run rotates the key.
func (cmd *keyRotateCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if cmd.Prepare {
		if err := s.PrepareKey(ctx); err != nil {
			return err
		}
		fmt.Printf("added a key to %s; bring the file to all machines, wait a minute, and rotate\n", c.key().File)
		return nil
	}
	if err := s.RotateKey(ctx); err != nil {
		return err
	}
	fmt.Printf("a new key is in force; bring %s to all machines and to where its copies are\n", c.key().File)
	return nil
}

type keyRewrapCmd struct{}

// Run finishes a rotation.
func (keyRewrapCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Rewrap(ctx); err != nil {
		return err
	}
	return keyStatusCmd{}.Run(ctx, c)
}
