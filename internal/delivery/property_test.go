package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/internal/delivery"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// expect tells what becomes of a conversation whose messages meet these faults:
// which arrive, and which are parked.
func expect(scripts [][]fault) (arrive, parked []int64) {
	for i, script := range scripts {
		seq := int64(i) + 1
		refusals, arrived, over := 0, false, len(script) >= delivery.QuickTries
		for _, f := range script {
			arrived = arrived || f.arrives()
			if f == refused {
				refusals++
			}
			if over = over || f == gone || refusals == delivery.QuickRefusals; over {
				break
			}
		}
		if arrived || !over {
			arrive = append(arrive, seq)
		}
		if over {
			parked = append(parked, seq)
		}
		if over && slices.Contains(script, gone) && refusals < delivery.QuickRefusals {
			for rest := seq + 1; rest <= int64(len(scripts)); rest++ {
				parked = append(parked, rest)
			}
			break
		}
	}
	return arrive, parked
}

// TestAnyFaults sends to several persons at a time from two nodes that may die,
// and tells whether everybody got everything, in order, and nothing twice
// without need.
func TestAnyFaults(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { t.Parallel(); testAnyFaults(t, openStore(t, t.TempDir())) })
	t.Run("PostgreSQL", func(t *testing.T) { t.Parallel(); testAnyFaults(t, openStore(t, pgtest.Database(t))) })
}

func testAnyFaults(t *testing.T, s *store.Store) {
	run, tries, twice, deaths := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		w := newWorld(s, supportbot.Channel(fmt.Sprint(run)))
		defer w.end()
		scripts := map[string][][]fault{}
		threads := map[supportbot.ThreadID]string{}
		for i := range rapid.IntRange(1, 6).Draw(t, "persons") {
			peer := fmt.Sprint(run, "/", i)
			all := rapid.SliceOfN(rapid.SliceOfN(rapid.SampledFrom(faults), 0, 3), 1, 4).Draw(t, "faults")
			if rapid.IntRange(0, 9).Draw(t, "hopeless") == 0 {
				all[0] = slices.Repeat([]fault{rapid.SampledFrom([]fault{absent, lost, limited, refused}).Draw(t, "always")}, delivery.QuickTries)
			}
			scripts[peer] = all
			for m, script := range all {
				w.scripts[place(supportbot.Address{Peer: peer}, int64(m)+1)] = script
			}
			id, err := w.says(t.Context(), peer, len(all))
			if err != nil {
				t.Fatal(err)
			}
			threads[id] = peer
		}
		loop := w.start()
		w.start()
		for id := range threads {
			loop.Hint(id)
		}
		w.waitUntilSettled(t)
		w.end()

		parked, err := s.Undeliverable(t.Context(), 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		for peer, script := range scripts {
			wantArrive, wantParked := expect(script)
			var gotParked []int64
			for _, u := range parked {
				if u.To.Peer == peer {
					gotParked = append(gotParked, u.Message)
				}
			}
			slices.Sort(gotParked)
			if !slices.Equal(gotParked, wantParked) {
				t.Errorf("%v: messages %v are parked, want %v", script, gotParked, wantParked)
			}
			twice += w.checkArrivals(t, peer, script, wantArrive)
		}
		if w.robbed > 0 {
			t.Errorf("%d times a node lost a conversation that it had claimed", w.robbed)
		}
		tries += w.tries
		deaths += w.deaths
	})
	t.Logf("%d runs, %d tries, %d deaths, %d repeats", run, tries, deaths, twice)
}

// waitUntilSettled returns once every message is sent or parked.
func (w *world) waitUntilSettled(t *rapid.T) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left, err := w.store.Figures(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if left.Outbox.Waiting == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d messages are not settled", left.Outbox.Waiting)
		}
	}
}

// checkArrivals returns how many messages came again.
func (w *world) checkArrivals(t *rapid.T, peer string, script [][]fault, want []int64) (twice int) {
	var first []int64
	keys := map[int64]string{}
	seqs := map[string]int64{}
	times := map[int64]int{}
	for _, a := range w.arrived[peer] {
		if times[a.seq]++; times[a.seq] == 1 {
			first = append(first, a.seq)
			if other, taken := seqs[a.key]; taken {
				t.Errorf("messages %d and %d have the same key", other, a.seq)
			}
			keys[a.seq], seqs[a.key] = a.key, a.seq
		}
		if keys[a.seq] != a.key {
			t.Errorf("message %d came under another key", a.seq)
		}
	}
	if !slices.Equal(first, want) {
		t.Errorf("%v: messages %v arrived in this order, want %v", script, first, want)
	}
	for seq, n := range times {
		allowed := 1 + w.slipped[keys[seq]]
		for _, f := range script[seq-1] {
			if f.arrives() && f != died && f != stalls { // those two did not settle, which is counted
				allowed++
			}
		}
		if n > allowed {
			t.Errorf("%v: message %d came %d times, for which there is no reason", script, seq, n)
		}
		twice += n - 1
	}
	return twice
}
