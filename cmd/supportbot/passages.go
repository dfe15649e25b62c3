package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"supportbot"
	"supportbot/internal/replay"
	"supportbot/internal/store"
)

const (
	passagesOf    = 1000             // conversations, the newest
	passagesKept  = 10 * time.Minute // so that a look at every flow reads them once
	passagesLimit = 10 * time.Second // of reading: what is counted by then is shown
)

// passages counts how people went through the steps of flows, from the logs of
// their turns. No turn does anything for it.
type passages struct {
	store *store.Store
	log   *slog.Logger

	mu   sync.Mutex
	at   time.Time
	kept replay.Passages
}

// of returns the counts of a flow by step; see console.Options.
func (p *passages) of(ctx context.Context, version, flow string) (map[string]supportbot.Traffic, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.at) > passagesKept {
		if err := p.count(ctx); err != nil {
			return nil, err
		}
	}
	steps := map[string]supportbot.Traffic{}
	for at, c := range p.kept {
		if at.Version == version && at.Flow == flow {
			steps[at.Step] = c
		}
	}
	return steps, nil
}

func (p *passages) count(ctx context.Context) error {
	ids, err := p.store.Conversations(ctx, 0, passagesOf)
	if err != nil {
		return err
	}
	begun, counted := time.Now(), replay.Passages{}
	for _, id := range ids {
		if time.Since(begun) > passagesLimit {
			p.log.Warn("not all conversations were counted for the pictures of flows: reading them takes too long", slog.Int("wanted", len(ids)))
			break
		}
		l, err := p.store.Log(ctx, id)
		if err == nil {
			err = counted.Add(l, time.Now())
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // its beginning has gone by age, or it was erased meanwhile
			p.log.Debug("a conversation is not counted for the pictures of flows", slog.Int64("thread", int64(id)), slog.Any("error", err))
		}
	}
	p.kept, p.at = counted, time.Now()
	return nil
}
