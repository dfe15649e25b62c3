package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"supportbot/internal/store/pgtest"
)

// TestFaults has persons talk to the program while its processes, its database
// and those whom it calls fail in every way that can be made here, and holds what
// they leave behind to the invariants. FAULTS=10m makes it last longer.
func TestFaults(t *testing.T) {
	duration := 10 * time.Second
	if text := os.Getenv("FAULTS"); text != "" {
		var err error
		if duration, err = time.ParseDuration(text); err != nil {
			t.Fatalf("FAULTS: %v; set it to how long the faults shall last, such as 10m", err)
		}
	}
	var lite, postgres *report
	t.Run("on", func(t *testing.T) {
		binary := buildIn(t, mishaps...)
		t.Run("SQLite", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "SQLite, 1 node", binary, t.TempDir(), "kill 5 after-send")
			w.endure(duration)
			lite = w.holds(t)
		})
		t.Run("PostgreSQL", func(t *testing.T) {
			t.Parallel()
			server := pgtest.Start(t, "fsync=off", "max_connections=300")
			w := newWorld(t, "PostgreSQL, 3 nodes", binary, server.Database(t), "stop 1 before-commit", "stop 10 after-send", "kill 20 after-take")
			done := make(chan struct{})
			go func() { defer close(done); w.endure(duration) }()
			w.crashDatabase(t, server, duration)
			<-done
			postgres = w.holds(t)
		})
	})
	t.Logf("faults for %s:\n%s", duration, table(lite, postgres))
}

// TestMutants does the same to programs that lack a guarantee: if the invariants
// held there too, they would show nothing.
func TestMutants(t *testing.T) {
	reports := make([]*report, len(mutants))
	t.Run("of", func(t *testing.T) {
		for i, m := range mutants {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				reports[i] = m.run(t)
			})
		}
	})
	t.Logf("mutants:\n%s", table(reports...))
}

// run runs a mutant until it is caught, under the one fault that shows it best. A
// busy machine may need a second time: what the fault interrupts must be gone on
// with meanwhile.
func (m mutant) run(t *testing.T) (r *report) {
	binary := buildIn(t, append(mishaps[:len(mishaps):len(mishaps)], m.patches...)...)
	for range 3 {
		place := t.TempDir()
		if len(m.firsts) > 1 {
			place = pgtest.Database(t)
		}
		w := newWorld(t, m.name, binary, place, m.firsts...)
		for _, n := range w.nodes {
			n.next = func() string { return n.first }
		}
		w.endure(m.duration)
		w.check(t.Context())
		w.end()
		if r = w.report; r.broken[m.breaks] > 0 {
			t.Log(strings.Join(r.examples, "\n"))
			return r
		}
	}
	t.Errorf("not caught: %q held without it", m.breaks)
	return r
}

func buildIn(t *testing.T, patches ...patch) string {
	t.Helper()
	binary, err := build(t.TempDir(), patches...)
	if err != nil {
		t.Fatal(err)
	}
	return binary
}
