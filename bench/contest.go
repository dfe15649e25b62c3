package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// side is one of those that are compared.
type side struct {
	name string
	pids func() []int // the processes that do its work, apart from the generator
	run  func(ctx context.Context, warm, window time.Duration) heard
}

// sample is what one window has shown.
type sample struct {
	perSecond float64
	p50, p99  time.Duration
	cpu       usage
}

// contest lets the sides run in turn, so that what changes on the machine
// changes for all. It returns their samples by side and round; the error names a
// wrong answer.
func (b *bench) contest(ctx context.Context, rounds int, window time.Duration, sides ...side) ([][]sample, error) {
	samples := make([][]sample, len(sides))
	for range rounds {
		for i, s := range sides {
			h, cpu := watched(ctx, s, window)
			switch {
			case h.err != nil:
				return nil, fmt.Errorf("%s: %w", s.name, h.err)
			case h.wrong > 0:
				return nil, fmt.Errorf("%s gave %d wrong answers among %d", s.name, h.wrong, h.wrong+h.right)
			}
			slices.Sort(h.took)
			samples[i] = append(samples[i], sample{float64(len(h.took)) / window.Seconds(), quantile(h.took, 0.5), quantile(h.took, 0.99), cpu})
			b.windows, b.answers = b.windows+1, b.answers+h.right
			if cpu.foreign > tooNoisy {
				b.noisy++
			}
		}
	}
	return samples, nil
}

// watched runs a side for a window and a warm-up of a quarter of that.
func watched(ctx context.Context, s side, window time.Duration) (heard, usage) {
	done := watchCPU(s.pids)
	h := s.run(ctx, window/4, window)
	return h, done()
}

// summary is the median of each figure over the windows that count, which are
// all if none is quiet.
func summary(samples []sample) (m sample, quiet int) {
	kept := slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return s.cpu.foreign > tooNoisy })
	quiet = len(kept)
	if quiet == 0 {
		kept = samples
	}
	return sample{
		perSecond: median(kept, func(s sample) float64 { return s.perSecond }),
		p50:       median(kept, func(s sample) time.Duration { return s.p50 }),
		p99:       median(kept, func(s sample) time.Duration { return s.p99 }),
		cpu: usage{
			servers:   median(kept, func(s sample) float64 { return s.cpu.servers }),
			generator: median(kept, func(s sample) float64 { return s.cpu.generator }),
			foreign:   median(kept, func(s sample) float64 { return s.cpu.foreign }),
		},
	}, quiet
}

// ratio is the median, over the rounds that count, of what one side reached of
// what the other did in the same round.
func ratio(of, to []sample) float64 {
	var all, quiet []float64
	for i := range of {
		r := of[i].perSecond / to[i].perSecond
		all = append(all, r)
		if of[i].cpu.foreign <= tooNoisy && to[i].cpu.foreign <= tooNoisy {
			quiet = append(quiet, r)
		}
	}
	if len(quiet) == 0 {
		quiet = all
	}
	return median(quiet, func(r float64) float64 { return r })
}

// median of a figure; of an even number the lower one in the middle.
func median[T any, F ~float64 | ~int64](all []T, figure func(T) F) F {
	values := make([]F, len(all))
	for i, one := range all {
		values[i] = figure(one)
	}
	slices.Sort(values)
	return quantile(values, 0.5)
}

// quantile is the smallest of sorted values that a share q of them does not pass.
func quantile[F ~float64 | ~int64](sorted []F, q float64) F {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted)-1)))]
}
