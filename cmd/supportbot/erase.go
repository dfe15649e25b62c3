package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"supportbot"
	"supportbot/internal/store"
)

// whose names a conversation on the command line.
type whose struct {
	Channel      string `help:"Channel of the person, with --peer." placeholder:"NAME"`
	Peer         string `help:"Address of the person on that channel." placeholder:"ID"`
	Conversation int64  `help:"The conversation by its number instead." placeholder:"N"`
}

// find opens the database and finds the conversation.
func (w whose) find(ctx context.Context, c *cli) (*store.Store, supportbot.ThreadID, error) {
	byAddress := w.Channel != "" && w.Peer != ""
	if byAddress == (w.Conversation > 0) || byAddress != (w.Channel != "" || w.Peer != "") {
		return nil, 0, errors.New("name the person by --channel and --peer, such as --channel rest --peer shop-7, or by --conversation and its number")
	}
	s, err := c.openExisting(ctx)
	if err != nil || w.Conversation > 0 {
		return s, supportbot.ThreadID(w.Conversation), err
	}
	t, err := s.Thread(ctx, supportbot.Address{Channel: supportbot.Channel(w.Channel), Peer: w.Peer})
	if errors.Is(err, supportbot.ErrNotFound) {
		err = errors.New("nothing is kept of this person")
	}
	if err != nil {
		return nil, 0, errors.Join(err, s.Close())
	}
	return s, t.ID, nil
}

type eraseCmd struct{ whose }

// Run erases all that is kept of a person, also while servers run.
func (cmd *eraseCmd) Run(ctx context.Context, c *cli) error {
	s, id, err := cmd.find(ctx, c)
	if err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	defer s.Close()
	if err := cmd.eraseCalls(ctx, s); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	err = s.Erase(ctx, id, store.ErasedOnRequest)
	if errors.Is(err, supportbot.ErrNotFound) {
		return fmt.Errorf("erase: there is no conversation %d", id)
	}
	if err != nil {
		return err
	}
	slog.Info("erased on request", slog.Int64("thread", int64(id)))
	if err := s.Scrub(ctx); err != nil {
		return fmt.Errorf("conversation %d is erased, but remnants may be in the files: %w", id, err)
	}
	fmt.Printf("erased conversation %d; backups that were made before still hold it\n", id)
	return nil
}

// eraseCalls erases the calls that went on in writing at a number.
func (cmd *eraseCmd) eraseCalls(ctx context.Context, s *store.Store) error {
	at := supportbot.Address{Channel: supportbot.Channel(cmd.Channel), Peer: cmd.Peer}
	for _, agreed := range []bool{true, false} {
		if err := eraseMoved(ctx, s, at, agreed); err != nil {
			return err
		}
	}
	return nil
}

func eraseMoved(ctx context.Context, s *store.Store, at supportbot.Address, agreed bool) error {
	for {
		moved, err := s.Moved(ctx, at, agreed)
		if errors.Is(err, supportbot.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		t, err := s.Thread(ctx, moved.Call)
		if err != nil {
			return err
		}
		if err := s.Erase(ctx, t.ID, store.ErasedOnRequest); err != nil {
			return err
		}
		fmt.Printf("erased conversation %d, a call that went on in writing\n", t.ID)
	}
}

type exportCmd struct{ whose }

// Run writes all that is kept of a person as one JSON object.
func (cmd *exportCmd) Run(ctx context.Context, c *cli) error {
	s, id, err := cmd.find(ctx, c)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer s.Close()
	e, err := s.Export(ctx, id)
	if errors.Is(err, supportbot.ErrNotFound) {
		return fmt.Errorf("export: there is no conversation %d", id)
	}
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(e)
}
