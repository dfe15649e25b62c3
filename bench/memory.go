package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"
)

// Goals of part b, in bytes of a conversation that is open and idle.
const (
	maxKept     = 4 << 10
	maxResident = 1 << 10
)

// memory is part b: what a conversation costs while nothing is said in it.
func (b *bench) memory(ctx context.Context) error {
	conversations := pick(b, 100_000, 2_000)
	const turns = 2
	section("b. Memory of idle conversations", "%d conversations that stand at a question after %d turns.", conversations, turns)
	server, err := b.serve(ctx, "memory")
	if err != nil {
		return err
	}
	defer stopAll(server)
	fill := load{flow: b.flow, addrs: []string{server.addr}, persons: goalCrowd, turns: turns}
	fill.name, fill.total = "warm", 500 // so that what is made once is there before
	if h := fill.run(ctx, 0, 0); h.err != nil || h.wrong > 0 {
		return fmt.Errorf("%d wrong answers: %w", h.wrong, h.err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, "memory", "supportbot.db")+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	defer db.Close()
	residentBefore := resident(server.pid())
	tablesBefore, err := sizes(ctx, db)
	if err != nil {
		return err
	}
	fill.name, fill.total = "live", conversations
	begun := time.Now()
	if h := fill.run(ctx, 0, 0); h.err != nil || h.wrong > 0 {
		return fmt.Errorf("%d wrong answers: %w", h.wrong, h.err)
	}
	fmt.Printf("Filled in %s. ", time.Since(begun).Round(time.Second))
	residentAfter, waited := b.quietMemory(ctx, server)
	tablesAfter, err := sizes(ctx, db)
	if err != nil {
		return err
	}
	fmt.Printf("Resident memory was %d MB before, %d MB %s after.\n\n", residentBefore>>20, residentAfter>>20, waited)

	header("table or index", "bytes a conversation")
	var kept int64
	for _, t := range tablesAfter {
		each := (t.bytes - tablesBefore.of(t.name)) / int64(conversations)
		kept += each
		if each > 0 {
			line(t.name, fmt.Sprint(each))
		}
	}
	inRAM := (residentAfter - residentBefore) / int64(conversations)
	line("together, in the database", fmt.Sprint(kept))
	line("resident memory of the server", fmt.Sprint(inRAM))
	b.goal(kept <= maxKept, "%d bytes in the database for an idle conversation; at most %d", kept, maxKept)
	b.goal(inRAM <= maxResident, "%d bytes of RAM for an idle conversation; at most %d", inRAM, maxResident)
	return nil
}

// quietMemory waits until the server's garbage is collected, which Go does after
// two minutes without allocation at the latest, and returns what stays resident.
func (b *bench) quietMemory(ctx context.Context, server *process) (bytes int64, waited time.Duration) {
	waited = pick(b, 130*time.Second, 2*time.Second)
	select {
	case <-time.After(waited):
	case <-ctx.Done():
	}
	return resident(server.pid()), waited
}

// size is that of a table or an index in the database, in bytes.
type size struct {
	name  string
	bytes int64
}

type databaseSize []size

// sizes lists tables and indexes, the largest first.
func sizes(ctx context.Context, db *sql.DB) (all databaseSize, err error) {
	found, err := db.QueryContext(ctx, `SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		var s size
		if err := found.Scan(&s.name, &s.bytes); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, found.Err()
}

func (all databaseSize) of(name string) int64 {
	for _, s := range all {
		if s.name == name {
			return s.bytes
		}
	}
	return 0
}
