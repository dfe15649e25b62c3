package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"supportbot"
)

func TestFullDisk(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	s := openAt(t, dir)
	setPages := func(max string) {
		t.Helper()
		writes(t, s, "PRAGMA max_page_count = "+max)
	}
	setPages("1") // no more than there are already

	// Messages are acknowledged until the disk is full.
	var acknowledged int64
	long := strings.Repeat("x", 5000)
	for {
		_, err := s.Accept(ctx, says(fmt.Sprint(acknowledged+1), long), nil)
		if liteFails(err, sqlite3.SQLITE_FULL) {
			break
		}
		if err != nil || acknowledged > 100 {
			t.Fatalf("message %d: %v", acknowledged+1, err)
		}
		acknowledged++
	}
	setPages("1000")
	first, err := s.Accept(ctx, says("first", "hello"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Seq != acknowledged+1 {
		t.Errorf("row %d after %d acknowledged messages", first.Seq, acknowledged)
	}
	setPages("1")

	// So it is with turns: all of it or nothing.
	c := supportbot.Commit{
		Thread: first.Thread, Seq: 1,
		Events: []supportbot.LogEvent{{Type: "turn"}},
		Case:   &supportbot.Case{ID: "1-1", State: supportbot.CaseWaiting},
		Timers: []supportbot.Timer{{Kind: supportbot.TimerWait, Due: time.Now()}},
	}
	for seq := range int64(20) {
		c.Messages = append(c.Messages, supportbot.Message{Seq: seq + 1, From: supportbot.FromBot, Text: long})
	}
	if err := s.Commit(ctx, c); !liteFails(err, sqlite3.SQLITE_FULL) {
		t.Errorf("Commit: %v, want SQLITE_FULL", err)
	}
	thread, next, err := s.Next(ctx, c.Thread)
	if err != nil || next.Seq != 1 || thread.Version != 0 || thread.Case != nil || thread.Timers != nil {
		t.Errorf("after a turn that failed: row %d of %+v, %v", next.Seq, thread, err)
	}

	// When there is room again the same process goes on.
	setPages("1000")
	if err := s.Commit(ctx, c); err != nil {
		t.Error(err)
	}
	wantRows(t, s, int(first.Seq))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	var verdict string
	if err := row(ctx, openAt(t, dir).read, "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity check: %s, %v", verdict, err)
	}
}

func TestWaitForAnotherWriter(t *testing.T) {
	dir := t.TempDir()
	s, other := openAt(t, dir), openAt(t, dir)
	begun, done := make(chan bool), make(chan bool)
	var holding sync.WaitGroup
	holding.Go(func() {
		other.update(t.Context(), func(context.Context, conn) error { close(begun); <-done; return nil })
	})
	defer holding.Wait()
	<-begun

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Accept(ctx, says("1", "hello"), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Accept while another writes: %v, want the context's error", err)
	}
	if _, err := s.Backlog(t.Context(), 9); err != nil {
		t.Errorf("reading while another writes: %v", err)
	}

	time.AfterFunc(50*time.Millisecond, func() { close(done) })
	r, err := s.Accept(t.Context(), says("2", "hello"), nil)
	if err != nil || r.Seq != 1 {
		t.Errorf("Accept once the other is done: row %d, %v", r.Seq, err)
	}
}
