package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/seal"
	"supportbot/internal/store"
)

// goFor is how many agents go for each case.
const goFor = 2

// claimEvery is how often an agent goes for a case: far more often than people
// do.
const claimEvery = time.Second

// desk is part g: agents who claim what waits, on SQLite.
func (b *bench) desk(ctx context.Context) error {
	agents, cases := pick(b, 200, 20), pick(b, 5000, 100)
	section("g. The agents' desk", `%d cases wait, and %d agents go for them, each for one a second; %d go for each case, and one may win it.`, cases, agents, goFor)
	p, err := b.serve(ctx, "desk")
	if err != nil {
		return err
	}
	defer stopAll(p)
	d := desk{addr: p.addr, winners: map[string][]string{}}
	if d.tokens, err = hire(ctx, filepath.Join(b.dir, "desk"), agents); err != nil {
		return err
	}
	if err := d.open(ctx, cases); err != nil {
		return err
	}
	done := watchCPU(p.pids)
	begun := time.Now()
	if err := d.claim(ctx); err != nil {
		return err
	}
	took, cpu := time.Since(begun), done()
	two, none := 0, 0
	for _, id := range d.cases {
		switch n := len(d.winners[id]); {
		case n > 1:
			two++
		case n == 0:
			none++
		}
	}
	slices.Sort(d.took)
	p50, p99 := quantile(d.took, 0.5), quantile(d.took, 0.99)
	header("claims", "claims/s", "p50 ms", "p99 ms", "cases with two owners", "without one", "CPU: server / generator / others")
	line(fmt.Sprint(len(d.took)), rate(float64(len(d.took))/took.Seconds()), milliseconds(p50), milliseconds(p99), fmt.Sprint(two), fmt.Sprint(none),
		percent(cpu.servers)+" / "+percent(cpu.generator)+" / "+percent(cpu.foreign))
	b.goal(two == 0 && none == 0, "of %[2]d cases %[1]d have two owners and %[3]d none", two, cases, none)
	b.goal(p99 < 100*time.Millisecond, "p99 of a claim is %s ms with %d agents and %d cases; less than 100", milliseconds(p99), agents, cases)
	return nil
}

// hire adds agents to a server's database and returns their tokens.
func hire(ctx context.Context, dir string, n int) (tokens []string, err error) {
	s, err := store.Open(ctx, dir, seal.Place{File: os.Getenv(keyFile)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for i := range n {
		name := fmt.Sprintf("agent%03d", i)
		token, sum := handoff.NewToken()
		err := errors.Join(
			s.AddAgent(ctx, handoff.Agent{Name: name, Role: handoff.RoleAgent}),
			s.SetProfile(ctx, name, handoff.Profile{Capacity: handoff.MaxCapacity}, ""),
			s.AddToken(ctx, name, sum, time.Time{}),
		)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// desk is the cases that wait, and what agents have done about them.
type desk struct {
	addr   string
	tokens []string
	cases  []string

	mu      sync.Mutex
	took    []time.Duration
	winners map[string][]string // fences that were given out, by case
}

// open has persons ask for an agent until so many cases wait.
func (d *desk) open(ctx context.Context, n int) error {
	return d.each(ctx, goalCrowd, func(c *client, who int) error {
		for i := who; i < n; i += goalCrowd {
			body, err := json.Marshal(message{Conversation: fmt.Sprintf("desk-%05d", i), ID: "1", Text: "转人工", Language: supportbot.Chinese})
			if err != nil {
				return err
			}
			status, answer, err := c.request(http.MethodPost, "/api/v1/messages", restKey, body)
			if err != nil {
				return err
			}
			var opened struct{ Case *supportbot.CaseRef }
			if err := json.Unmarshal(answer, &opened); err != nil || opened.Case == nil {
				return fmt.Errorf("bench/desk.go: no case is opened, status %d: %.200s", status, answer)
			}
			d.mu.Lock()
			d.cases = append(d.cases, opened.Case.ID)
			d.mu.Unlock()
		}
		return nil
	})
}

// claim has every agent go for a share of the cases, one a second.
func (d *desk) claim(ctx context.Context) error {
	return d.each(ctx, len(d.tokens), func(c *client, who int) error {
		next := time.Now().Add(claimEvery * time.Duration(who) / time.Duration(len(d.tokens)))
		for i := who; i < goFor*len(d.cases); i += len(d.tokens) {
			time.Sleep(time.Until(next))
			next = next.Add(claimEvery)
			if err := d.goFor(c, d.tokens[who], d.cases[i/goFor]); err != nil || ctx.Err() != nil {
				return errors.Join(err, ctx.Err())
			}
		}
		return nil
	})
}

// goFor claims one case.
func (d *desk) goFor(c *client, token, id string) error {
	begun := time.Now()
	status, answer, err := c.request(http.MethodPost, "/console/api/cases/"+id+"/claim", token, nil)
	if err != nil {
		return err
	}
	took := time.Since(begun)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.took = append(d.took, took)
	switch status {
	case http.StatusOK:
		d.winners[id] = append(d.winners[id], string(answer))
	case http.StatusConflict:
	default:
		return fmt.Errorf("claim %s: status %d: %.200s", id, status, answer)
	}
	return nil
}

// each runs f for so many people at once, each on a connection of their own.
func (d *desk) each(ctx context.Context, n int, f func(c *client, who int) error) error {
	failed := make([]error, n)
	var all sync.WaitGroup
	for who := range n {
		all.Go(func() {
			c, err := dial(ctx, d.addr)
			if err != nil {
				failed[who] = err
				return
			}
			defer c.close()
			failed[who] = f(c, who)
		})
	}
	all.Wait()
	return errors.Join(failed...)
}
