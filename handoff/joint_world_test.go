package handoff_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	. "supportbot/handoff"
)

// world is a case of a caller, its lines, and the telephones that a provider rings
// for them. The provider does what it is asked for, and tells of it late, twice, in
// any order, or not at all.
type world struct {
	*rapid.T
	now     time.Time
	c       supportbot.Case
	lines   []Line
	caller  *phone   // the caller's own call
	phones  []*phone // those that we have called
	letters []letter
	acts    map[string]bool // by id: a second time changes nothing
	spoke   map[int64]bool  // fences under which an agent has answered the telephone
	over    map[LineID]Line
}

type phone struct {
	name    string
	line    LineID
	party   Party
	dial    int
	up      bool
	pressed bool
	in      LineID // the conference, zero for none
}

type letter struct {
	line LineID
	news News
}

func newWorld(t *rapid.T) *world {
	w := &world{
		T: t, now: time.Unix(1e9, 0).UTC(), caller: &phone{name: "CAcaller", party: AtCaller, up: true},
		acts: map[string]bool{}, spoke: map[int64]bool{}, over: map[LineID]Line{},
	}
	w.c = supportbot.Case{ID: "17-1", Channel: supportbot.Voice, State: supportbot.CaseWaiting, Fence: 1, QueuedAt: w.now}
	if rapid.Bool().Draw(t, "contact") {
		w.c.Packet.Contact = "+8613800138000"
	}
	return w
}

// act does something to the case, unless it is refused.
func (w *world) act(a supportbot.AgentAct) {
	a.Case, a.At = w.c.ID, w.now
	if w.acts[a.ID] {
		return
	}
	before := w.c
	c, result, err := Step(w.c, a)
	if err != nil {
		w.Fatalf("%+v: %v", a, err)
	}
	w.acts[a.ID] = a.ID != ""
	w.c = c
	switch {
	case result.Refused:
	case a.Kind == supportbot.ActConnected && !w.answered(a.Fence):
		w.Fatalf("connected under %d, and nobody has pressed 1", a.Fence)
	case !c.QueuedAt.Equal(before.QueuedAt):
		w.Fatalf("%+v has cost the place in the queue", a)
	case c.Calls != len(c.Called) || c.Calls > MaxCalls:
		w.Fatalf("%d calls, and %+v", c.Calls, c.Called)
	}
	if a.Kind == supportbot.ActConnected && !result.Refused {
		w.spoke[a.Fence] = true
	}
}

func (w *world) answered(fence int64) bool {
	return slices.ContainsFunc(w.phones, func(p *phone) bool { return p.party == AtDesk && p.line.Fence == fence && p.pressed })
}

// ring is what the switchboard does for a case that somebody has claimed.
func (w *world) ring() {
	if w.c.State == supportbot.CaseRinging && w.last().Fence != w.c.Fence {
		w.lines = append(w.lines, NewLine(w.c, w.last(), w.caller.name))
	}
}

// again is what the switchboard does when an owner wants the telephone rung.
func (w *world) again() {
	last := w.last()
	switch {
	case w.c.State == supportbot.CaseGrace:
		w.act(supportbot.AgentAct{Kind: supportbot.ActResume, Agent: w.c.Owner, Rings: true})
	case !w.c.State.Worked(), last.Serves(w.c) && last.LostAt.IsZero():
	default:
		if i := len(w.lines) - 1; i >= 0 {
			w.lines[i].Wish = HangUp
			last = w.lines[i]
		}
		w.lines = append(w.lines, NewLine(w.c, last, w.caller.name))
	}
}

func (w *world) last() Line {
	if len(w.lines) == 0 {
		return Line{}
	}
	return w.lines[len(w.lines)-1]
}

func (w *world) at(id LineID) int {
	return slices.IndexFunc(w.lines, func(l Line) bool { return l.LineID == id })
}

// work does what is to be done next for a line, as far as it comes.
func (w *world) work(i int, how Failure, crash bool) {
	l := w.lines[i]
	if before := w.at(l.After); before >= 0 && !w.lines[before].Over {
		return
	}
	l, task := l.Next(w.c, w.now)
	w.lines[i] = l
	if task == "" {
		return
	}
	if how == None || how == Unsure && rapid.Bool().Draw(w.T, "done") {
		w.do(l, task)
	}
	if !crash {
		w.lines[i] = w.lines[i].Did(task, how, 0, w.now)
	}
}

func (w *world) do(l Line, task Task) {
	id := string(task) + ":" + l.String()
	switch task {
	case CallDesk:
		w.call(l, AtDesk, l.Desk.Dial)
	case CallCaller:
		w.call(l, AtCaller, l.Caller.Dial)
	case EndDesk:
		w.hangsUp(w.find(l, AtDesk), "")
		w.look(l)
	case EndCaller:
		w.hangsUp(w.find(l, AtCaller), "")
		w.look(l)
	case MoveCaller, ReturnCaller:
		w.loop(w.find(l, AtCaller))
		w.look(l)
	case Look:
		w.look(l)
	case Connect:
		w.act(supportbot.AgentAct{ID: id, Kind: supportbot.ActConnected, Agent: l.Agent, Fence: l.Fence})
	case Lapse:
		w.act(supportbot.AgentAct{ID: id, Kind: supportbot.ActLapse, Fence: l.Fence, Rings: true})
	case CallAgain:
		w.act(supportbot.AgentAct{ID: id, Kind: supportbot.ActCallback, Agent: l.Agent, Fence: l.Fence, How: l.Caller.End})
	case Abandon:
		w.act(supportbot.AgentAct{Kind: supportbot.ActLeave})
	}
}

// call rings a telephone.
func (w *world) call(l Line, p Party, dial int) {
	made := &phone{name: fmt.Sprint("CA", len(w.phones)), line: l.LineID, party: p, dial: dial, up: true}
	w.phones = append(w.phones, made)
	w.tell(made, News{Stage: Ringing})
}

// find is the telephone of a line that the provider knows by its name.
func (w *world) find(l Line, p Party) *phone {
	leg := l.Desk
	if p == AtCaller {
		leg = l.Caller
	}
	for _, made := range append([]*phone{w.caller}, w.phones...) {
		if made.name == leg.Call {
			return made
		}
	}
	return nil
}

// tell has news of a telephone on their way.
func (w *world) tell(p *phone, n News) {
	n.Party, n.Dial, n.Call, n.At = p.party, p.dial, p.name, w.now
	id := p.line
	if p == w.caller {
		id = w.last().LineID
	}
	w.letters = append(w.letters, letter{id, n})
}

func (w *world) hear(m letter) {
	if i := w.at(m.line); i >= 0 {
		w.lines[i] = w.lines[i].Heard(m.news)
	}
}

// loop is a hop of a caller who waits: into the conference if the agent is there,
// which Twilio's hop notes at once, else round again.
func (w *world) loop(p *phone) {
	if p == nil || !p.up {
		return
	}
	if i := w.at(p.in); i >= 0 && !w.lines[i].Connects(w.c, w.now) {
		w.lines[i] = w.lines[i].Heard(News{Party: AtCaller, Dial: p.dial, Call: p.name, Stage: Left, At: w.now})
	}
	p.in = LineID{}
	i := len(w.lines) - 1
	if i < 0 || w.lines[i].Over {
		return
	}
	l := w.lines[i]
	n := News{Party: AtCaller, Dial: l.Caller.Dial, Call: p.name, Stage: Answered, Place: "n=3", At: w.now}
	switch {
	case l.Connects(w.c, w.now):
		w.joins()
		n.Stage, p.in = Joined, l.LineID
	case !l.Serves(w.c) || l.Caller.Stage >= Joined:
		return
	}
	w.lines[i] = l.Heard(n)
}

// joins is when a caller is put through.
func (w *world) joins() {
	if w.c.State == supportbot.CaseRinging || !w.c.State.Owned() {
		w.Fatalf("put through while the case is %s", w.c.State)
	}
}

// hangsUp ends a call.
func (w *world) hangsUp(p *phone, how string) {
	if p == nil || !p.up {
		return
	}
	p.up, p.in = false, LineID{}
	w.tell(p, News{Stage: Gone, End: how})
}

// look asks the provider what has become of both telephones.
func (w *world) look(l Line) {
	for _, party := range []Party{AtCaller, AtDesk} {
		leg := l.Desk
		if party == AtCaller {
			leg = l.Caller
		}
		i := w.at(l.LineID)
		p := w.find(l, party)
		if p == nil && leg.Stage >= Asked { // looked for by its numbers
			at := slices.IndexFunc(w.phones, func(p *phone) bool { return p.line == l.LineID && p.party == party && p.dial == leg.Dial })
			if at < 0 {
				w.lines[i] = w.lines[i].NotFound(party, w.now)
				continue
			}
			p = w.phones[at]
		}
		switch {
		case p == nil:
		case !p.up:
			w.lines[i] = w.lines[i].Heard(News{Party: party, Dial: leg.Dial, Call: p.name, Stage: Gone, At: w.now})
		case p == w.caller:
			w.lines[i] = w.lines[i].Heard(News{Party: party, Call: p.name, Stage: Answered, At: w.now})
		default:
			w.lines[i] = w.lines[i].Heard(News{Party: party, Dial: leg.Dial, Call: p.name, Stage: Ringing, At: w.now})
		}
	}
}

// rings is the telephone that we have called last, nil if there is none.
func (w *world) rings() *phone {
	if len(w.phones) == 0 {
		return nil
	}
	return w.phones[len(w.phones)-1]
}

// talks is that of an agent, nil if none is in use.
func (w *world) talks() *phone {
	i := slices.IndexFunc(w.phones, func(p *phone) bool { return p.party == AtDesk && p.pressed && p.up })
	if i < 0 {
		return nil
	}
	return w.phones[i]
}

// answers is what somebody does whose telephone we ring.
func (w *world) answers(p *phone) {
	if p == nil || !p.up || p.pressed {
		return
	}
	i := w.at(p.line)
	l := w.lines[i]
	switch {
	case p.party == AtDesk:
		if l.Desk.Call != "" && l.Desk.Call != p.name || !l.Serves(w.c) { // hears that it is not needed
			w.hangsUp(p, "")
			return
		}
		p.pressed, p.in = true, p.line
		w.lines[i] = l.Heard(News{Party: AtDesk, Dial: 1, Call: p.name, Stage: Accepted, At: w.now})
		w.tell(p, News{Stage: Joined, Conference: "CF1"})
	case !l.Connects(w.c, w.now):
		w.hangsUp(p, "")
	default:
		w.joins()
		p.pressed, p.in = true, p.line
		w.lines[i] = l.Heard(News{Party: AtCaller, Dial: p.dial, Call: p.name, Stage: Joined, Place: "n=3", At: w.now})
	}
}

// dump is what is kept of the world.
func (w *world) dump() []byte {
	kept, err := json.Marshal(w.kept())
	if err != nil {
		w.Fatal(err)
	}
	return kept
}

type kept struct {
	Case  *supportbot.Case
	Lines *[]Line
}

func (w *world) kept() kept { return kept{&w.c, &w.lines} }

// restart leaves of the world what is kept.
func (w *world) restart() {
	dump, read := w.dump(), w.kept()
	w.c, w.lines = supportbot.Case{}, nil
	if err := json.Unmarshal(dump, &read); err != nil {
		w.Fatal(err)
	}
}
