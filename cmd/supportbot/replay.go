package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/library"
	"supportbot/internal/replay"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

type replayCmd struct {
	Conversation string `help:"Only this one, with all its turns: its number, or channel:peer." placeholder:"ID"`
	Limit        int    `help:"Only the newest N conversations." placeholder:"N"`
	JSON         bool   `help:"Write one JSON object a line."`
}

// Run replays logged conversations: without --content on the content that they
// ran on, which must give the same bytes; with it, to show what would be said
// now.
func (cmd *replayCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	defer s.Close()
	if c.Content == "" {
		return cmd.verify(ctx, s, versions(ctx, s))
	}
	content, _, err := c.open()
	if err != nil {
		return err
	}
	return cmd.compare(ctx, s, content)
}

// versions finds the content on which turns ran, each version loaded once.
func versions(ctx context.Context, s *store.Store) replay.Versions {
	type version struct {
		content turn.Content
		err     error
	}
	kept := library.New(s, flowsOnly, slog.Default())
	loaded := map[string]version{}
	return func(id string) (turn.Content, error) {
		v, ok := loaded[id]
		if !ok {
			v.content, v.err = kept.Version(ctx, id)
			if errors.Is(v.err, supportbot.ErrNotFound) {
				v.err = fmt.Errorf("it ran on content version %q, which is not kept in this database", id)
			}
			loaded[id] = v
		}
		return v.content, v.err
	}
}

// flowsOnly loads a version without a reader, which takes longest to load: what
// was said is read as it was read then.
func flowsOnly(files fs.FS) (turn.Content, error) {
	_, book, err := loadGuide(files)
	if err != nil {
		return turn.Content{}, err
	}
	checks, err := handoff.LoadChecklists(files, book.Flows())
	return turn.Content{Book: book, Checks: checks}, err
}

// replayPage is how many conversations are listed at once.
const replayPage = 1000

// each calls f for every conversation that the flags name, the newest first. A
// log that cannot be read is f's to report.
func (cmd *replayCmd) each(ctx context.Context, s *store.Store, f func(l replay.Log, err error) error) error {
	one := func(id supportbot.ThreadID) error {
		l, err := s.Log(ctx, id)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, supportbot.ErrNotFound):
			return fmt.Errorf("replay: there is no conversation %d", id)
		}
		l.Thread.ID = id
		return f(l, err)
	}
	if cmd.Conversation != "" {
		id, err := threadNamed(ctx, s, cmd.Conversation)
		if err == nil {
			err = s.Audit(ctx, supportbot.Audited{Action: supportbot.Replayed, Subject: fmt.Sprint(id)})
		}
		if err != nil {
			return err
		}
		return one(id)
	}
	which := "all"
	if cmd.Limit > 0 {
		which = fmt.Sprintf("the newest %d", cmd.Limit)
	}
	if err := s.Audit(ctx, supportbot.Audited{Action: supportbot.Replayed, Subject: which}); err != nil {
		return err
	}
	before, left := supportbot.ThreadID(0), cmd.Limit
	for {
		ids, err := s.Conversations(ctx, before, replayPage)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := one(id); err != nil {
				return err
			}
			if left--; left == 0 {
				return nil
			}
		}
		before = ids[len(ids)-1]
	}
}

// threadNamed finds a conversation by its number or its address.
func threadNamed(ctx context.Context, s *store.Store, name string) (supportbot.ThreadID, error) {
	if channel, peer, ok := strings.Cut(name, ":"); ok {
		t, err := s.Thread(ctx, supportbot.Address{Channel: supportbot.Channel(channel), Peer: peer})
		if errors.Is(err, supportbot.ErrNotFound) {
			return 0, fmt.Errorf("replay: there is no conversation %s", name)
		}
		return t.ID, err
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || id < 1 {
		return 0, fmt.Errorf("replay: --conversation %q is neither a number nor channel:peer; %s", name, conversationsLike(ctx, s))
	}
	return supportbot.ThreadID(id), nil
}

// conversationsLike names the newest conversation of each channel among the
// newest in the database, as examples.
func conversationsLike(ctx context.Context, s *store.Store) string {
	ids, err := s.Conversations(ctx, 0, maxExamined)
	if err != nil || len(ids) == 0 {
		return "there is no conversation in this database"
	}
	var examples []string
	seen := map[supportbot.Channel]bool{}
	for _, id := range ids {
		l, err := s.Log(ctx, id)
		if at := l.Thread.Address; err == nil && !seen[at.Channel] {
			seen[at.Channel] = true
			examples = append(examples, fmt.Sprintf("%s:%s", at.Channel, at.Peer))
		}
	}
	return fmt.Sprintf("write 1 to %d, or such as %s", ids[0], strings.Join(examples, ", "))
}

const maxExamined = 100 // conversations, for examples

// verified is a line of replay --json without --content.
type verified struct {
	Conversation supportbot.ThreadID `json:"conversation"`
	Turns        int                 `json:"turns"`
	Same         bool                `json:"same"`
	Error        string              `json:"error,omitempty"`
}

// verify replays to the same bytes.
func (cmd *replayCmd) verify(ctx context.Context, s *store.Store, versions replay.Versions) error {
	conversations, turns, failed := 0, 0, 0
	err := cmd.each(ctx, s, func(l replay.Log, err error) error {
		if err == nil {
			err = replay.Verify(l, versions)
		}
		conversations++
		turns += len(l.Rows)
		line := verified{Conversation: l.Thread.ID, Turns: len(l.Rows), Same: err == nil}
		if err != nil {
			failed++
			line.Error = err.Error()
		}
		switch {
		case cmd.JSON:
			return writeJSON(line)
		case err != nil:
			fmt.Printf("conversation %d: %v\n", l.Thread.ID, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !cmd.JSON {
		fmt.Printf("%d conversations, %d turns: %d replay to the same bytes, %d do not\n", conversations, turns, conversations-failed, failed)
	}
	if failed > 0 {
		return fmt.Errorf("replay: %d of %d conversations do not replay to the same bytes", failed, conversations)
	}
	return nil
}

// compared is one conversation that was run on other content.
type compared struct {
	log replay.Log
	replay.Comparison
}

// compare shows what would be said on other content. A conversation whose log
// is damaged is told, and is an error at the end.
func (cmd *replayCmd) compare(ctx context.Context, s *store.Store, content turn.Content) error {
	var summary replay.Summary
	var different []compared
	damaged := 0
	err := cmd.each(ctx, s, func(l replay.Log, err error) error {
		var c replay.Comparison
		if err == nil {
			c, err = replay.Compare(l, content)
		}
		if err != nil {
			damaged++
			fmt.Fprintf(os.Stderr, "conversation %d: %v\n", l.Thread.ID, err)
			return nil
		}
		summary.Add(c)
		if !c.Same() || cmd.Conversation != "" {
			different = append(different, compared{l, c})
		}
		return nil
	})
	if err != nil {
		return err
	}
	summary.Done()
	slices.SortStableFunc(different, func(a, b compared) int { return len(b.Lost) - len(a.Lost) })
	if err := cmd.report(different, summary); err != nil {
		return err
	}
	if damaged > 0 {
		return fmt.Errorf("replay: the logs of %d conversations are damaged", damaged)
	}
	return nil
}
