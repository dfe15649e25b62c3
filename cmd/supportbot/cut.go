package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"supportbot"
	"supportbot/internal/store"
	"supportbot/internal/telemetry"
)

// A batch takes milliseconds, which no turn notices.
const (
	cutPage  = 100              // conversations that are looked at together
	cutBatch = 200              // rows that are deleted together
	cutBusy  = time.Second      // between two batches
	cutPause = 10 * time.Minute // after which it is looked for what is old again
)

// cutter deletes a batch of what is old. It returns how much of which kind, and
// whether there may be more.
type cutter func(ctx context.Context) (cut map[string]int, more bool, err error)

// cutters are those of all kinds of data that end. A new kind is one line here, and
// one in ages if it has an age of its own.
func cutters(s *store.Store, keep ages) []cutter {
	all := []cutter{
		conversations(s, store.Ages{Transcripts: keep.transcripts.duration(), Cases: keep.cases.duration()}),
		rows("sessions", s.CutSessions),
		rows("drafts", s.CutSeats),
		rows("model_spending", s.CutModelSpending),
	}
	missed := func(ctx context.Context, age time.Duration, limit int) (int, error) {
		return s.DropMissed(ctx, time.Now().Add(-age), limit)
	}
	for _, k := range []struct {
		name string
		age  days
		cut  func(ctx context.Context, age time.Duration, limit int) (int, error)
	}{{"missed", keep.missed, missed}, {"audit", keep.audit, s.CutAudit}, {"sent", keep.sent, s.CutOutbox}, {"told", keep.sent, s.Feed().Cut}, {"content", keep.content, s.CutContent}} {
		if k.age > 0 {
			all = append(all, rows(k.name, func(ctx context.Context, limit int) (int, error) { return k.cut(ctx, k.age.duration(), limit) }))
		}
	}
	return all
}

// rows is a cutter of rows of one kind.
func rows(name string, cut func(ctx context.Context, limit int) (int, error)) cutter {
	return func(ctx context.Context) (map[string]int, bool, error) {
		n, err := cut(ctx, cutBatch)
		return map[string]int{name: n}, n == cutBatch, err
	}
}

// conversations is a cutter that goes through all of them, page by page.
func conversations(s *store.Store, keep store.Ages) cutter {
	next := supportbot.ThreadID(0)
	return func(ctx context.Context) (map[string]int, bool, error) {
		var cut store.Cut
		var err error
		next, cut, err = s.CutConversations(ctx, next, keep, cutPage)
		return map[string]int{"transcripts": cut.Transcripts, "cases": cut.Cases}, next > 0, err
	}
}

// cutOld deletes what is old until ctx ends.
func cutOld(ctx context.Context, s *store.Store, keep ages, log *slog.Logger) {
	var running sync.WaitGroup
	defer running.Wait()
	for _, cut := range cutters(s, keep) {
		running.Go(func() {
			for wait := time.Minute; ctx.Err() == nil; wait = cutPause { // the start itself is left in peace
				select {
				case <-time.After(wait):
					cut.round(ctx, s, log)
				case <-ctx.Done():
				}
			}
		})
	}
}

// tellLimit bounds what is written when the server stops.
const tellLimit = 2 * time.Second

// round deletes all that is old now, and tells how much that was.
func (c cutter) round(ctx context.Context, s *store.Store, log *slog.Logger) {
	total := map[string]int{}
	for more := true; more && ctx.Err() == nil; {
		var cut map[string]int
		var err error
		cut, more, err = c(ctx)
		for kind, n := range cut {
			telemetry.Cut(kind, n)
			total[kind] += n
		}
		if err != nil && ctx.Err() == nil {
			log.Error("deleting what is old failed, will try again", slog.Any("error", err))
		}
		if more {
			select {
			case <-time.After(cutBusy):
			case <-ctx.Done():
			}
		}
	}
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), tellLimit)
		defer cancel()
	}
	for kind, n := range total {
		if n > 0 {
			tell(ctx, s, kind, n, log)
		}
	}
}

// tell puts into the audit log how much went, which for the audit log itself the
// store has done, and takes what people said out of the files.
func tell(ctx context.Context, s *store.Store, kind string, n int, log *slog.Logger) {
	log.Info("deleted by age", slog.String("kind", kind), slog.Int("rows", n))
	var err error
	if kind != "audit" {
		err = s.Audit(ctx, supportbot.Audited{Action: supportbot.CutByAge, Subject: kind, Details: map[string]string{"rows": fmt.Sprint(n)}})
	}
	if kind == "transcripts" && err == nil {
		err = s.Scrub(ctx)
	}
	if err != nil {
		log.Error("what was deleted by age is not in the audit log, or still in the files", slog.Any("error", err))
	}
}
