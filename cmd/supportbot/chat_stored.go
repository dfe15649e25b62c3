package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"supportbot"
	"supportbot/internal/library"
	"supportbot/internal/store"
	"supportbot/internal/transcript"
	"supportbot/internal/turn"
)

// stored is a conversation in the store, beside a running server: its cases
// stand at the console, and what an agent answers is printed here.
type stored struct {
	ctx   context.Context
	store *store.Store
	path  *turn.Path
	at    supportbot.Address
	lang  supportbot.Language
	stop  context.CancelFunc

	mu   sync.Mutex // one of play and follow prints at a time
	seen int64
}

// openStored opens the conversation on the content that the server has in force,
// or on the folder that is given.
func openStored(ctx context.Context, c *cli, cmd *chatCmd) (*stored, error) {
	s, err := c.openStore(ctx)
	if err != nil {
		return nil, err
	}
	key, err := s.Secret(ctx, secretDigest)
	if err != nil {
		s.Close()
		return nil, err
	}
	content, err := storedContent(ctx, c, s)
	if err != nil {
		s.Close()
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	conv := &stored{
		ctx:   ctx,
		store: s,
		path:  turn.New(s, key, content, slog.Default()),
		at:    supportbot.Address{Channel: supportbot.Channel(cmd.Channel), Peer: "terminal:" + cmd.Peer},
		lang:  supportbot.Language(cmd.Lang),
		stop:  stop,
	}
	if !cmd.JSON {
		go conv.follow()
	}
	return conv, nil
}

func storedContent(ctx context.Context, c *cli, s *store.Store) (*library.Library, error) {
	train := trainedIn(c.readers(), slog.Default())
	l := library.New(s, kept(train), slog.Default())
	if c.Content != "" {
		from := source(c.Content, false, train)
		from.Load = kept(train)
		return l, l.Try(ctx, from)
	}
	if err := l.Refresh(ctx); err != nil {
		return nil, err
	}
	if content, err := l.For(ctx, ""); err != nil || content.Book != nil {
		return l, err
	}
	_, err := l.Start(ctx, source("", false, train))
	return l, err
}

func (s *stored) close() {
	s.stop()
	s.store.Close()
}

func (s *stored) play(t transcript.Turn) (answer, error) {
	in, ok := t.Inbound()
	if !ok {
		return answer{}, fmt.Errorf("agents act at the console, and timers run in the server, when a conversation is stored")
	}
	in.Address, in.ID, in.Language = s.at, rand.Text(), s.lang
	if in.Kind == supportbot.InOpen {
		in.ID = "open"
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return answer{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out, err := s.path.Handle(s.ctx, in, raw)
	for _, m := range out.Replies {
		s.seen = max(s.seen, m.Seq)
	}
	return answerOf(out), err
}

// follow prints what agents write and what the bot says by itself, as it comes.
func (s *stored) follow() {
	for {
		s.mu.Lock()
		messages, err := s.path.Messages(s.ctx, s.at, s.seen, 100)
		if err != nil && s.ctx.Err() == nil {
			slog.Warn("chat: read messages", "error", err)
		}
		for _, m := range messages {
			s.seen = m.Seq
			if m.From != supportbot.FromUser {
				fmt.Printf("\n%s\n> ", strings.TrimPrefix(m.Author+": "+m.Text, ": "))
			}
		}
		s.mu.Unlock()
		select {
		case <-time.After(time.Second):
		case <-s.ctx.Done():
			return
		}
	}
}
