package handoff_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	. "supportbot/handoff"
)

// TestACaseAndItsTelephones: whatever is done at the desk and on the telephones, and
// in whatever order it is heard, with crashes in between: see check, and settled.
func TestACaseAndItsTelephones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		owner := func(kind supportbot.ActKind, more func(*supportbot.AgentAct)) {
			a := supportbot.AgentAct{Kind: kind, Agent: w.c.Owner, Fence: w.c.Fence, Verdict: supportbot.Verified}
			if more(&a); a.Agent != "" {
				w.act(a)
			}
		}
		as := func(*supportbot.AgentAct) {}
		rarely := func(does func()) func(*rapid.T) {
			return func(t *rapid.T) {
				if rapid.IntRange(0, 7).Draw(t, "really") == 0 {
					does()
				}
			}
		}
		work := func(t *rapid.T) {
			w.ring()
			for i := range w.lines {
				w.work(i, rapid.SampledFrom([]Failure{None, None, None, None, None, Unsure, NotDone}).Draw(t, "how"), rapid.IntRange(0, 19).Draw(t, "crash") == 0)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"work": work, "work again": work, "and again": work,
			"all goes well": func(*rapid.T) {
				w.answers(w.rings())
				w.pass(2 * time.Second)
			},
			"hear": func(t *rapid.T) {
				if len(w.letters) > 0 {
					w.hear(rapid.SampledFrom(w.letters).Draw(t, "news"))
				}
			},
			"hear the last": func(*rapid.T) {
				for _, m := range w.letters[max(0, len(w.letters)-3):] {
					w.hear(m)
				}
			},
			"time": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{1, 1, 3, 3, 6, 21, 46}).Draw(t, "seconds")) * time.Second)
				w.act(supportbot.AgentAct{Kind: supportbot.ActTimeout})
			},
			"claim": func(t *rapid.T) {
				w.act(supportbot.AgentAct{Kind: supportbot.ActClaim, Agent: rapid.SampledFrom([]string{"li", "wu"}).Draw(t, "agent"), Rings: rapid.IntRange(0, 4).Draw(t, "rings") > 0})
			},
			"pass on": rarely(func() {
				owner(supportbot.ActTransfer, func(a *supportbot.AgentAct) { a.Asked = map[string]string{"li": "wu", "wu": "li"}[a.Agent] })
				if w.c.Asked != "" {
					w.act(supportbot.AgentAct{Kind: supportbot.ActAccept, Agent: w.c.Asked, Rings: true})
				}
			}),
			"ring": func(*rapid.T) { w.again() },
			"wish": func(t *rapid.T) {
				if i := len(w.lines) - 1; i >= 0 && w.lines[i].Serves(w.c) {
					w.lines[i].Wish = rapid.SampledFrom([]Wish{Talk, Hold, Talk, Hold, HangUp}).Draw(t, "wish")
				}
			},
			"give back":       rarely(func() { owner(supportbot.ActRelease, as) }),
			"call later":      rarely(func() { owner(supportbot.ActCallback, as) }),
			"verdict":         rarely(func() { owner(supportbot.ActOutcome, as) }),
			"go on in typing": rarely(func() { owner(supportbot.ActResume, as) }),
			"page is silent":  rarely(func() { w.act(supportbot.AgentAct{Kind: supportbot.ActLapse}) }),
			"page is heard of": func(*rapid.T) {
				if w.c.State == supportbot.CaseGrace && !w.c.Cut {
					owner(supportbot.ActResume, as)
				}
			},
			"a machine answers": func(*rapid.T) {
				if p := w.rings(); p != nil && p.up {
					w.tell(p, News{Stage: Answered})
				}
			},
			"pick up": func(*rapid.T) { w.answers(w.rings()) },
			"do not pick up": func(t *rapid.T) {
				w.hangsUp(w.rings(), rapid.SampledFrom([]string{"busy", "no-answer", ""}).Draw(t, "end"))
			},
			"agent is cut off": rarely(func() { w.hangsUp(w.talks(), "") }),
			"caller goes":      rarely(func() { w.hangsUp(w.caller, "") }),
			"the called one too": rarely(func() {
				if p := w.rings(); p != nil && p.party == AtCaller {
					w.hangsUp(p, "")
				}
			}),
			"caller waits":                func(*rapid.T) { w.wait() },
			"caller goes back to the bot": rarely(func() { w.act(supportbot.AgentAct{Kind: supportbot.ActLeave}) }),
			"restart":                     func(*rapid.T) { w.restart() },
			"":                            func(*rapid.T) { w.check() },
		})
		w.settle()
		w.settled()
	})
}

// check holds at any moment.
func (w *world) check() {
	desks, made := 0, map[LineID]int{}
	for _, p := range w.phones {
		if p.party != AtDesk {
			continue
		}
		made[p.line]++
		if p.up {
			desks++
		}
		if made[p.line] > 1 {
			w.Fatalf("an agent is called twice on %s", p.line)
		}
	}
	if desks > 1 {
		w.Fatalf("%d telephones of agents are in use at once", desks)
	}
	for _, l := range w.lines {
		if before, known := w.over[l.LineID]; known && (!l.Over || l.Why != before.Why) {
			w.Fatalf("over, and then not: %s", w.dump())
		}
		if l.Over {
			w.over[l.LineID] = l
		}
	}
}

// settle lets time go by, in which everything works, all that was told is heard,
// nobody answers a telephone, and those who wait go round their loop.
func (w *world) settle() {
	for i := range 60 {
		for _, p := range w.phones {
			if !p.pressed {
				w.hangsUp(p, "no-answer")
			}
		}
		w.pass(5 * time.Second)
		w.check()
		if i >= 24 { // two minutes
			w.together()
		}
	}
}

// pass is a time in which everything works.
func (w *world) pass(d time.Duration) {
	w.now = w.now.Add(d)
	w.act(supportbot.AgentAct{Kind: supportbot.ActTimeout})
	w.ring()
	for i := range w.lines {
		w.work(i, None, false)
	}
	for _, m := range w.letters {
		w.hear(m)
	}
	w.wait()
}

// wait has callers who are in no conference go round their loop.
func (w *world) wait() {
	for _, p := range append([]*phone{w.caller}, w.phones...) {
		if p.in == (LineID{}) && (p == w.caller || p.party == AtCaller && p.pressed) {
			w.loop(p)
		}
	}
}

// settled holds once everything that is going to happen has happened.
func (w *world) settled() {
	agents := w.together()
	last := w.last()
	for _, l := range w.lines {
		if !l.Over && !l.Serves(w.c) {
			w.Fatalf("never taken down: %s", w.dump())
		}
	}
	switch talking := agents[last.LineID] == 1; {
	case w.c.State == supportbot.CaseRinging || w.c.State == supportbot.CaseGrace:
		w.Fatalf("for ever %s", w.c.State)
	case talking != (last.Serves(w.c) && len(w.lines) > 0):
		w.Fatalf("talking is %t: %s", talking, w.dump())
	case talking && !w.c.State.Worked():
		w.Fatalf("an agent talks about a case that is %s", w.c.State)
	case last.Fence == w.c.Fence && w.c.State.Owned() && (last.Why == Lost || last.Why == Unreached):
		w.Fatalf("the case has not heard of it: %s", w.dump())
	case w.spoke[w.c.Fence] && w.c.State.Worked() && !talking && !w.putDown():
		w.Fatalf("connected, and no agent is on the telephone: %s", w.dump())
	}
}

// together holds when there was time to put things right: whoever is in a conference
// has company, and no telephone rings. It returns which conferences agents are in.
func (w *world) together() (agents map[LineID]int) {
	inside := map[LineID]int{}
	agents = map[LineID]int{}
	for _, p := range append([]*phone{w.caller}, w.phones...) {
		switch {
		case p.up && p.in != LineID{} && p.party == AtDesk:
			agents[p.in]++
		case p.up && p.in != LineID{}:
			inside[p.in]++
		case p.up && !p.pressed && p != w.caller:
			w.Fatalf("%+v rings for ever", p)
		}
	}
	for id, n := range inside {
		if n != 1 || agents[id] != 1 {
			w.Fatalf("%d callers and %d agents in %s; %s", n, agents[id], id, w.dump())
		}
	}
	for id := range agents {
		if inside[id] != 1 {
			w.Fatalf("an agent is alone in %s: %s", id, w.dump())
		}
	}
	return agents
}

// putDown tells whether the agent of the case has ended the call, or may have: the
// case stays the agent's then.
func (w *world) putDown() bool {
	return slices.ContainsFunc(w.lines, func(l Line) bool {
		return l.Fence == w.c.Fence && (l.Wish == HangUp || l.Why == CallerGone || l.Why == NoNumber)
	})
}
