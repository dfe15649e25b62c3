package console_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"supportbot"
	"supportbot/handoff"
)

// newBoard is a desk whose li is a supervisor, with three who wait and one whom wang has.
func newBoard(t *testing.T) *desk {
	d := newDesk(t)
	d.queue(supportbot.Normal)
	d.agents[0].Role = handoff.RoleSupervisor
	d.profiles["wang"] = handoff.Profile{Capacity: 5, Teams: []string{"风控"}}
	d.teams = []string{"风控"}
	d.presence["wang"] = handoff.Available
	d.act(t, supportbot.ActClaim, func(a *supportbot.AgentAct) { a.Case, a.Agent = "20-1", "wang" })
	return d
}

func TestASupervisorActsOnTheBoard(t *testing.T) {
	d := newBoard(t)
	ctx := chromium(t)
	fits := sees("document.documentElement.scrollWidth <= innerWidth")
	run(t, ctx,
		d.loginForm(),
		chromedp.Click(`.places a[href="/console/board"]`),
		chromedp.WaitVisible("#agents th"),
		shows("waiting-now", "1"),
		shows("longest", "3 min"),
		shows("late", "1"), // the urgent one
		shows("there", "1"),
		shows("waiting", "忘记终端登录密码"),
		shows("held", "wang"),
		chromedp.EmulateViewport(390, 800, chromedp.EmulateMobile), fits,
		does(func() { shot(t, ctx, "board-phone") }),
		chromedp.EmulateViewport(1280, 800),
		does(func() { shot(t, ctx, "9-board") }),

		chromedp.Click(`[data-act="supervise 17-1"]`),
		chromedp.WaitVisible("#supervise"),
		chromedp.SetValue("#rank-as", "normal"),
		chromedp.Click("#rank button"),
		shows("told", "The priority is Normal now."),
		shows("late", "0"), // there is more time now

		chromedp.Click(`[data-act="supervise 17-1"]`),
		chromedp.SetValue("#reassign-to", "team 风控"),
		does(func() { shot(t, ctx, "board-reassign") }),
		chromedp.Click("#reassign button"),
		shows("told", "Reassigned to 风控."),
		shows("waiting", "风控"),

		chromedp.Click(`[data-act="read 17-1"]`), // to read along
		chromedp.WaitVisible("#goal"),
		shows("goal", "忘记终端登录密码"),
	)
	if c, _ := d.Case(t.Context(), "17-1"); c.Priority != supportbot.Normal || c.Team != "风控" || c.State != supportbot.CaseWaiting {
		t.Errorf("the case is %+v", c)
	}
}

// Without a mouse: another's case is taken over, and one that has changed hands since
// is left alone.
func TestTheBoardByKeys(t *testing.T) {
	d := newBoard(t)
	ctx := chromium(t)
	focus := func(act string) action {
		return sees(`(document.querySelector('[data-act="` + act + `"]')?.focus(), document.activeElement.dataset.act === "` + act + `")`)
	}
	run(t, ctx,
		d.loginForm(),
		chromedp.Navigate(d.URL+"/console/board?lang=zh"),
		chromedp.WaitVisible("#held a"),
		does(func() {
			d.act(t, supportbot.ActRelease, func(a *supportbot.AgentAct) { a.Case, a.Agent, a.Fence = "20-1", "wang", 2 })
		}),
		focus("takeover 20-1"),
		chromedp.KeyEvent(kb.Enter),
		shows("told", "没有改"),
		sees(`document.querySelectorAll("#waiting tr").length === 2`), // what is shown is as it is now
		focus("supervise 20-1"),
		chromedp.KeyEvent(kb.Enter),
		chromedp.WaitVisible("#supervise"),
		sees(`document.activeElement.id === "reassign-to"`),
		chromedp.KeyEvent(kb.ArrowDown), // from li to wang
		chromedp.KeyEvent(kb.Tab),
		chromedp.KeyEvent(kb.Enter),
		shows("told", "已改派给 wang。"),
		sees(`document.activeElement.dataset.act === "supervise 20-1"`), // and goes on where it was
		focus("takeover 20-1"),
		chromedp.KeyEvent(kb.Enter),
		chromedp.WaitVisible("#text"), // on the desk, with the case in hand
	)
	if c, _ := d.Case(t.Context(), "20-1"); c.Owner != "li" {
		t.Errorf("the case is %+v", c)
	}
}
