package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supportbot"
	"supportbot/internal/turn"
)

// conversation is what a store should hold of one, as plain values.
type conversation struct {
	thread   supportbot.Thread
	rows     []modelRow
	handled  int
	messages []supportbot.Message
	timers   map[supportbot.TimerKind]supportbot.Timer
	cases    int // so far
}

type modelRow struct {
	in      supportbot.Inbound
	digest  string
	outcome *supportbot.Outcome
	arrival int // among the rows of all conversations
}

// testModel plays random sequences on two conversations at a time and compares
// the store with the model after every step.
func testModel(t *testing.T, s Store) {
	ctx := t.Context()
	runs, arrivals := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		all := []*conversation{newConversation(runs, "a"), newConversation(runs, "b")}
		pick := rapid.SampledFrom(all)
		t.Repeat(map[string]func(*rapid.T){
			"accept": func(t *rapid.T) {
				arrivals++
				pick.Draw(t, "conversation").accept(ctx, t, s, arrivals)
			},
			"turn": func(t *rapid.T) { pick.Draw(t, "conversation").turn(ctx, t, s) },
			"": func(t *rapid.T) {
				for _, c := range all {
					c.check(ctx, t, s)
				}
				checkBacklog(ctx, t, s, all)
			},
		})
	})
}

func newConversation(run int, name string) *conversation {
	c := &conversation{timers: map[supportbot.TimerKind]supportbot.Timer{}}
	c.thread.Address = supportbot.Address{Channel: supportbot.REST, Peer: fmt.Sprint("run-", run, name)}
	return c
}

// accept offers a message whose id and body may have been there before.
func (c *conversation) accept(ctx context.Context, t *rapid.T, s Store, arrival int) {
	in := supportbot.Inbound{
		Address: c.thread.Address,
		ID:      rapid.SampledFrom([]string{"1", "2", "3", "4", "5"}).Draw(t, "id"),
		Kind:    rapid.SampledFrom([]supportbot.InboundKind{supportbot.InText, supportbot.InAgent, supportbot.InTimer}).Draw(t, "kind"),
		At:      noon,
	}
	digest := rapid.SampledFrom([]string{"x", "x", "x", "y"}).Draw(t, "digest")
	got, err := s.Accept(ctx, in, []byte(digest))

	i := slices.IndexFunc(c.rows, func(r modelRow) bool { return r.in.ID == in.ID && r.in.Kind == in.Kind })
	if i >= 0 && c.rows[i].digest != digest {
		if !errors.Is(err, supportbot.ErrConflict) {
			t.Fatalf("%v, want ErrConflict", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if i < 0 {
		i = len(c.rows)
		c.rows = append(c.rows, modelRow{in: in, digest: digest, arrival: arrival})
		c.thread.Tail++
	}
	if c.thread.ID == 0 {
		c.thread.ID = got.Thread
	}
	want := turn.Receipt{Thread: c.thread.ID, Seq: int64(i) + 1, Outcome: c.rows[i].outcome}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("receipt (-want +got):\n%s", diff)
	}
}

// turn commits a turn, which may come too late or open one case too many.
func (c *conversation) turn(ctx context.Context, t *rapid.T, s Store) {
	_, row, err := s.Next(ctx, c.thread.ID)
	if c.handled == len(c.rows) {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Fatalf("row %+v, %v; want none", row, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want := turn.Row{Seq: int64(c.handled) + 1, Inbound: c.rows[c.handled].in}
	if diff := cmp.Diff(want, row); diff != "" {
		t.Fatalf("next row (-want +got):\n%s", diff)
	}

	late := rapid.SampledFrom([]int64{0, 0, 0, 0, -1, 1})
	commit := supportbot.Commit{
		Thread:  c.thread.ID,
		Seq:     row.Seq + late.Draw(t, "other row"),
		Version: c.thread.Version + late.Draw(t, "other version"),
		Outcome: supportbot.Outcome{Flow: fmt.Sprint("flow ", row.Seq)},
	}
	commit.Session, _ = json.Marshal(row.Seq)
	for range rapid.IntRange(0, 3).Draw(t, "messages") {
		commit.Messages = append(commit.Messages, supportbot.Message{
			Seq: c.thread.LastSeq + int64(len(commit.Messages)) + 1, From: supportbot.FromBot, Text: rapid.String().Draw(t, "text"), At: noon,
		})
	}
	for _, kind := range []supportbot.TimerKind{supportbot.TimerSilence, supportbot.TimerWait} {
		switch rapid.SampledFrom([]string{"leave", "set", "cancel"}).Draw(t, string(kind)) {
		case "set":
			due := noon.Add(time.Duration(row.Seq) * time.Second)
			commit.Timers = append(commit.Timers, supportbot.Timer{Kind: kind, Gen: commit.Version, Due: due})
		case "cancel":
			commit.Timers = append(commit.Timers, supportbot.Timer{Kind: kind})
		}
	}
	tooMany := c.drawCase(t, &commit)

	err = s.Commit(ctx, commit)
	switch {
	case commit.Seq != row.Seq || commit.Version != c.thread.Version:
		if !errors.Is(err, supportbot.ErrFenced) {
			t.Fatalf("%v, want ErrFenced", err)
		}
	case tooMany:
		if err == nil {
			t.Fatal("two live cases")
		}
	case err != nil:
		t.Fatal(err)
	default:
		c.apply(commit)
	}
}

// drawCase may open, claim or end a case, or open one beside a live one.
func (c *conversation) drawCase(t *rapid.T, commit *supportbot.Commit) (tooMany bool) {
	move := rapid.SampledFrom([]string{"none", "open", "claim", "end"}).Draw(t, "case")
	live := c.thread.Case != nil && c.thread.Case.State.Live()
	switch {
	case move == "open":
		commit.Case = &supportbot.Case{
			ID: fmt.Sprintf("%d-%d", c.thread.ID, c.cases+1), Thread: c.thread.ID,
			State: supportbot.CaseWaiting, Priority: supportbot.Urgent, QueuedAt: noon,
		}
		return live
	case move == "claim" && live:
		next := *c.thread.Case
		next.State, next.Owner, next.Fence = supportbot.CaseActive, "li", next.Fence+1
		commit.Case = &next
	case move == "end" && live:
		next := *c.thread.Case
		next.State, next.Verdict = supportbot.CaseDone, supportbot.Verified
		commit.Case = &next
	}
	return false
}

func (c *conversation) apply(commit supportbot.Commit) {
	c.rows[c.handled].outcome = &commit.Outcome
	c.handled++
	c.thread.Head++
	c.thread.Version++
	c.thread.Session = commit.Session
	c.thread.LastSeq += int64(len(commit.Messages))
	c.messages = append(c.messages, commit.Messages...)
	if commit.Case != nil {
		if c.thread.Case == nil || c.thread.Case.ID != commit.Case.ID {
			c.cases++
		}
		c.thread.Case = commit.Case
	}
	for _, timer := range commit.Timers {
		if timer.Due.IsZero() {
			delete(c.timers, timer.Kind)
		} else {
			c.timers[timer.Kind] = timer
		}
	}
	c.thread.Timers = nil
	for _, kind := range slices.Sorted(maps.Keys(c.timers)) {
		c.thread.Timers = append(c.thread.Timers, c.timers[kind])
	}
}

func (c *conversation) check(ctx context.Context, t *rapid.T, s Store) {
	thread, err := s.Thread(ctx, c.thread.Address)
	if len(c.rows) == 0 {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Fatalf("conversation %+v, %v; want none", thread, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.thread, thread); diff != "" {
		t.Fatalf("conversation (-want +got):\n%s", diff)
	}
	messages, err := s.Messages(ctx, c.thread.ID, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.messages, messages); diff != "" {
		t.Fatalf("transcript (-want +got):\n%s", diff)
	}
}

// checkBacklog looks only at the conversations of this run.
func checkBacklog(ctx context.Context, t *rapid.T, s Store, all []*conversation) {
	got, err := s.Backlog(ctx, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	var waiting []*conversation
	for _, c := range all {
		if c.handled < len(c.rows) {
			waiting = append(waiting, c)
		}
	}
	slices.SortFunc(waiting, func(a, b *conversation) int {
		return a.rows[a.handled].arrival - b.rows[b.handled].arrival
	})
	var want []supportbot.ThreadID
	for _, c := range waiting {
		want = append(want, c.thread.ID)
	}
	got = slices.DeleteFunc(got, func(id supportbot.ThreadID) bool {
		return !slices.ContainsFunc(all, func(c *conversation) bool { return c.thread.ID == id })
	})
	if !slices.Equal(got, want) {
		t.Fatalf("backlog %v, want %v", got, want)
	}
}
