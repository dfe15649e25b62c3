package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supportbot"
	"supportbot/internal/nettest"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// TestABadNetworkToTheDatabase has one of two nodes reach its database over a
// network with faults, while people talk to both.
func TestABadNetworkToTheDatabase(t *testing.T) {
	t.Parallel() // it mostly waits
	for name, suffer := range map[string]func(*testing.T, *nettest.Network){
		"severed": func(t *testing.T, n *nettest.Network) {
			for range 5 {
				n.Suffer(t, "reset_peer", `{"timeout": 0}`)
				time.Sleep(200 * time.Millisecond)
				n.Mend(t)
				time.Sleep(200 * time.Millisecond)
			}
		},
		"gone and back": func(t *testing.T, n *nettest.Network) {
			for range 2 {
				n.Part()
				time.Sleep(time.Second)
				n.Join(t)
				time.Sleep(time.Second)
			}
		},
		"slow": func(t *testing.T, n *nettest.Network) {
			n.Suffer(t, "latency", `{"latency": 100, "jitter": 80}`)
			n.Suffer(t, "bandwidth", `{"rate": 200}`) // kB/s
			n.Suffer(t, "slicer", `{"average_size": 200, "size_variation": 100, "delay": 100}`)
			time.Sleep(4 * time.Second)
		},
		"held up, and then all at once": func(t *testing.T, n *nettest.Network) {
			n.Suffer(t, "latency", `{"latency": 60000}`)
			time.Sleep(6 * time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			database := pgtest.Database(t)
			n, through := nettest.Before(t, database)
			all := append(nodes(t, database, 1), nodes(t, through, 1)...)
			l := talk(t, all, 8)
			time.Sleep(300 * time.Millisecond)
			suffer(t, n)
			n.Mend(t)
			all[1].becomes(http.StatusOK, 5*time.Second)
			time.Sleep(300 * time.Millisecond)
			l.check(all[1])
			idle(t, database, 10*time.Second)
		})
	}
}

// TestADatabaseThatFallsSilent has the network between a node and its database
// swallow everything: no answer, no error, and the connections of that time stay
// dead. The node says so, refuses what it cannot keep, and comes back by itself.
func TestADatabaseThatFallsSilent(t *testing.T) {
	t.Parallel() // it mostly waits
	database := pgtest.Database(t)
	n, through := nettest.Before(t, database)
	near, far := nodes(t, database, 1)[0], nodes(t, through, 1)[0]
	far.says("0", "POS机密码忘了")
	l := talk(t, []*server{near, far}, 8)
	time.Sleep(300 * time.Millisecond)

	const silence = 12 * time.Second
	n.Swallow(t, silence)
	begun := time.Now()
	far.becomes(http.StatusServiceUnavailable, 3*time.Second)
	status, answer := far.rest(restKey, "POST", "/api/v1/messages", `{"conversation":"c","id":"1","text":"手机银行"}`)
	took := time.Since(begun)
	t.Logf("a message was refused with %d after %s", status, took)
	if status != http.StatusServiceUnavailable || took > silence {
		t.Errorf("%d %v after %s", status, answer, took)
	}
	time.Sleep(time.Until(begun.Add(silence)))

	back := time.Now()
	far.becomes(http.StatusOK, 5*time.Second)
	said, _ := far.says("1", "手机银行")
	far.reads(said, "能登录了吗")
	t.Logf("it answers again after %s", time.Since(back))
	l.check(far)
	near.kill()
	leaveBehind(t, database, "left")
	for len(transcriptOf(far, "left")) == 0 {
		if time.Since(back) > 30*time.Second {
			t.Fatal("what a dead node has left is not finished")
		}
		time.Sleep(50 * time.Millisecond)
	}
	idle(t, database, 10*time.Second)
	listens(t, database, back)
}

// leaveBehind accepts a message as a node that dies before its turn.
func leaveBehind(t *testing.T, database, conversation string) {
	t.Helper()
	dead, err := store.Open(t.Context(), database, testKey())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dead.Close() })
	in := supportbot.Inbound{
		Address: supportbot.Address{Channel: supportbot.REST, Peer: conversation}, ID: "1", Kind: supportbot.InText, Text: "POS机密码忘了", At: time.Now(),
	}
	if _, err := dead.Accept(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
}

// listens waits for a process that has begun to listen for hints since a moment.
func listens(t *testing.T, database string, since time.Time) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var n int
		err := db.QueryRow(t.Context(), `
			SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE 'LISTEN%' AND backend_start > $1`, since).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Logf("it hears of others again after %s", time.Since(since))
			return
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the node does not listen any more")
		}
	}
}

// becomes waits until /readyz has a status.
func (s *server) becomes(status int, within time.Duration) {
	s.Helper()
	begun := time.Now()
	for {
		got, body := s.get("/readyz")
		if got == status {
			s.Logf("/readyz is %d after %s", status, time.Since(begun))
			return
		}
		if time.Since(begun) > within {
			s.Fatalf("/readyz is %d after %s, want %d: %s", got, within, status, strings.TrimSpace(body))
		}
		time.Sleep(20 * time.Millisecond)
	}
}
