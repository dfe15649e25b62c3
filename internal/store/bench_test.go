package store

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"supportbot"
)

// BenchmarkTurn takes one message of a person all the way: Accept, Next and
// Commit, as many at a time as there are processors.
func BenchmarkTurn(b *testing.B) {
	s := openAt(b, b.TempDir())
	var persons atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		person := supportbot.Address{Channel: supportbot.Web, Peer: fmt.Sprint(persons.Add(1))}
		for n := 0; pb.Next(); n++ {
			if err := oneTurn(b, s, person, n); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func oneTurn(b *testing.B, s *Store, person supportbot.Address, n int) error {
	now := time.Now()
	in := supportbot.Inbound{
		Address: person, ID: fmt.Sprint(n), Kind: supportbot.InText, Text: "the terminal does not bind", At: now,
	}
	r, err := s.Accept(b.Context(), in, []byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		return err
	}
	t, row, err := s.Next(b.Context(), r.Thread)
	if err != nil {
		return err
	}
	said := supportbot.Message{Seq: t.LastSeq + 1, From: supportbot.FromUser, Text: row.Inbound.Text, At: now}
	reply := supportbot.Message{
		Seq: t.LastSeq + 2, From: supportbot.FromBot, Text: "Is the light on the back green?", At: now,
		Choices: []supportbot.Choice{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}},
	}
	return s.Commit(b.Context(), supportbot.Commit{
		Thread: r.Thread, Seq: row.Seq, Version: t.Version,
		Session:  json.RawMessage(`{"flow": "bind", "step": "light", "slots": {"model": "A920"}}`),
		Events:   []supportbot.LogEvent{{Type: "turn", Payload: json.RawMessage(`{"reading": {"topic": "bind"}}`)}},
		Messages: []supportbot.Message{said, reply},
		Timers:   []supportbot.Timer{{Kind: supportbot.TimerSilence, Gen: t.Version, Due: now.Add(time.Hour)}},
		Outcome:  supportbot.Outcome{Seq: said.Seq, Replies: []supportbot.Message{reply}, Flow: "bind", Step: "light"},
	})
}
