package handoff_test

import (
	"slices"
	"testing"
	"time"

	"supportbot"
	. "supportbot/handoff"
)

func TestALine(t *testing.T) {
	noon := time.Unix(1e9, 0)
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	c := supportbot.Case{ID: "17-1", Channel: supportbot.Voice, State: supportbot.CaseActive, Owner: "li", Fence: 2}
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
	next(&l, 10, c, Lapse)
	cut := c
	cut.State = supportbot.CaseGrace
	next(&l, 13, cut, ReturnCaller)
	l = l.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Left, At: at(14)})
	if next(&l, 16, cut, ""); !l.Over || l.Why != Lost {
		t.Errorf("cut off: %+v", l)
	}

	l = talking()
	l = l.Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Gone, At: at(10)})
	next(&l, 10, c, Abandon)
	next(&l, 13, done, EndDesk)

	claimed := c
	claimed.State = supportbot.CaseRinging
	l = NewLine(claimed, Line{}, "CAcaller").Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Answered, Place: "n=3", At: at(0)})
	next(&l, 0, claimed, CallDesk)
	l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Accepted, At: at(5)})
	next(&l, 5, claimed, Connect) // before anybody is put through
	if l.Connects(claimed, at(11)) || !l.Connects(c, at(11)) {
		t.Error("who is put through before the case is connected?")
	}

	l = NewLine(claimed, Line{}, "CAcaller").Heard(News{Party: AtCaller, Call: "CAcaller", Stage: Answered, Place: "n=3", At: at(0)})
	next(&l, 0, claimed, CallDesk)
	l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Gone, End: "busy", At: at(2)})
	if next(&l, 2, claimed, Lapse); l.Why != NoAnswer {
		t.Errorf("busy: %+v", l)
	}
}

// TestACallback: who left a number is called once the agent is there, and if nobody
// answers, the case says when again.
func TestACallback(t *testing.T) {
	now := time.Unix(1e9, 0)
	c := supportbot.Case{
		ID: "17-1", Channel: supportbot.Voice, State: supportbot.CaseActive, Owner: "li", Fence: 2,
		Packet: supportbot.Packet{Contact: "+8613800138000"},
	}
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
			l = l.Heard(News{Party: AtCaller, Stage: Gone, At: now})
		case CallDesk:
			l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Joined, At: now})
		case CallCaller:
			l = l.Heard(News{Party: AtCaller, Dial: l.Caller.Dial, Call: "CAback", Stage: Gone, End: "busy", At: now})
		case CallAgain:
			c, _, _ = Step(c, supportbot.AgentAct{Case: c.ID, Kind: supportbot.ActCallback, Agent: "li", Fence: 2, How: l.Caller.End, At: now})
		case EndDesk:
			l = l.Heard(News{Party: AtDesk, Dial: 1, Call: "CAdesk", Stage: Gone, At: now})
		}
	}
	if want := []Task{Look, CallDesk, CallCaller, CallAgain, EndDesk}; !slices.Equal(did, want) {
		t.Fatalf("did %v, want %v", did, want)
	}
	if !l.Over || l.Why != Unreached || c.State != supportbot.CaseCallback || c.Called[0].How != "busy" {
		t.Errorf("nobody answered, and: %+v of %+v", l, c)
	}
}
