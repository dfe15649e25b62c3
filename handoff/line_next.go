package handoff

import (
	"time"

	"supportbot"
)

// Task is what is to be done for a line, at the provider or to the case. Each may
// be done twice without harm, but for the calls, which say so themselves.
type Task string

// The tasks.
const (
	Look         Task = "look"          // ask what has become of both calls
	CallDesk     Task = "call-desk"     // not again before Look
	EndDesk      Task = "end-desk"      // with a word of why
	MoveCaller   Task = "move-caller"   // into the conference
	ReturnCaller Task = "return-caller" // out of it, back to the flow or the queue
	CallCaller   Task = "call-caller"   // who asked to be called; not again before Look
	EndCaller    Task = "end-caller"    // a call to them that is no longer wanted
	HoldCaller   Task = "hold"          //
	ResumeCaller Task = "resume"        //

	Connect   Task = "connect"    // the case: the agent has answered
	Lapse     Task = "lapse"      // the case: the agent does not answer, or was cut off
	CallAgain Task = "call-again" // the case: the person could not be reached
	Abandon   Task = "abandon"    // the case: the caller is gone, and left no number
)

// Next tells what is to be done now, "" for nothing, and the line as it is then.
// c is the case as it is; contact of its packet decides whether a caller who is
// gone is called back.
func (l Line) Next(c supportbot.Case, now time.Time) (Line, Task) {
	if l.Over || now.Before(l.Until) {
		return l, ""
	}
	l.Doing = "" // whoever did it has had the time
	if l.Serves(c) && l.Caller.Stage == Gone {
		l = l.withoutCaller(c)
	}
	task := l.task(c, now)
	if task == "" {
		return l, ""
	}
	l.Doing, l.Until = task, now.Add(taskLimit)
	switch task {
	case CallDesk:
		l.Desk = Leg{Dial: 1, Stage: Asked, At: now}
	case CallCaller:
		l.Caller = Leg{Dial: l.Caller.Dial + 1, Stage: Asked, At: now}
	}
	return l, task
}

// withoutCaller is a line whose caller has hung up: who left a number is called,
// once; when it is tried again is the case's to say.
func (l Line) withoutCaller(c supportbot.Case) Line {
	switch {
	case !l.Callback && c.Packet.Contact != "":
		l.Callback, l.Met, l.Caller, l.Place = true, false, Leg{}, ""
	case l.Callback && !l.Met:
		l.Why = Unreached
	default:
		l.Why = CallerGone
	}
	return l
}

func (l *Line) task(c supportbot.Case, now time.Time) Task {
	if !l.Serves(c) || !l.LostAt.IsZero() {
		return l.undo(c, now)
	}
	stale := now.Sub(l.Looked) >= checkEvery
	switch {
	case c.State == supportbot.CaseRinging && l.Desk.Stage >= Accepted:
		return Connect
	case l.Caller.Stage == Idle && !l.Callback:
		return Look
	case l.Desk.Stage == Idle:
		return CallDesk
	case l.Desk.Call == "" && now.Sub(l.Desk.At) >= askLimit, stale && (l.Desk.up() || l.Caller.Stage >= Asked):
		return Look
	case !l.atDesk(now):
		return ""
	case l.Callback && l.Caller.Stage == Idle:
		return CallCaller
	case l.Caller.Stage == Asked && l.Caller.Call == "" && now.Sub(l.Caller.At) >= askLimit:
		return Look
	case l.Caller.Stage == Answered && l.Place != "":
		return MoveCaller
	case l.Caller.Stage == Joined && l.Wish == Hold && !l.OnHold && l.Conference != "":
		return HoldCaller
	case l.Caller.Stage == Joined && l.Wish == Talk && l.OnHold && l.Conference != "":
		return ResumeCaller
	}
	return ""
}

// undo takes a line down that is not wanted any more: first the case, which is
// ours to tell, then what hurts most.
func (l *Line) undo(c supportbot.Case, now time.Time) Task {
	if task := l.tell(c); task != "" {
		return task
	}
	switch {
	case l.Caller.Stage == Joined:
		return ReturnCaller
	case l.Desk.up() && l.Desk.Call != "":
		return EndDesk
	case l.Desk.up() && now.Sub(l.Desk.At) >= askLimit:
		return Look
	case l.Desk.up():
		return ""
	case l.Caller.Dial > 0 && l.Caller.up() && l.Caller.Call != "":
		return EndCaller
	case l.Caller.Dial > 0 && l.Caller.up() && now.Sub(l.Caller.At) >= askLimit:
		return Look
	case l.Caller.Dial > 0 && l.Caller.up():
		return ""
	}
	l.Over = true
	return ""
}

// tell is what the case is to hear of a line that is not wanted any more.
func (l Line) tell(c supportbot.Case) Task {
	switch {
	case !l.of(c):
		return ""
	case l.Why == CallerGone && !l.Callback:
		return Abandon
	case l.Why == Unreached && c.State.Worked():
		return CallAgain
	case c.State == supportbot.CaseRinging, !l.LostAt.IsZero() && l.Why == "" && l.Wish != HangUp && c.State.Worked():
		return Lapse
	}
	return ""
}

// Failure is how a task failed.
type Failure int

// The ways to fail.
const (
	None    Failure = iota
	Unsure          // it may have been done
	NotDone         // it was certainly not done; try again
	Refused         // it will never be done
)

// Did notes that a task was tried. Unless news has come meanwhile, it is tried
// again after a pause, or after so long a time as the provider asked for.
func (l Line) Did(task Task, how Failure, after time.Duration, now time.Time) Line {
	if l.Doing != task {
		return l
	}
	l.Doing, l.Looked = "", now
	if how == None {
		l.Fails, l.Until = 0, now.Add(pauseAfter(task))
		if task == Lapse && l.Why == "" && !l.LostAt.IsZero() {
			l.Why = Lost
		}
		return l
	}
	l.Until = now.Add(max(after, min(time.Second<<min(l.Fails, 5), checkEvery)))
	l.Fails++
	switch {
	case task == CallDesk && how == Refused && l.Desk.Call == "":
		l.Desk.Stage, l.Why = Gone, NoNumber
	case task == CallDesk && how == NotDone && l.Desk.Call == "":
		l.Desk = Leg{}
	case task == CallCaller && how == Refused && l.Caller.Call == "":
		l.Caller.Stage, l.Why = Gone, NoNumber
	case task == CallCaller && how == NotDone && l.Caller.Call == "":
		l.Caller = Leg{Dial: l.Caller.Dial - 1}
	}
	return l
}

// pauseAfter is how long the effect of a task may take to be heard of.
func pauseAfter(task Task) time.Duration {
	switch task {
	case CallDesk, CallCaller, Connect:
		return 0
	}
	return 3 * time.Second
}

// NotFound notes that the provider knows of no call that was asked for. It may
// still come, until no telephone would ring any more.
func (l Line) NotFound(p Party, now time.Time) Line {
	leg := l.Desk
	if p == AtCaller {
		leg = l.Caller
	}
	if now.Sub(leg.At) < findLimit {
		return l
	}
	return l.Heard(News{Party: p, Dial: leg.Dial, Stage: Gone, At: now})
}
