package turn_test

import (
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supportbot"
	"supportbot/internal/delivery"
	"supportbot/internal/seal"
	"supportbot/internal/store/pgtest"
)

// Whatever merchants, agents and timers do, and however nodes and another desk fail,
// that desk is told all of it in the end, in order.
func TestAnotherDeskIsToldAllOnSQLite(t *testing.T) { deskIsTold(t, t.TempDir()) }

func TestAnotherDeskIsToldAllOnPostgres(t *testing.T) { deskIsTold(t, pgtest.Database(t)) }

func deskIsTold(t *testing.T, place string) {
	key := seal.Place{File: filepath.Join(t.TempDir(), "supportbot.key"), Make: true}
	o := &office{T: t, place: place, key: key, content: contentOf(t)}
	o.open()
	t.Cleanup(func() { o.store.Close() })
	round, tries := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		o.begin(r, round)
		d := &otherDesk{office: o, took: map[supportbot.ThreadID][]delivery.Delivery{}, wrote: map[string][]int64{}, keys: map[string]bool{}, parked: map[string]bool{}}
		steps := map[string]func(){
			"act": func() { o.act(r) }, "race": func() { d.noting(r, o.race) }, "person": func() { d.noting(r, o.person) },
			"time": func() { o.pass(r) }, "crash": o.crash, "tell": func() { d.tell(r) },
		}
		for range rapid.IntRange(4, 12).Draw(r, "steps") {
			steps[rapid.SampledFrom([]string{"act", "act", "act", "race", "person", "person", "time", "tell", "tell", "crash"}).Draw(r, "step")]()
		}
		d.tellAll(r)
		for _, at := range o.people {
			d.check(r, at)
		}
		tries += d.tries
	})
	t.Logf("%d rounds, %d tries", round, tries)
}

// otherDesk is one that fails, and drops what it was told before.
type otherDesk struct {
	*office
	wrote map[string][]int64 // by case: what persons wrote while it was live

	mu     sync.Mutex
	took   map[supportbot.ThreadID][]delivery.Delivery
	keys   map[string]bool
	parked map[string]bool // by key: was given up once
	tries  int
}

// noting takes a step in which somebody may write, and which ends no case otherwise,
// and notes what went to a case.
func (d *otherDesk) noting(r *rapid.T, step func(*rapid.T)) {
	before := map[supportbot.Address]supportbot.Thread{}
	for _, at := range d.people {
		t, err := d.store.Thread(d.Context(), at)
		if err != nil {
			r.Fatal(err)
		}
		before[at] = t
	}
	step(r)
	for at, t := range before {
		if t.Case == nil || !t.Case.State.Live() {
			continue
		}
		messages, err := d.store.Messages(d.Context(), t.ID, t.LastSeq, 100)
		if err != nil {
			r.Fatal(err)
		}
		for _, m := range messages {
			if m.From == supportbot.FromUser {
				d.wrote[before[at].Case.ID] = append(d.wrote[before[at].Case.ID], m.Seq)
			}
		}
	}
}

// tell has two nodes tell what there is, a part of it in vain.
func (d *otherDesk) tell(r *rapid.T) {
	var nodes sync.WaitGroup
	for range 2 {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "luck"), 0))
		nodes.Go(func() {
			for _, at := range d.people {
				t, err := d.store.Thread(d.Context(), at)
				if err != nil {
					r.Errorf("%v", err)
					return
				}
				for range random.IntN(10) {
					d.try(r, t.ID, random.IntN(8))
				}
			}
		})
	}
	nodes.Wait()
}

// try tells one event, if luck is with it.
func (d *otherDesk) try(r *rapid.T, id supportbot.ThreadID, luck int) {
	feed := d.store.Feed()
	e, err := feed.Claim(d.Context(), id, time.Microsecond) // whoever does not settle is dead soon
	if errors.Is(err, supportbot.ErrNotFound) {
		return
	}
	if err != nil {
		r.Errorf("%v", err)
		return
	}
	result := delivery.Result{Status: delivery.Sent}
	switch luck {
	case 0: // dies before it is sent
		return
	case 1: // does not arrive
		result = delivery.Result{Status: delivery.Waiting, Error: "away"}
	case 2: // dies after it has arrived
		d.take(e)
		return
	case 3: // arrives, and the answer does not
		d.take(e)
		result = delivery.Result{Status: delivery.Waiting, Error: "away", History: delivery.History{Unsure: true}}
	case 4: // is not taken
		result = delivery.Result{Status: delivery.Parked, Error: "what?"}
		d.mu.Lock()
		d.parked[e.Key] = true
		d.mu.Unlock()
	default:
		d.take(e)
	}
	if err := feed.Settle(d.Context(), e, result); err != nil && !errors.Is(err, supportbot.ErrFenced) {
		r.Errorf("%v", err)
	}
}

func (d *otherDesk) take(e delivery.Delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tries++; !d.keys[e.Key] {
		d.keys[e.Key] = true
		d.took[e.Thread] = append(d.took[e.Thread], e)
	}
}

// tellAll tells what is left, now without faults, and what was given up as well.
func (d *otherDesk) tellAll(r *rapid.T) {
	feed := d.store.Feed()
	parked, err := feed.Undeliverable(d.Context(), 1000)
	for _, p := range parked {
		err = errors.Join(err, feed.Resend(d.Context(), p.Thread, p.Seq))
	}
	for left := int64(1); left > 0; { // what was claimed just now is due a moment later
		due, unknown := feed.Undelivered(d.Context(), "", 100)
		figures, unread := d.store.Figures(d.Context())
		if err = errors.Join(err, unknown, unread); err != nil {
			r.Fatal(err)
		}
		for _, id := range due {
			d.try(r, id, 9)
		}
		left = figures.Feed.Waiting + figures.ParkedFeed.Waiting
	}
}

// check holds what the desk has of a person's cases to what is stored.
func (d *otherDesk) check(r *rapid.T, at supportbot.Address) {
	t, err := d.store.Thread(d.Context(), at)
	if err != nil {
		r.Fatal(err)
	}
	kept, err := d.store.Export(d.Context(), t.ID)
	if err != nil {
		r.Fatal(err)
	}
	told := d.took[t.ID]
	inTime := slices.DeleteFunc(slices.Clone(told), func(e delivery.Delivery) bool { return d.parked[e.Key] })
	if !slices.IsSortedFunc(inTime, bySeq) {
		r.Errorf("what was never given up came out of order: %v", seqs(inTime))
	}
	slices.SortFunc(told, bySeq)
	news, wrote := map[string]supportbot.CaseNews{}, map[string][]int64{}
	for i, e := range told {
		before, known := news[e.Event.Case.ID]
		switch kind := e.Event.Kind; {
		case e.Seq != int64(i)+1:
			r.Fatalf("told were %v", seqs(told))
		case known == (kind == supportbot.EventOpened):
			r.Errorf("%s is no beginning: %+v", kind, e.Event)
		case known && !before.State.Live():
			r.Errorf("%s comes after the end of %s", kind, before.ID)
		case (kind == supportbot.EventEnded) == e.Event.Case.State.Live():
			r.Errorf("%s of a case that is %s", kind, e.Event.Case.State)
		case kind == supportbot.EventMessage:
			wrote[before.ID] = append(wrote[before.ID], e.Message.Seq)
			if diff := cmp.Diff(kept.Messages[e.Message.Seq-1], e.Message); diff != "" {
				r.Errorf("told is not what was said (-said +told):\n%s", diff)
			}
		case cmp.Equal(before, e.Event.Case):
			r.Errorf("%s, but nothing has changed: %+v", kind, before)
		}
		news[e.Event.Case.ID] = e.Event.Case
	}
	for _, c := range kept.Cases {
		if diff := cmp.Diff(c.News(), news[c.ID]); diff != "" {
			r.Errorf("case %s (-stored +told):\n%s", c.ID, diff)
		}
		if !slices.Equal(wrote[c.ID], d.wrote[c.ID]) {
			r.Errorf("told was that messages %v went to %s, and it were %v", wrote[c.ID], c.ID, d.wrote[c.ID])
		}
	}
	if len(news) != len(kept.Cases) {
		r.Errorf("told was of %d cases, there are %d", len(news), len(kept.Cases))
	}
}

func bySeq(a, b delivery.Delivery) int { return int(a.Seq - b.Seq) }

func seqs(all []delivery.Delivery) (seqs []int64) {
	for _, e := range all {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}
