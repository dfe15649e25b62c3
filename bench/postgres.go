package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// postgres is part e: durable turns on PostgreSQL, with one node and with three.
func (b *bench) postgres(ctx context.Context) error {
	rounds, window := pick(b, 3, 1), pick(b, 3*time.Second, time.Second)
	section("e. Turns on PostgreSQL", `The same six turns, in %d rounds of %s; with three nodes the turns of a conversation go round them.
The bare loop runs the statement of the store with turns that were made beforehand, each by itself, on eight connections; in groups
it sends them as the program does, what waits in one transaction. PostgreSQL runs on the same machine, waits for its disk, and counts as server.`, rounds, window)
	server, err := startPostgres("max_connections=300")
	if errors.As(err, new(skipped)) {
		fmt.Printf("Not measured: %s.\n", err)
		return nil
	}
	if err != nil {
		return err
	}
	defer server.stop()
	sides, stop, err := b.onPostgres(ctx, server)
	defer stop()
	if err != nil {
		return err
	}
	header(append([]string{"conversations", "server", "turns/s", "of the loop"}, sampleColumns...)...)
	var beside []string
	for _, crowd := range []int{1, goalCrowd} {
		samples, err := b.contest(ctx, rounds, window, sides(crowd)...)
		if err != nil {
			return err
		}
		for i, s := range sides(crowd) {
			var of float64
			if i > 0 {
				of = ratio(samples[i], samples[0])
			}
			sampleLine(fmt.Sprintf("%d | %s", crowd, s.name), samples[i], of)
			if crowd == goalCrowd && i > 1 {
				beside = append(beside, fmt.Sprintf("%s %s", s.name, percent(ratio(samples[i], samples[1]))))
				b.goal(of >= 0.6, "PostgreSQL with %s reaches %s of the bare loop at %d conversations; at least 60%%", s.name, percent(of), crowd)
			}
		}
	}
	fmt.Printf("\nOf the loop in groups at %d conversations: %s.\n", goalCrowd, strings.Join(beside, ", "))
	return nil
}

// onPostgres starts the loop, one node and three nodes, each of these on a
// database of its own.
func (b *bench) onPostgres(ctx context.Context, server *pgServer) (sides func(crowd int) []side, stop func(), err error) {
	var running []*process
	stop = func() { stopAll(running...) }
	postmaster, err := server.pid(ctx)
	if err != nil {
		return nil, stop, err
	}
	names, nodes := []string{"bare loop", "bare loop in groups", "1 node", "3 nodes"}, []int{0, 0, 1, 3}
	groups := make([][]*process, len(names))
	for i, count := range nodes {
		url, err := server.database()
		if err != nil {
			return nil, stop, err
		}
		for n := range max(count, 1) {
			var p *process
			if count == 0 {
				p, err = b.beside(ctx, "statement", url)
			} else {
				p, err = b.serve(ctx, fmt.Sprintf("node%d-%d", count, n), "--database="+url)
			}
			if err != nil {
				return nil, stop, err
			}
			running, groups[i] = append(running, p), append(groups[i], p)
		}
	}
	loads := 0
	return func(crowd int) []side {
		all := make([]side, len(names))
		for i, group := range groups {
			var pids []int
			var addrs []string
			for _, p := range group {
				pids, addrs = append(pids, p.pid()), append(addrs, p.addr)
			}
			all[i] = side{
				name: names[i],
				pids: func() []int { return append(family(postmaster), pids...) },
				run: func(ctx context.Context, warm, window time.Duration) heard {
					loads++
					l := load{flow: b.flow, addrs: addrs, persons: crowd, turns: len(b.flow), name: fmt.Sprintf("%04d", loads)}
					if nodes[i] == 0 {
						return askLoop(ctx, l, i == 0, warm, window)
					}
					return l.run(ctx, warm, window)
				},
			}
		}
		return all
	}, stop, nil
}
