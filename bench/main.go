// Command bench measures the program as it is served, beside servers that show
// what could be reached at most, and prints the tables of docs/benchmarks.md.
// What is compared is measured in turn, A/B/A/B, and ratios are of one round.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == "child" {
		return child(ctx)
	}
	return measure(ctx)
}

// child runs what is compared with the program, in a process of its own.
func child(ctx context.Context) error {
	args := os.Args[2:]
	switch {
	case len(args) == 2 && args[0] == "ceiling":
		return serveCeiling(ctx, args[1])
	case len(args) == 4 && args[0] == "limit":
		return serveLimit(ctx, args[1], args[2], args[3])
	case len(args) == 3 && args[0] == "calls":
		return serveCalls(ctx, args[1], args[2])
	case len(args) == 2 && args[0] == "sockets":
		return serveSockets(ctx, args[1])
	case len(args) == 3 && args[0] == "statement":
		return loopStatement(ctx, args[1], args[2])
	}
	return fmt.Errorf("child %q is made by the benchmark itself; start it without arguments", args)
}

// keyFile is the setting that names the key of a database.
const keyFile = "SUPPORTBOT_KEY_FILE"

// bench is one run.
type bench struct {
	quick   bool
	dir     string // for all that it makes, removed at the end
	program string // the binary that is measured
	flow    flow
	goals   []string
	answers int // compared with the script so far, all of them right
	windows int // measured so far
	noisy   int // of them, those with foreign load
}

func measure(ctx context.Context) error {
	quick := flag.Bool("quick", false, "small numbers and short windows: shows that it works, not how fast")
	only := flag.String("only", "a,b,c,d,e,f,g", "the parts to run: a turns, b memory, c websockets, d start-up, e PostgreSQL, f calls, g the agents' desk")
	flag.Parse()

	b := &bench{quick: *quick}
	var err error
	if b.dir, err = os.MkdirTemp("", "supportbot-bench"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	if err := os.Setenv(keyFile, filepath.Join(b.dir, "supportbot.key")); err != nil { // of all that it starts
		return err
	}
	if b.program, err = buildProgram(ctx, b.dir); err != nil {
		return err
	}
	if b.flow, err = rehearse(); err != nil {
		return err
	}
	begun := time.Now()
	printMachine(ctx, b.quick)
	parts := []struct {
		name string
		run  func(context.Context) error
	}{
		{"a", b.turns}, {"b", b.memory}, {"c", b.sockets}, {"d", b.startUp}, {"e", b.postgres}, {"f", b.calls}, {"g", b.desk},
	}
	wanted := strings.Split(*only, ",")
	for _, part := range parts {
		if !slices.Contains(wanted, part.name) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("part %s: %w", part.name, err)
		}
	}
	b.printGoals(time.Since(begun))
	return nil
}

// pick returns the number for a whole run, or the one for a quick one.
func pick[T any](b *bench, whole, quick T) T {
	if b.quick {
		return quick
	}
	return whole
}
