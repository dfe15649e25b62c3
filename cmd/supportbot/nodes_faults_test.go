package main

import (
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// TestWhatADeadNodeHasAcceptedIsFinished accepts a message as a node that dies
// before its turn, and sees another node answer it: not while the first may
// still be at it, but within ten seconds.
func TestWhatADeadNodeHasAcceptedIsFinished(t *testing.T) {
	t.Parallel() // it mostly waits
	for _, place := range []string{pgtest.Database(t), t.TempDir()} {
		dead, err := store.Open(t.Context(), place, testKey())
		if err != nil {
			t.Fatal(err)
		}
		in := supportbot.Inbound{
			Address: supportbot.Address{Channel: supportbot.REST, Peer: "c"}, ID: "1", Kind: supportbot.InText, Text: "POS机密码忘了", At: time.Now(),
		}
		if _, err := dead.Accept(t.Context(), in, nil); err != nil {
			t.Fatal(err)
		}
		accepted := time.Now()
		s := nodes(t, place, 1)[0]
		for len(transcriptOf(s, "c")) == 0 {
			if time.Since(accepted) > 10*time.Second {
				t.Fatal("nobody finished the turn within ten seconds")
			}
			time.Sleep(50 * time.Millisecond)
		}
		took := time.Since(accepted)
		t.Logf("finished after %s", took)
		if took < 4*time.Second {
			t.Errorf("taken over after %s, from a node that may live", took)
		}
		dead.Close()
	}
}

// TestNodesAreKilledInTurn kills each of three nodes under load.
func TestNodesAreKilledInTurn(t *testing.T) {
	database := pgtest.Database(t)
	all := nodes(t, database, 3)
	l := talk(t, all, 8)
	for i := range all {
		time.Sleep(500 * time.Millisecond)
		all[i].kill()
		time.Sleep(500 * time.Millisecond)
		all[i] = nodes(t, database, 1)[0]
		l.setURL(i, all[i].url)
	}
	l.check(all[0])
	idle(t, database, 10*time.Second)
}

// TestRollingRestart stops and starts each of three nodes under load.
func TestRollingRestart(t *testing.T) {
	database := pgtest.Database(t)
	all := nodes(t, database, 3)
	l := talk(t, all, 8)
	for i := range all {
		time.Sleep(300 * time.Millisecond)
		all[i].stop()
		all[i] = nodes(t, database, 1)[0]
		l.setURL(i, all[i].url)
	}
	l.check(all[2])
	idle(t, database, time.Second)
}
