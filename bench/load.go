package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// load is persons who walk through the script, each conversation after the
// other, and send the next message as soon as the last one is answered.
type load struct {
	flow    flow
	addrs   []string // of the servers; the turns of a conversation go round them
	persons int
	turns   int // of a conversation; it goes no further
	total   int // conversations to hold; 0: as many as fit into the time
	name    string
}

// heard is what the persons of a load have seen.
type heard struct {
	took  []time.Duration // of the turns that were answered in the window
	right int             // answers that were the script's, also before the window
	wrong int             // answers that were not the script's
	kept  map[string]int  // turns that were acknowledged, by conversation
	err   error           // of the first person who could not go on
}

// run holds conversations until they are all held, or until the window has
// passed, which begins after a warm-up. The error says why a person gave up.
func (l load) run(ctx context.Context, warm, window time.Duration) heard {
	var next atomic.Int64
	from := time.Now().Add(warm)
	until := from.Add(window)
	results := make([]heard, l.persons)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			p := person{load: l, next: &next, from: from, until: until}
			p.kept = map[string]int{}
			p.err = p.talk(ctx)
			results[i] = p.heard
		})
	}
	all.Wait()
	total := heard{kept: map[string]int{}}
	for _, r := range results {
		total.took = append(total.took, r.took...)
		total.right, total.wrong = total.right+r.right, total.wrong+r.wrong
		for name, turns := range r.kept {
			total.kept[name] = turns
		}
		if total.err == nil {
			total.err = r.err
		}
	}
	return total
}

type person struct {
	load
	heard
	next        *atomic.Int64
	from, until time.Time
	clients     []*client
}

func (p *person) talk(ctx context.Context) error {
	for _, addr := range p.addrs {
		c, err := dial(ctx, addr)
		if err != nil {
			return err
		}
		defer c.close()
		p.clients = append(p.clients, c)
	}
	for {
		number := p.next.Add(1)
		if p.total > 0 && number > int64(p.total) {
			return nil
		}
		name := fmt.Sprintf("%s-%07d", p.name, number)
		for turn := range p.turns {
			if p.total == 0 && time.Now().After(p.until) || ctx.Err() != nil {
				return ctx.Err()
			}
			if err := p.say(name, turn); err != nil {
				return err
			}
		}
	}
}

// say takes one turn, and checks what is answered to it.
func (p *person) say(name string, turn int) error {
	begun := time.Now()
	status, body, err := p.clients[turn%len(p.clients)].say(p.flow, name, turn)
	if err != nil {
		return err
	}
	answered := time.Now()
	if status != http.StatusOK || !bytes.Equal(body, p.flow[turn].Reply) {
		p.wrong++
		return nil
	}
	p.right++
	p.kept[name] = turn + 1
	if answered.After(p.from) && answered.Before(p.until) {
		p.took = append(p.took, answered.Sub(begun))
	}
	return nil
}
