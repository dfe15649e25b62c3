package turn_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/replay"
	"supportbot/internal/seal"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
	"supportbot/internal/turn"
)

// Agents at once, crashes and time that passes, in any order, on both databases:
// see the checks of office.
func TestDeskInvariantsOnSQLite(t *testing.T) { deskInvariants(t, t.TempDir()) }

func TestDeskInvariantsOnPostgres(t *testing.T) { deskInvariants(t, pgtest.Database(t)) }

func deskInvariants(t *testing.T, place string) {
	key := seal.Place{File: filepath.Join(t.TempDir(), "supportbot.key"), Make: true}
	o := &office{T: t, place: place, key: key, content: contentOf(t)}
	o.open()
	t.Cleanup(func() { o.store.Close() })
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		o.begin(r, round)
		steps := map[string]func(){
			"act": func() { o.act(r) }, "race": func() { o.race(r) }, "person": func() { o.person(r) },
			"time": func() { o.pass(r) }, "hours": func() { o.hours(r) }, "heartbeat": func() { o.heartbeat(r) }, "crash": o.crash,
		}
		for range rapid.IntRange(4, 12).Draw(r, "steps") {
			steps[rapid.SampledFrom([]string{"act", "act", "act", "race", "race", "person", "time", "heartbeat", "crash", "hours"}).Draw(r, "step")]()
			o.check(r)
		}
		o.replayed(r)
	})
}

const (
	persons  = 2
	capacity = 1
)

// office is a desk of three agents who may have one case each.
type office struct {
	*testing.T
	place   string
	key     seal.Place
	content turn.Content
	store   *store.Store
	path    *turn.Path

	elapsed time.Duration
	agents  []string
	people  []supportbot.Address
	said    int
	seen    map[string]supportbot.Case // as it was found last
	told    map[string]string          // to whom a fence was told, by case and fence
	mu      sync.Mutex
}

func (o *office) open() {
	var err error
	if o.store, err = store.Open(o.Context(), o.place, o.key); err != nil {
		o.Fatal(err)
	}
	o.path = turn.New(o.store, []byte("key"), o.content, slog.New(slog.DiscardHandler))
	o.path.Feeds(func(supportbot.ThreadID) {})
}

// crash leaves behind what the process had in memory.
func (o *office) crash() {
	o.store.Close()
	o.open()
}

// begin hires other agents and opens other conversations: those of before are
// not looked at again.
func (o *office) begin(r *rapid.T, round int) {
	for _, name := range o.agents {
		if err := o.store.RemoveAgent(o.Context(), name, ""); err != nil {
			r.Fatal(err)
		}
	}
	o.agents, o.people = nil, nil
	o.seen, o.told = map[string]supportbot.Case{}, map[string]string{}
	for i := range 3 {
		name := fmt.Sprintf("a%d-%d", round, i)
		o.agents = append(o.agents, name)
		if err := o.store.AddAgent(o.Context(), handoff.Agent{Name: name, Role: handoff.RoleAgent}); err != nil {
			r.Fatal(err)
		}
		if err := o.store.SetProfile(o.Context(), name, handoff.Profile{Capacity: capacity}, ""); err != nil {
			r.Fatal(err)
		}
		presence := rapid.SampledFrom([]handoff.Presence{handoff.Available, handoff.Away}).Draw(r, "presence")
		if err := o.path.SetPresence(o.Context(), name, presence); err != nil {
			r.Fatal(err)
		}
	}
	for i := range persons {
		o.people = append(o.people, supportbot.Address{Channel: supportbot.REST, Peer: fmt.Sprintf("p%d-%d", round, i)})
		for _, text := range []string{"errand", "red"} {
			o.says(r, i, text)
		}
	}
}

func (o *office) says(r *rapid.T, i int, text string) {
	o.said++
	in := supportbot.Inbound{Address: o.people[i], ID: fmt.Sprint(o.said), Kind: supportbot.InText, Text: text, Language: supportbot.English}
	if text == "leave" {
		text = "control:leave"
	}
	if strings.HasPrefix(text, "control:") {
		in.Kind, in.Text, in.Choice = supportbot.InChoice, "", text
	}
	if _, err := o.path.Handle(o.Context(), in, []byte(in.ID)); err != nil {
		r.Fatal(err)
	}
}

// person says something, goes back to the bot or asks for an agent again.
func (o *office) person(r *rapid.T) {
	o.says(r, rapid.IntRange(0, persons-1).Draw(r, "person"), rapid.SampledFrom([]string{"hello", "errand", "red", "leave", "leave", "control:agent", "control:call", "13800138000"}).Draw(r, "says"))
}

// cases are those of this round, by conversation.
func (o *office) cases(r *rapid.T) (all []supportbot.Case) {
	for _, at := range o.people {
		t, err := o.store.Thread(o.Context(), at)
		if err != nil {
			r.Fatal(err)
		}
		if t.Case != nil {
			all = append(all, *t.Case)
		}
	}
	return all
}

// act has an agent do something that makes sense or does not.
func (o *office) act(r *rapid.T) {
	c := rapid.SampledFrom(o.cases(r)).Draw(r, "case")
	o.do(r, o.draw(r, c, []supportbot.ActKind{
		"claim", "accept", "decline", "message", "outcome", "release", "transfer", "consult", "note", "resume", "callback", "close", "cancel", "connected",
		"takeover", "reassign", "priority",
	}))
}

func (o *office) draw(r *rapid.T, c supportbot.Case, kinds []supportbot.ActKind) supportbot.AgentAct {
	act := supportbot.AgentAct{
		Case: c.ID, Kind: rapid.SampledFrom(kinds).Draw(r, "kind"), Agent: rapid.SampledFrom(o.agents).Draw(r, "agent"),
		Fence: c.Fence + rapid.SampledFrom([]int64{0, 0, 0, -1}).Draw(r, "fence"), Text: "well", Verdict: supportbot.Verified,
		Rings: rapid.IntRange(0, 4).Draw(r, "rings") == 0,
	}
	if c.State.Owned() && rapid.Bool().Draw(r, "the owner") {
		act.Agent = c.Owner
	}
	act.Priority = rapid.SampledFrom([]supportbot.Priority{supportbot.Urgent, supportbot.Normal}).Draw(r, "priority")
	if act.Kind == supportbot.ActReassign || act.Kind == supportbot.ActTransfer || act.Kind == supportbot.ActConsult {
		act.Asked = o.agents[(slices.Index(o.agents, act.Agent)+1)%len(o.agents)]
	}
	return act
}

// do notes to whom a fence is told.
func (o *office) do(r *rapid.T, act supportbot.AgentAct) {
	result, err := o.path.Act(o.Context(), act)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		r.Errorf("%+v: %v", act, err)
		return
	}
	if result.Refused || result.Fence == 0 {
		return
	}
	of := fmt.Sprint(act.Case, " ", result.Fence)
	if other, known := o.told[of]; known && other != act.Agent {
		r.Errorf("fence %s was told to %s and to %s", of, other, act.Agent)
	}
	o.told[of] = act.Agent
}

// race has agents go for the cases at the same moment, each for several.
func (o *office) race(r *rapid.T) {
	var acts []supportbot.AgentAct
	for _, c := range o.cases(r) {
		for _, agent := range o.agents {
			act := o.draw(r, c, []supportbot.ActKind{"claim", "claim", "accept"})
			act.Agent = agent
			acts = append(acts, act)
		}
	}
	var all sync.WaitGroup
	for _, act := range acts {
		all.Go(func() { o.do(r, act) })
	}
	all.Wait()
}

// now is the time that timers see.
func (o *office) now() time.Time { return time.Now().Add(o.elapsed) }

// pass lets time pass, and timers fire.
func (o *office) pass(r *rapid.T) {
	o.elapsed += rapid.SampledFrom([]time.Duration{time.Second, 16 * time.Second, 46 * time.Second, 2 * time.Minute, 20 * time.Minute}).Draw(r, "passes")
	if err := o.path.Sweep(o.Context(), o.now()); err != nil {
		r.Fatal(err)
	}
}

// hours opens the desk or closes it.
func (o *office) hours(r *rapid.T) {
	if err := o.path.SetHours(o.Context(), week(rapid.Bool().Draw(r, "open")), ""); err != nil {
		r.Fatal(err)
	}
}

func (o *office) heartbeat(r *rapid.T) {
	agent := rapid.SampledFrom(o.agents).Draw(r, "heard of")
	if err := o.store.RenewLeases(o.Context(), agent, o.now().Add(turn.LeaseLimit)); err != nil {
		r.Fatal(err)
	}
}

// check holds what is stored to the invariants.
func (o *office) check(r *rapid.T) {
	owned := map[string]int{}
	for _, at := range o.people {
		t, err := o.store.Thread(o.Context(), at)
		if err != nil {
			r.Fatal(err)
		}
		c := t.Case
		if c == nil {
			continue
		}
		before, known := o.seen[c.ID]
		switch {
		case known && c.Fence < before.Fence:
			r.Fatalf("the fence of %s fell from %d to %d", c.ID, before.Fence, c.Fence)
		case known && c.Owner != before.Owner && c.Fence == before.Fence:
			r.Fatalf("%s went from %q to %q under one fence", c.ID, before.Owner, c.Owner)
		case known && !before.State.Live() && (c.State != before.State || c.Verdict != before.Verdict || c.Fence != before.Fence):
			r.Fatalf("%s was %s and is %s", c.ID, before.State, c.State)
		case known && !c.QueuedAt.Equal(before.QueuedAt):
			r.Fatalf("%s has lost its place in the queue", c.ID)
		}
		o.seen[c.ID] = *c
		if c.State.Owned() {
			owned[c.Owner]++
		}
		o.timers(r, *c, t.Timers)
		o.dense(r, t)
	}
	for agent, n := range owned {
		if n > capacity {
			r.Fatalf("%s has %d cases", agent, n)
		}
	}
}

// timers: whatever a case waits for will come, also after a crash.
func (o *office) timers(r *rapid.T, c supportbot.Case, timers []supportbot.Timer) {
	// Whoever waits in a chat hears something every three minutes, for an hour.
	for _, timer := range timers {
		if next := o.now().Add(3 * time.Minute); timer.Kind == supportbot.TimerWait && o.now().Before(c.WaitsSince().Add(57*time.Minute)) && timer.Due.After(next) {
			r.Fatalf("%s is told next at %s, after %s", c.ID, timer.Due, next)
		}
	}
	has := func(kind supportbot.TimerKind) bool {
		return slices.ContainsFunc(timers, func(t supportbot.Timer) bool { return t.Kind == kind })
	}
	for kind, want := range map[supportbot.TimerKind]bool{
		supportbot.TimerState: !c.Until.IsZero(),
		supportbot.TimerLease: c.State.Worked(),
		supportbot.TimerWait:  c.State == supportbot.CaseWaiting || c.State == supportbot.CaseOffered,
	} {
		if has(kind) != want {
			r.Fatalf("%s is %s until %s, and its timers are %v", c.ID, c.State, c.Until, timers)
		}
	}
}

// dense: every message stands in the transcript under its number.
func (o *office) dense(r *rapid.T, t supportbot.Thread) {
	messages, err := o.store.Messages(o.Context(), t.ID, 0, 1000)
	if err != nil || int64(len(messages)) != t.LastSeq {
		r.Fatalf("%d messages, the last is %d, %v", len(messages), t.LastSeq, err)
	}
	for i, m := range messages {
		if m.Seq != int64(i)+1 {
			r.Fatalf("message %d has number %d", i+1, m.Seq)
		}
	}
}

// replayed: what happened can be told again from the log alone.
func (o *office) replayed(r *rapid.T) {
	for _, at := range o.people {
		t, err := o.store.Thread(o.Context(), at)
		if err != nil {
			r.Fatal(err)
		}
		l, err := o.store.Log(o.Context(), t.ID)
		if err != nil {
			r.Fatal(err)
		}
		if err := replay.Verify(l, func(string) (turn.Content, error) { return o.content, nil }); err != nil {
			r.Fatal(err)
		}
	}
}
