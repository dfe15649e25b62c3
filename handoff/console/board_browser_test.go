package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
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

// Whoever watches from a telephone scrolls down, and never sideways.
func TestTablesAreCardsOnAPhone(t *testing.T) {
	d := newBoard(t)
	d.agents[0].Role = handoff.RoleAdmin
	ctx := chromium(t)
	run(t, ctx, d.loginForm())
	for _, one := range []struct {
		path, ready string
		columns     int
	}{{"board", "#agents th", 17}, {"agents", "[data-column]", 6}} {
		for _, lang := range []string{"zh", "en"} {
			run(t, ctx, chromedp.Navigate(d.URL+"/console/"+in(one.path, lang)), chromedp.WaitReady(one.ready))
			for _, scheme := range []string{"light", "dark"} {
				dress(t, ctx, scheme, 390)
				shot(t, ctx, strings.Join([]string{one.path, lang, scheme}, "-"))
			}
			at := one.path + " " + lang
			if wrong := evaluate[string](t, ctx, sideways); wrong != "" {
				t.Errorf("%s: out of sight or hard to touch: %s", at, wrong)
			}
			if named := evaluate[bool](t, ctx, columnsAreNamed); !named {
				t.Errorf("%s: a cell does not show its column", at)
			}
			tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
			if err != nil {
				t.Fatal(err)
			}
			told := map[string]int{} // to screen readers
			for _, node := range tree.Nodes {
				if !node.Ignored && node.Role != nil {
					told[strings.Trim(string(node.Role.Value), `"`)]++
				}
			}
			if told["columnheader"] != one.columns || told["table"] == 0 || told["cell"] == 0 {
				t.Errorf("%s: a screen reader is told of %v, want %d columns", at, told, one.columns)
			}
		}
	}
}

// columnsAreNamed tells whether the third column's cell shows what its head says.
const columnsAreNamed = `getComputedStyle(document.querySelector("td:nth-child(3)"), "::before").content.includes(document.querySelector("th:nth-child(3)").textContent)`

// sideways names what of the tables cannot be seen or touched without scrolling
// sideways: targets of 24 px, as WCAG 2.2 asks in 2.5.8.
const sideways = `[...document.querySelectorAll(".wide, .wide :is(a, button)")].filter(node => {
	const box = node.getBoundingClientRect()
	return node.scrollWidth > node.clientWidth && node.matches(".wide") || box.left < 0 || box.right > innerWidth || box.height < 24 || box.width < 24
}).map(node => node.textContent.trim().slice(0, 30)).join(" | ")`
