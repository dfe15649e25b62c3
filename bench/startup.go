package main

import (
	"context"
	"fmt"
	"time"
)

// startUp is part d: how long the program takes until it is ready.
func (b *bench) startUp(ctx context.Context) error {
	starts := pick(b, 5, 3)
	section("d. Start-up", "From the start of the process until /readyz answers 200, median of %d.", starts)
	type start struct{ ready, cpu time.Duration }
	var first, second []start
	for i := range starts {
		for _, took := range []*[]start{&first, &second} {
			p, err := b.serve(ctx, fmt.Sprint("start", i))
			if err != nil {
				return err
			}
			*took = append(*took, start{p.ready, cpuTime(p.pid())})
			if err := p.stop(); err != nil {
				return err
			}
		}
	}
	ready := func(s start) time.Duration { return s.ready }
	cpu := func(s start) time.Duration { return s.cpu }
	header("start", "ms", "CPU ms")
	line("first, on an empty folder", milliseconds(median(first, ready)), milliseconds(median(first, cpu)))
	line("second", milliseconds(median(second, ready)), milliseconds(median(second, cpu)))
	again := median(second, ready)
	b.goal(again < time.Second, "ready %s ms after the second start; less than 1,000", milliseconds(again))
	return nil
}
