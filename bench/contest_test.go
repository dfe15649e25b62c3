package main

import (
	"testing"
	"time"
)

func TestNoisyWindowsDoNotCount(t *testing.T) {
	quiet := func(perSecond float64) sample {
		return sample{perSecond: perSecond, p99: time.Duration(perSecond), cpu: usage{foreign: 0.1}}
	}
	noisy := func(perSecond float64) sample {
		return sample{perSecond: perSecond, p99: time.Duration(perSecond), cpu: usage{foreign: 0.2}}
	}
	tests := []struct {
		name    string
		samples []sample
		want    float64
		quiet   int
	}{
		{"all quiet", []sample{quiet(30), quiet(10), quiet(20)}, 20, 3},
		{"one noisy", []sample{quiet(30), noisy(1), quiet(20), quiet(40)}, 30, 3},
		{"one quiet", []sample{noisy(30), noisy(1), quiet(20)}, 20, 1},
		{"none quiet: better than nothing", []sample{noisy(30), noisy(10), noisy(20)}, 20, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, n := summary(tt.samples)
			if m.perSecond != tt.want || float64(m.p99) != tt.want || n != tt.quiet {
				t.Errorf("got %.0f a second, p99 %d, %d quiet; want %.0f and %d", m.perSecond, m.p99, n, tt.want, tt.quiet)
			}
		})
	}

	// A slow round is slow for both sides, so the ratio is of one round.
	of, to := []sample{quiet(60), quiet(6), noisy(1)}, []sample{quiet(100), quiet(10), quiet(100)}
	if got := ratio(of, to); got != 0.6 {
		t.Errorf("got a ratio of %v, want 0.6", got)
	}
}

func TestQuantile(t *testing.T) {
	hundred := make([]time.Duration, 101)
	for i := range hundred {
		hundred[i] = time.Duration(i)
	}
	for q, want := range map[float64]time.Duration{0: 0, 0.5: 50, 0.99: 99, 1: 100} {
		if got := quantile(hundred, q); got != want {
			t.Errorf("quantile %v is %d, want %d", q, got, want)
		}
	}
	if got := quantile([]time.Duration(nil), 0.5); got != 0 {
		t.Errorf("quantile of nothing is %d", got)
	}
}
