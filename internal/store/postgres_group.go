package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"supportbot"
	"supportbot/internal/telemetry"
)

// groups send statements for many conversations in one piece, which is one
// transaction: one round trip, one wake-up of the server and one sync of its disk
// serve all of them.
type groups struct {
	*line[asked]
	pool   *pgxpool.Pool
	writes bool
}

// asked is what one conversation asks of the server. Where another of its group
// fails both run again, so read must not mind.
type asked struct {
	thread supportbot.ThreadID // 0: not yet
	queue  func(*pgx.Batch)
	read   func(pgx.BatchResults) error // the error is of this conversation, and undoes the group
}

const (
	// groupsAtOnce are under way for turns, and as many for reads: while the server
	// works on one, the next one is written.
	groupsAtOnce = 2
	// pgGroup bounds a group, so that nobody waits for too many others.
	pgGroup = 32
	// leastTime is what a group must have left before its callers leave.
	leastTime = answerLimit / 5
)

func newGroups(pool *pgxpool.Pool, writes bool) *groups {
	g := &groups{pool: pool, writes: writes}
	g.line = newLine(pgGroup, groupsAtOnce, g.send)
	return g
}

// send runs a group; if one of it fails, each by itself.
func (g *groups) send(group []*job[asked]) {
	if g.writes {
		defer telemetry.Committed(len(group), time.Now())
	}
	until := time.Now().Add(answerLimit)
	group = slices.DeleteFunc(group, func(j *job[asked]) bool {
		if !j.until.IsZero() && time.Until(j.until) < leastTime {
			j.finish(context.DeadlineExceeded)
			return true
		}
		if !j.until.IsZero() && j.until.Before(until) {
			until = j.until
		}
		return !j.begin()
	})
	ctx, end := context.WithDeadline(context.Background(), until)
	defer end()
	// Two groups that lock the same conversations lock them in the same order; new
	// ones come last, with numbers that nobody knows.
	slices.SortStableFunc(group, func(a, b *job[asked]) int { return cmp.Compare(uint64(a.what.thread)-1, uint64(b.what.thread)-1) })
	err := g.together(ctx, group)
	undone := err != nil && !g.writes || errors.As(err, new(*pgconn.PgError)) // else it may have been written
	for i, j := range group {
		alone := err
		if undone && len(group) > 1 {
			alone = g.together(ctx, group[i:i+1])
		}
		j.finish(alone)
	}
}

func (g *groups) together(ctx context.Context, group []*job[asked]) error {
	var batch pgx.Batch
	for _, j := range group {
		j.what.queue(&batch)
	}
	results := g.pool.SendBatch(ctx, &batch)
	for _, j := range group {
		if err := j.what.read(results); err != nil {
			return errors.Join(err, results.Close())
		}
	}
	return results.Close()
}
