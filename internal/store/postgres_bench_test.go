package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/store/pgtest"
)

// BenchmarkPostgres takes messages the way that the program does while nothing
// else waits, Thread and Take, by so many callers at once; beside it a bare loop
// of the statement that Take is, with parameters made beforehand, and one of an
// insert of one row, which shows what a commit costs. The server waits for its
// disk.
func BenchmarkPostgres(b *testing.B) {
	server := pgtest.Start(b)
	s := openAt(b, server.Database(b))
	db := s.db.(*postgresDB)
	if _, err := db.pool.Exec(b.Context(), `CREATE TABLE bare (at BIGINT)`); err != nil {
		b.Fatal(err)
	}
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("turn/", callers), func(b *testing.B) {
			together(b, callers, func(ctx context.Context, p *benchPerson) error {
				t, err := s.Thread(ctx, p.Address)
				if err != nil {
					return err
				}
				in, c := p.turn(t)
				_, err = s.Take(ctx, in, benchDigest, c)
				return err
			}, s)
		})
		b.Run(fmt.Sprint("statement/", callers), func(b *testing.B) {
			together(b, callers, func(ctx context.Context, p *benchPerson) error {
				p.values["seq"], p.values["version"] = p.thread.Tail+1, p.thread.Version
				p.values["last_seq"], p.values["ext_id"] = p.thread.LastSeq, fmt.Sprint("bare ", p.thread.Tail)
				done, err := db.pool.Exec(ctx, pgTake.text, pgTake.args(p.values)...)
				if err == nil && done.RowsAffected() != 1 {
					err = supportbot.ErrFenced
				}
				p.thread.Tail, p.thread.Version, p.thread.LastSeq = p.thread.Tail+1, p.thread.Version+1, p.thread.LastSeq+2
				return err
			}, s)
		})
		b.Run(fmt.Sprint("insert/", callers), func(b *testing.B) {
			together(b, callers, func(ctx context.Context, p *benchPerson) error {
				_, err := db.pool.Exec(ctx, `INSERT INTO bare (at) VALUES ($1)`, p.thread.Tail)
				return err
			}, s)
		})
	}
}

var benchDigest = []byte("0123456789abcdef0123456789abcdef")

// benchPerson has a conversation and the parameters of its first turn.
type benchPerson struct {
	supportbot.Address
	thread supportbot.Thread
	values map[string]any
}

// together has callers do f b.N times among them, each in a conversation of its
// own, and reports how long the slowest hundredth took.
func together(b *testing.B, callers int, f func(context.Context, *benchPerson) error, s *Store) {
	persons := make([]*benchPerson, callers)
	for i := range persons {
		p := &benchPerson{Address: supportbot.Address{Channel: supportbot.Web, Peer: rand.Text()}}
		if err := oneTurn(b, s, p.Address, -1); err != nil {
			b.Fatal(err)
		}
		var err error
		if p.thread, err = s.Thread(b.Context(), p.Address); err != nil {
			b.Fatal(err)
		}
		in, c := p.turn(p.thread)
		k, err := s.sealTurn(b.Context(), c)
		if err != nil {
			b.Fatal(err)
		}
		arrived, err := sealIn(k.home, in, benchDigest)
		if err != nil {
			b.Fatal(err)
		}
		if p.values, err = turnValues(k); err != nil {
			b.Fatal(err)
		}
		maps.Copy(p.values, inboxValues(arrived))
		persons[i] = p
	}
	took := make([][]time.Duration, callers)
	var all sync.WaitGroup
	b.ResetTimer()
	for i, p := range persons {
		all.Go(func() {
			for n := i; n < b.N; n += callers {
				begun := time.Now()
				if err := f(b.Context(), p); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(begun))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	each := slices.Concat(took...)
	slices.Sort(each)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
	b.ReportMetric(float64(each[len(each)*99/100].Microseconds())/1000, "p99-ms")
}

// turn is the turn of the next message on a thread.
func (p *benchPerson) turn(t supportbot.Thread) (supportbot.Inbound, supportbot.Commit) {
	now := time.Now()
	in := supportbot.Inbound{Address: p.Address, ID: fmt.Sprint(t.Tail), Kind: supportbot.InText, Text: "the terminal does not bind", At: now}
	said := supportbot.Message{Seq: t.LastSeq + 1, From: supportbot.FromUser, Text: in.Text, At: now}
	reply := supportbot.Message{
		Seq: t.LastSeq + 2, From: supportbot.FromBot, Text: "Is the light on the back green?", At: now,
		Choices: []supportbot.Choice{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}},
	}
	return in, supportbot.Commit{
		Thread: t.ID, Seq: t.Tail + 1, Version: t.Version,
		Session:  json.RawMessage(`{"flow": "bind", "step": "light", "slots": {"model": "A920"}}`),
		Events:   []supportbot.LogEvent{{Type: "turn", Payload: json.RawMessage(`{"reading": {"topic": "bind"}}`)}},
		Messages: []supportbot.Message{said, reply},
		Timers:   []supportbot.Timer{{Kind: supportbot.TimerSilence, Gen: t.Version, Due: now.Add(time.Hour)}},
		Outcome:  supportbot.Outcome{Seq: said.Seq, Replies: []supportbot.Message{reply}, Flow: "bind", Step: "light"},
	}
}
