package handoff_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	. "supportbot/handoff"
)

// exchange is a provider of telephones and the desk, as far as lines can tell: it
// does what it is asked for, and tells of it late, twice, in any order, or not at all.
type exchange struct {
	*rapid.T
	now    time.Time
	c      supportbot.Case
	line   Line
	desk   int // agents' calls that are up
	most   int // of them at once
	caller bool
	inside bool // the caller is in the conference
	agent  bool // the agent is
	post   []News
}

func newExchange(t *rapid.T) *exchange {
	e := &exchange{T: t, now: time.Unix(1e9, 0), caller: true}
	e.c = supportbot.Case{ID: "17-1", Channel: supportbot.Voice, State: supportbot.CaseActive, Owner: "li", Fence: 2}
	if rapid.Bool().Draw(t, "contact") {
		e.c.Packet.Contact = "+8613800138000"
	}
	e.line = NewLine(e.c, Line{}, "CAcaller")
	e.line.Place = "n=3"
	return e
}

func (e *exchange) tell(n News) {
	n.At = e.now
	e.post = append(e.post, n)
}

func (e *exchange) deskIs(s Stage) { e.tell(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: s}) }
func (e *exchange) callerIs(s Stage) {
	e.tell(News{Party: AtCaller, Dial: e.line.Caller.Dial, Call: e.line.Caller.Call, Stage: s})
}

// work does what is to be done next, unless it fails.
func (e *exchange) work(how Failure) {
	var task Task
	e.line, task = e.line.Next(e.c, e.now)
	if task == "" {
		return
	}
	made := how == None || how == Unsure && rapid.Bool().Draw(e.T, "made")
	if made {
		e.do(task)
	}
	e.line = e.line.Did(task, how, 0, e.now)
	if task == Look && how == None {
		e.look()
	}
}

func (e *exchange) do(task Task) {
	switch task {
	case CallDesk:
		e.desk++
		e.most = max(e.most, e.desk)
		e.deskIs(Ringing)
	case EndDesk:
		e.desk, e.agent = 0, false
		e.deskIs(Gone)
	case CallCaller:
		e.caller = true
		e.tell(News{Party: AtCaller, Dial: e.line.Caller.Dial, Call: "CAback", Stage: Ringing})
	case EndCaller:
		e.caller, e.inside = false, false
		e.callerIs(Gone)
	case MoveCaller:
		if e.inside = e.caller; e.inside {
			e.callerIs(Joined)
		} else {
			e.callerIs(Gone)
		}
	case ReturnCaller:
		if e.inside = false; e.caller {
			e.callerIs(Left)
		} else {
			e.callerIs(Gone)
		}
	case Release:
		e.act(supportbot.AgentAct{Kind: supportbot.ActRelease, Agent: e.line.Agent, Fence: e.line.Fence})
	case Abandon:
		e.c.State = supportbot.CaseAbandoned
		e.c.Fence++
	}
}

// act is what happens at the desk, which may refuse it.
func (e *exchange) act(a supportbot.AgentAct) {
	a.ID, a.Case, a.At = "act", e.c.ID, e.now
	c, _, err := Step(e.c, a)
	if err != nil {
		e.Fatal(err)
	}
	e.c = c
}

func (e *exchange) look() {
	switch {
	case e.line.Desk.Stage > Idle && e.desk == 0:
		e.line = e.line.Heard(News{Party: AtDesk, Dial: 1, Stage: Gone, At: e.now})
	case e.line.Desk.Call == "" && e.desk > 0:
		e.line = e.line.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Ringing, At: e.now})
	}
	l := e.line.Caller
	switch {
	case !e.caller && (l.Dial == 0 && !e.line.Callback || l.Stage > Idle):
		e.line = e.line.Heard(News{Party: AtCaller, Dial: l.Dial, Stage: Gone, At: e.now})
	case e.caller && l.Stage == Idle && !e.line.Callback:
		e.line = e.line.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Answered, At: e.now})
	case e.caller && l.Call == "" && l.Stage == Asked:
		e.line = e.line.Heard(News{Party: AtCaller, Dial: l.Dial, Call: "CAback", Stage: Ringing, At: e.now})
	}
}

// TestNobodyStaysInLimbo: whatever happens on a line and at the desk, and in
// whatever order it is heard, there is never a second call to the agent; what is
// over stays so; and once all is said and done nobody is left in a conference
// alone, no telephone rings, the case of an agent who was lost is the queue's, and
// the caller who holds on is with an agent or with the bot.
func TestNobodyStaysInLimbo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := newExchange(t)
		over := Line{}
		t.Repeat(map[string]func(*rapid.T){
			"work": func(t *rapid.T) {
				e.work(rapid.SampledFrom([]Failure{None, None, None, Unsure, NotDone}).Draw(t, "how"))
			},
			"hear": func(t *rapid.T) {
				if len(e.post) > 0 {
					e.line = e.line.Heard(rapid.SampledFrom(e.post).Draw(t, "news"))
				}
			},
			"time": func(t *rapid.T) {
				e.now = e.now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "seconds")) * time.Second)
			},
			"press 1": func(*rapid.T) {
				if e.desk > 0 {
					e.agent = true
					e.deskIs(Answered)
					e.deskIs(Accepted)
					e.deskIs(Joined)
				}
			},
			"agent cut off": func(*rapid.T) {
				if e.desk > 0 {
					e.desk, e.agent = 0, false
					e.deskIs(Gone)
				}
			},
			"caller hangs up": func(*rapid.T) {
				if e.caller {
					e.caller, e.inside = false, false
					e.callerIs(Gone)
				}
			},
			"wish": func(t *rapid.T) {
				e.line.Wish = rapid.SampledFrom([]Wish{Talk, Hold, HangUp}).Draw(t, "wish")
			},
			"page of the agent is silent": func(*rapid.T) { e.act(supportbot.AgentAct{Kind: supportbot.ActLapse}) },
			"page of the agent is back": func(*rapid.T) {
				e.act(supportbot.AgentAct{Kind: supportbot.ActResume, Agent: "li", Fence: e.c.Fence})
			},
			"time of the desk": func(*rapid.T) { e.act(supportbot.AgentAct{Kind: supportbot.ActTimeout}) },
			"verdict": func(*rapid.T) {
				if e.c.State == supportbot.CaseActive {
					e.c.State = supportbot.CaseDone
					e.c.Fence++
				}
			},
			"": func(t *rapid.T) {
				if e.most > 1 {
					t.Fatal("the agent is called twice")
				}
				if over.Over && (!e.line.Over || e.line.Why != over.Why) {
					t.Fatalf("over, and then %+v", e.line)
				}
				over = e.line
			},
		})
		e.settle()
		if e.inside && !e.agent {
			t.Fatalf("the caller is alone: %+v", e.line)
		}
		if e.line.Over && (e.desk > 0 || e.inside) {
			t.Fatalf("the line is over, and the agent on %d telephones: %+v", e.desk, e.line)
		}
		if e.line.Why == Lost && e.c.State.Owned() && e.c.Fence == e.line.Fence {
			t.Fatalf("a lost agent keeps the case: %+v of %+v", e.line, e.c)
		}
		if !e.line.Serves(e.c) && !e.line.Over {
			t.Fatalf("never taken down: %+v of %+v", e.line, e.c)
		}
	})
}

// settle lets time go by, in which the provider answers, and telephones that ring
// are not answered.
func (e *exchange) settle() {
	for range 200 {
		e.now = e.now.Add(5 * time.Second)
		e.act(supportbot.AgentAct{Kind: supportbot.ActTimeout})
		if e.desk > 0 && !e.agent && e.line.Desk.Stage < Accepted {
			e.desk = 0
		}
		e.work(None)
		for _, n := range e.post {
			e.line = e.line.Heard(n)
		}
	}
}

func TestALine(t *testing.T) {
	noon := time.Unix(1e9, 0)
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	c := supportbot.Case{ID: "17-1", State: supportbot.CaseActive, Owner: "li", Fence: 2}
	next := func(l *Line, seconds int, c supportbot.Case, want Task) {
		t.Helper()
		var task Task
		if *l, task = l.Next(c, at(seconds)); task != want {
			t.Fatalf("at %d: %q, want %q; %+v", seconds, task, want, *l)
		}
		if task != "" {
			*l = l.Did(task, None, 0, at(seconds))
		}
	}
	talking := func() Line {
		l := NewLine(c, Line{}, "CAcaller")
		next(&l, 0, c, Look)
		l = l.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Answered, Place: "n=3", At: at(0)})
		next(&l, 0, c, CallDesk)
		next(&l, 1, c, "")
		for _, s := range []Stage{Answered, Ringing, Accepted, Joined} {
			l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: s, Conference: "CF1", At: at(2)})
		}
		next(&l, 2, c, MoveCaller)
		next(&l, 3, c, "")
		l = l.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Joined, At: at(3)})
		return l
	}
	if l := talking(); l.State(at(3)) != "connected" {
		t.Errorf("in talk: %q", l.State(at(3)))
	}

	l := talking()
	l.Wish = Hold
	next(&l, 4, c, HoldCaller)
	held := true
	l = l.Heard(News{Party: AtCaller, Held: &held, At: at(4)})
	if next(&l, 5, c, ""); l.State(at(5)) != "held" {
		t.Errorf("on hold: %q", l.State(at(5)))
	}

	l = talking()
	done := c
	done.State = supportbot.CaseDone
	done.Fence++
	next(&l, 4, done, ReturnCaller)
	l = l.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Left, At: at(5)})
	next(&l, 5, done, EndDesk)
	l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Gone, At: at(6)})
	if next(&l, 6, done, ""); !l.Over || l.Why != "" {
		t.Errorf("after the verdict: %+v", l)
	}

	l = talking()
	l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Left, At: at(10)})
	next(&l, 10, c, ReturnCaller)
	l = l.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Left, At: at(11)})
	next(&l, 29, c, "")
	next(&l, 30, c, Release)
	freed := c
	freed.State, freed.Owner, freed.Fence = supportbot.CaseWaiting, "", 3
	if next(&l, 31, freed, ""); !l.Over || l.Why != Lost {
		t.Errorf("cut off: %+v", l)
	}

	l = talking()
	l = l.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Gone, At: at(10)})
	next(&l, 10, c, EndDesk)
	l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Gone, At: at(11)})
	next(&l, 11, c, Abandon)
}

// TestACallback: who left a number is called three times, once the agent is there.
func TestACallback(t *testing.T) {
	now := time.Unix(1e9, 0)
	c := supportbot.Case{ID: "17-1", State: supportbot.CaseActive, Owner: "li", Fence: 2, Packet: supportbot.Packet{Contact: "+8613800138000"}}
	l := NewLine(c, Line{}, "CAcaller")
	var did []Task
	for range 100 {
		now = now.Add(4 * time.Second)
		var task Task
		if l, task = l.Next(c, now); task == "" {
			continue
		}
		did = append(did, task)
		l = l.Did(task, None, 0, now)
		switch task {
		case Look:
			if len(did) == 1 {
				l = l.Heard(News{Party: AtCaller, Stage: Gone, At: now})
			}
		case CallDesk:
			l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Joined, At: now})
		case CallCaller:
			l = l.Heard(News{Party: AtCaller, Dial: l.Caller.Dial, Call: "CAback", Stage: Gone, At: now})
		case EndDesk:
			l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Gone, At: now})
		}
	}
	want := []Task{Look, CallDesk, CallCaller, CallCaller, CallCaller, EndDesk}
	if len(did) != len(want) {
		t.Fatalf("did %v, want %v", did, want)
	}
	for i := range want {
		if did[i] != want[i] {
			t.Fatalf("did %v, want %v", did, want)
		}
	}
	if !l.Over || l.Why != CallerGone {
		t.Errorf("nobody answered, and: %+v", l)
	}
}
