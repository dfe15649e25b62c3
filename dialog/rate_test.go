package dialog

import (
	"strings"
	"testing"
	"time"

	"supportbot"
)

const askedForAMark = "How well did the agent help you"

// helpedOnce brings an agent, who helps and goes.
func (t *talk) helpedOnce() {
	t.Helper()
	t.says(steer(supportbot.CmdAgent))
	t.does(Event{Kind: Joined, Agent: "lin"})
	t.does(Event{Kind: Closed})
}

// silent lets time pass until the chat reports silence, and a while more.
func (t *talk) silent(more time.Duration) string {
	t.Helper()
	t.now = t.now.Add(t.last.Silence + more)
	return t.does(Event{Kind: Silence})
}

func TestAMarkIsAskedForOnceInThirtyDays(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	for _, c := range []struct {
		after time.Duration // the last question
		asked bool
	}{{0, true}, {29 * 24 * time.Hour, false}, {31 * 24 * time.Hour, true}} {
		last := tk.state().Rating.Asked
		if !last.IsZero() {
			tk.now = last.Add(c.after)
		}
		tk.helpedOnce()
		if got := strings.HasPrefix(tk.silent(0), askedForAMark); got != c.asked {
			t.Errorf("%s after the last time, asked: %t", c.after, got)
		}
	}
	tk.is(tk.says(fill("score", "mark-2")), "Thank you!")
	if tk.last.Score != 2 {
		t.Errorf("the mark is %d", tk.last.Score)
	}
}

func TestNobodyIsAskedForAMark(t *testing.T) {
	for name, f := range map[string]func(*talk) string{
		"too late":             func(tk *talk) string { tk.helpedOnce(); return tk.silent(2 * time.Hour) },
		"while an errand goes": func(tk *talk) string { tk.helpedOnce(); tk.says(start("errand")); return tk.silent(0) },
		"after another case begins": func(tk *talk) string {
			tk.helpedOnce()
			tk.says(steer(supportbot.CmdAgent))
			return tk.says(steer(supportbot.CmdCancel)) + tk.silent(0)
		},
		"who left the queue": func(tk *talk) string {
			tk.says(steer(supportbot.CmdAgent))
			return tk.says(steer(supportbot.CmdCancel)) + tk.silent(0)
		},
		"for whom nobody came": func(tk *talk) string {
			tk.says(steer(supportbot.CmdAgent))
			return tk.does(Event{Kind: Judged, Verdict: supportbot.Unavailable}) + tk.silent(0)
		},
	} {
		if got := f(smallTalk(t, supportbot.Web)); strings.Contains(got, askedForAMark) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Whatever else is said takes the question away and has its usual answer, and no
// mark is kept.
func TestAnythingElseIsNoMark(t *testing.T) {
	for name, e := range map[string]Event{
		"thanks":          {Kind: Said, Commands: []supportbot.Command{{Kind: supportbot.CmdThanks}}},
		"an errand":       {Kind: Said, Commands: []supportbot.Command{start("errand")}},
		"not understood":  {Kind: Said},
		"a forged button": {Kind: Chose, Choice: "score=mark-9"},
	} {
		plain, asked := smallTalk(t, supportbot.Web), smallTalk(t, supportbot.Web)
		plain.helpedOnce()
		asked.helpedOnce()
		if got := asked.silent(0); !strings.HasPrefix(got, askedForAMark) {
			t.Fatalf("not asked: %q", got)
		}
		want, got := plain.does(e), asked.does(e)
		if got != want || asked.last.Score != 0 {
			t.Errorf("%s: said %q with mark %d, want %q as ever", name, got, asked.last.Score, want)
		}
	}
}
