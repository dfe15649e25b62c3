// Package explore talks to the bot at random, for as long as one likes, and
// looks after every turn whether what must always hold still holds.
//
// A walk is one conversation: a person, an agent and time take turns as they
// please. Of all that could be done at a place, what was done least there is
// done next, so that every question meets everything a person can do to it.
// Every step of a walk is a turn of a transcript; a walk in which something went
// wrong is shortened to the turns that matter, and can be kept as a test.
package explore

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/transcript"
	"supportbot/internal/turn"
	"supportbot/kb"
)

// Explorer walks one content. It may be used once at a time.
type Explorer struct {
	book     *dialog.Book
	reader   *memory
	words    wordings
	promises promises
	forged   forgeries
	scope    scope
	lost     map[string]bool // what the engine says when the content has changed, which it never does here
	play     play
}

// play takes a player through one turn; tests put faults here.
type play func(*transcript.Player, transcript.Turn) (transcript.Turn, supportbot.Outcome, error)

// New makes an explorer of the content that was loaded from files.
func New(files fs.FS, content turn.Content, base *kb.Base) (*Explorer, error) {
	promises, err := readPromises(files)
	if err != nil {
		return nil, err
	}
	lost := map[string]bool{}
	for _, s := range content.Book.Sayings() {
		if s.Flow == "pattern-lost" || s.Flow == "pattern-changed" {
			for _, words := range s.Text.Written {
				lost[words] = true
			}
		}
	}
	return &Explorer{
		book:     content.Book,
		reader:   &memory{reader: content.Reader, readings: map[string]supportbot.Reading{}},
		words:    gather(content.Book, base),
		promises: promises,
		forged:   forge(promises),
		lost:     lost,
		play:     (*transcript.Player).PlayOutcome,
	}, nil
}

const (
	walkLength  = 40 // turns
	roundLength = 16 // walks that start from the same counts, so that they can run beside each other
	maxFindings = 10 // enough to mend before going on
)

// Explore walks until so many events were played, ctx ends or too much was
// found. The same seed on the same content gives the same report, but for the
// time that it took.
func (e *Explorer) Explore(ctx context.Context, seed uint64, events int) Report {
	began := time.Now()
	r := Report{Seed: seed, coverage: newCoverage()}
	known := map[string]bool{}
	for r.Events < events && len(r.Findings) < maxFindings && ctx.Err() == nil {
		for _, w := range e.round(seed, r.Walks, min(events-r.Events, roundLength*walkLength), r.coverage) {
			r.Walks++
			r.Events += w.events
			r.coverage.add(w.coverage)
			if f := w.finding; f != nil && !known[f.key()] {
				known[f.key()] = true
				if short := e.shrink(*f); !known[short.key()+short.yaml()] {
					known[short.key()+short.yaml()] = true
					short.Place = e.where(short)
					r.Findings = append(r.Findings, short)
				}
			}
		}
	}
	r.sum(e.book, e.scope)
	r.Took = time.Since(began)
	return r
}

// round plays some walks side by side. Each depends only on its number and on
// what was counted before the round, so neither the number of processors nor
// their speed changes what comes out.
func (e *Explorer) round(seed uint64, first, events int, counted *coverage) []*walk {
	walks := make([]*walk, (events+walkLength-1)/walkLength)
	var wait sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range walks {
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			n := uint64(first + i)
			walks[i] = e.walk(rand.New(rand.NewPCG(seed, n)), int(n), min(walkLength, events-i*walkLength), counted)
		})
	}
	wait.Wait()
	return walks
}

// Finding is something that must always hold and did not.
type Finding struct {
	Invariant string
	Saw       string
	Place     string                // of the step where it was seen, as file:line; "" where nothing was open
	Walk      transcript.Transcript // the last turn is where it was seen
	prefix    int                   // how many turns lead there; the rest is a probe
}

// key tells findings of the same kind at the same place.
func (f Finding) key() string {
	place := ""
	if f.prefix > 0 {
		place = f.Walk.Turns[f.prefix-1].At
	}
	return fmt.Sprintf("%s at %s", f.Invariant, place)
}

// where is the file and line of the step at which something was found: that of
// the last turn with one, before a probe began.
func (e *Explorer) where(f Finding) string {
	at := ""
	for _, t := range f.Walk.Turns[:f.prefix] {
		if t.At != "" {
			at = t.At
		}
	}
	flow, step, _ := strings.Cut(at, "/")
	file, line := e.book.Place(flow, step)
	if file == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", file, line)
}
