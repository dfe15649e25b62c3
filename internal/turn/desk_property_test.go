package turn_test

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
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
// see invariants.
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
			"again": func() { o.again(r) }, "verdicts": func() { o.twoVerdicts(r) }, "send": func() { o.send(r) },
		}
		for range rapid.IntRange(4, 12).Draw(r, "steps") {
			steps[rapid.SampledFrom([]string{"act", "act", "act", "race", "race", "person", "time", "heartbeat", "crash", "hours", "again", "verdicts", "send", "send"}).Draw(r, "step")]()
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
	other   *turn.Path // another node

	elapsed  time.Duration
	agents   []string
	people   []supportbot.Address
	spoken   [persons][]string // ids of what each has said, in order
	post     [persons]post
	said     int
	seen     map[string]supportbot.Case      // as it was found last
	told     map[string]string               // to whom a fence was told, by case and fence
	verdicts map[string][]supportbot.Verdict // that were taken, by case
	mu       sync.Mutex                      // for told and verdicts
}

func (o *office) open() {
	var err error
	if o.store, err = store.Open(o.Context(), o.place, o.key); err != nil {
		o.Fatal(err)
	}
	for _, node := range []**turn.Path{&o.path, &o.other} {
		*node = turn.New(o.store, []byte("key"), o.content, slog.New(slog.DiscardHandler))
		(*node).Sends(supportbot.REST, func(supportbot.ThreadID) {})
		(*node).Feeds(func(supportbot.ThreadID) {})
	}
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
	o.seen, o.told, o.verdicts = map[string]supportbot.Case{}, map[string]string{}, map[string][]supportbot.Verdict{}
	o.elapsed = 0
	o.spoken, o.post = [persons][]string{}, [persons]post{}
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
	before := o.caseOf(r, i)
	out, err := o.path.Handle(o.Context(), in, []byte(in.ID))
	if err != nil {
		r.Fatal(err)
	}
	if in.Kind == supportbot.InText {
		o.spoken[i] = append(o.spoken[i], in.ID)
	}
	if text == "hello" && before != nil && before.State.Worked() && len(out.Replies) > 0 {
		o.breaks(r, 2, "the bot talks over %s: %+v", before.Owner, out.Replies)
	}
}

func (o *office) caseOf(r *rapid.T, i int) *supportbot.Case {
	t, err := o.store.Thread(o.Context(), o.people[i])
	if err != nil && !errors.Is(err, supportbot.ErrNotFound) {
		r.Fatal(err)
	}
	return t.Case
}

// person says something, goes back to the bot or asks for an agent again.
func (o *office) person(r *rapid.T) {
	o.says(r, rapid.IntRange(0, persons-1).Draw(r, "person"), rapid.SampledFrom([]string{"hello", "errand", "red", "leave", "leave", "control:agent", "control:call", "13800138000"}).Draw(r, "says"))
}

// again has a person leave the queue, or the agent, and ask once more.
func (o *office) again(r *rapid.T) {
	i := rapid.IntRange(0, persons-1).Draw(r, "person")
	for _, text := range []string{"leave", "errand", "red"} {
		o.says(r, i, text)
	}
}

// cases are those of this round, by conversation.
func (o *office) cases(r *rapid.T) (all []supportbot.Case) {
	for i := range o.people {
		if c := o.caseOf(r, i); c != nil {
			all = append(all, *c)
		}
	}
	return all
}

// act has an agent do something that makes sense or does not.
func (o *office) act(r *rapid.T) {
	c := rapid.SampledFrom(o.cases(r)).Draw(r, "case")
	act := o.draw(r, c, []supportbot.ActKind{
		"claim", "accept", "decline", "message", "outcome", "release", "transfer", "consult", "note", "resume", "callback", "close", "cancel", "connected",
		"takeover", "reassign", "priority",
	})
	result := o.do(r, act)
	needs := slices.Contains([]supportbot.ActKind{"message", "outcome", "release", "transfer", "consult", "close", "takeover", "reassign", "priority"}, act.Kind)
	switch {
	case needs && act.Fence < c.Fence && !result.Refused:
		o.breaks(r, 4, "%+v was taken under fence %d of %d", act, act.Fence, c.Fence)
	case result.Refused && !result.Full && c.State.Live() && result.Owner != c.Owner:
		o.breaks(r, 4, "%+v was refused for %q, and %q owns the case", act, result.Owner, c.Owner)
	}
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

// do notes to whom a fence is told, and what verdicts were taken.
func (o *office) do(r *rapid.T, act supportbot.AgentAct) supportbot.AgentResult {
	result, err := o.path.Act(o.Context(), act)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		r.Errorf("%+v: %v", act, err)
		return result
	}
	if act.Kind == supportbot.ActOutcome && !result.Refused {
		o.verdicts[act.Case] = append(o.verdicts[act.Case], act.Verdict)
	}
	if result.Refused || result.Fence == 0 {
		return result
	}
	of := fmt.Sprint(act.Case, " ", result.Fence)
	if other, known := o.told[of]; known && other != act.Agent {
		r.Errorf("invariant 4: fence %s was told to %s and to %s", of, other, act.Agent)
	}
	o.told[of] = act.Agent
	return result
}

// race has agents go for the cases at the same moment, each for several, while
// somebody may have enough of waiting.
func (o *office) race(r *rapid.T) {
	var acts []supportbot.AgentAct
	winners := map[string]map[string]bool{} // of the cases that nobody has
	for _, c := range o.cases(r) {
		if c.State.Queued() {
			winners[c.ID] = map[string]bool{}
		}
		for _, agent := range o.agents {
			act := o.draw(r, c, []supportbot.ActKind{"claim", "claim", "accept"})
			act.Agent = agent
			acts = append(acts, act)
		}
	}
	leaves := rapid.IntRange(0, 2*persons).Draw(r, "leaves")
	var all sync.WaitGroup
	for _, act := range acts {
		all.Go(func() {
			result := o.do(r, act)
			o.mu.Lock()
			defer o.mu.Unlock()
			if won := winners[act.Case]; won != nil && !result.Refused {
				won[act.Agent] = true
			}
		})
	}
	if leaves < persons {
		o.says(r, leaves, "leave")
	}
	all.Wait()
	for id, won := range winners {
		if len(won) > 1 {
			o.breaks(r, 9, "%s was won by %v", id, slices.Sorted(maps.Keys(won)))
		}
	}
}

// twoVerdicts has the owner of each case press twice, on two nodes.
func (o *office) twoVerdicts(r *rapid.T) {
	var all sync.WaitGroup
	for _, c := range o.cases(r) {
		for _, verdict := range []supportbot.Verdict{supportbot.Verified, supportbot.Failed} {
			act := supportbot.AgentAct{Case: c.ID, Kind: supportbot.ActOutcome, Agent: cmp.Or(c.Owner, o.agents[0]), Fence: c.Fence, Verdict: verdict}
			all.Go(func() { o.do(r, act) })
		}
	}
	all.Wait()
}

// now is the time that timers see.
func (o *office) now() time.Time { return time.Now().Add(o.elapsed) }

// pass lets time pass, and timers fire.
func (o *office) pass(r *rapid.T) {
	o.elapsed += rapid.SampledFrom([]time.Duration{time.Second, 16 * time.Second, 46 * time.Second, 2 * time.Minute, 20 * time.Minute}).Draw(r, "passes")
	now := o.now()
	for range 50 { // a sweep takes a hundred at a time, also those of earlier rounds
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i, node := range []*turn.Path{o.path, o.other} {
			both.Go(func() { errs[i] = node.Sweep(o.Context(), now) })
		}
		both.Wait()
		due, err := o.store.Due(o.Context(), now, 1)
		if err := errors.Join(append(errs, err)...); err != nil {
			r.Fatal(err)
		}
		if len(due) == 0 {
			break
		}
	}
	o.fired(r)
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
		if err := replay.Verify(l, func(string) (turn.Content, error) { return o.content, nil }); err != nil && !errors.Is(err, replay.ErrRemasked) {
			r.Fatal(err)
		}
	}
}
