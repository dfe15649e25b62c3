package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// crowds are the numbers of conversations that go on at once; the goals are for
// goalCrowd.
var crowds = []int{1, 16, 64, 256}

const goalCrowd = 64

// turns is part a: durable turns on SQLite.
func (b *bench) turns(ctx context.Context) error {
	rounds, window := pick(b, 3, 1), pick(b, 3*time.Second, time.Second)
	section("a. Turns on SQLite", `Six turns of the flow forgot-password over REST, by text and by button, each answer compared to the byte, in %d rounds of %s.
The ceiling is net/http with the same JSON and nothing else; the durable limit writes the same rows in the same groups, without an engine or a reader.`, rounds, window)

	sides, stop, err := b.onSQLite(ctx)
	defer stop()
	if err != nil {
		return err
	}
	header(append([]string{"conversations", "server", "turns/s", "of the limit"}, sampleColumns...)...)
	for _, crowd := range crowds {
		samples, err := b.contest(ctx, rounds, window, sides(crowd)...)
		if err != nil {
			return err
		}
		for i, s := range sides(crowd) {
			var of float64
			if i != 1 {
				of = ratio(samples[i], samples[1])
			}
			sampleLine(fmt.Sprintf("%d | %s", crowd, s.name), samples[i], of)
		}
		if crowd == goalCrowd {
			m, _ := summary(samples[2])
			of := ratio(samples[2], samples[1])
			b.goal(of >= 0.6, "SQLite reaches %s of the durable limit at %d conversations; at least 60%%", percent(of), crowd)
			b.goal(m.p99 < 100*time.Millisecond, "p99 is %s ms on SQLite at %d conversations; less than 100", milliseconds(m.p99), crowd)
		}
	}
	return b.crash(ctx)
}

// onSQLite starts the three servers of part a; sides are the ceiling, the limit
// and the program, for a number of conversations.
func (b *bench) onSQLite(ctx context.Context) (sides func(crowd int) []side, stop func(), err error) {
	var running []*process
	stop = func() { stopAll(running...) }
	recorded := filepath.Join(b.dir, "recorded.gob")
	r, err := b.record(ctx)
	if err != nil {
		return nil, stop, fmt.Errorf("record the rows of a conversation: %w", err)
	}
	if err := r.save(recorded); err != nil {
		return nil, stop, err
	}
	names := []string{"ceiling", "durable limit", "supportbot"}
	for _, begin := range []func() (*process, error){
		func() (*process, error) { return b.beside(ctx, "ceiling") },
		func() (*process, error) { return b.beside(ctx, "limit", b.dir, recorded) },
		func() (*process, error) { return b.serve(ctx, "turns") },
	} {
		p, err := begin()
		if err != nil {
			return nil, stop, err
		}
		running = append(running, p)
	}
	loads := 0
	return func(crowd int) []side {
		all := make([]side, len(running))
		for i, p := range running {
			all[i] = side{
				name: names[i],
				pids: p.pids,
				run: func(ctx context.Context, warm, window time.Duration) heard {
					loads++
					return load{flow: b.flow, addrs: []string{p.addr}, persons: crowd, turns: len(b.flow), name: fmt.Sprintf("%04d", loads)}.run(ctx, warm, window)
				},
			}
		}
		return all
	}, stop, nil
}
