package console_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/handoff"
)

// act is what somebody else does.
func (d *desk) act(t *testing.T, kind supportbot.ActKind, with func(*supportbot.AgentAct)) {
	t.Helper()
	act := supportbot.AgentAct{Case: "17-1", Kind: kind}
	with(&act)
	result, err := d.Act(t.Context(), act)
	if err != nil || result.Refused {
		t.Fatalf("%s: %+v, %v", kind, result, err)
	}
}

func to(agent string) func(*supportbot.AgentAct) {
	return func(a *supportbot.AgentAct) { a.Asked = agent }
}

func by(agent string, fence int64) func(*supportbot.AgentAct) {
	return func(a *supportbot.AgentAct) { a.Agent, a.Fence = agent, fence }
}

func TestAnOfferRingsAndIsAccepted(t *testing.T) {
	d := newDesk(t)
	d.cases[0].Priority = supportbot.Normal
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.WaitVisible("#waiting button"),
		does(func() { d.act(t, supportbot.ActOffer, to("li")) }),
		chromedp.WaitVisible("#offer"),
		shows("offer-said", "A case for you: Normal · Web · Chinese · 忘记终端登录密码"),
		shows("offer-left", "seconds left"),
		chromedp.WaitVisible("#hush"), // it rings
		sees(`document.querySelectorAll("#mine button").length === 0`),
		does(func() { shot(t, ctx, "offer") }),
		chromedp.Click("#alert-done"),
		chromedp.KeyEvent("d"),
		chromedp.WaitNotVisible("#offer"),
		chromedp.WaitNotVisible("#hush"),
		does(func() {
			if c, _ := d.Case(t.Context(), "17-1"); c.State != supportbot.CaseWaiting || len(c.Passed) != 1 {
				t.Errorf("declined, it is %+v", c)
			}
			d.act(t, supportbot.ActOffer, to("li"))
		}),
		chromedp.WaitVisible("#offer"),
		chromedp.KeyEvent("a"),
		chromedp.WaitVisible("#text"),
		chromedp.WaitNotVisible("#offer"),
		shows("mine", "忘记终端登录密码"),
	)
	if c, _ := d.Case(t.Context(), "17-1"); c.State != supportbot.CaseActive || c.Owner != "li" {
		t.Errorf("the case is %+v", c)
	}
}

func TestACaseIsPassedOnAndTakenBack(t *testing.T) {
	d := newDesk(t)
	d.profiles["wang"] = handoff.Profile{Teams: []string{"风控"}, Capacity: 5}
	d.presence["wang"] = handoff.Available
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#alert-done"),
		chromedp.Click("#next"),
		chromedp.WaitVisible("#text"),
		chromedp.KeyEvent("\t"),
		tab(t, ctx, `e.id === "pass-to"`), // by keys
		sees(`[...document.getElementById("pass-to").options].map(o => o.label).join("; ") === "wang · available · 0 of 5 cases; Team: 风控"`),
		chromedp.Click("#transfer"),
		shows("mine", "wang is asked to take it"),
		chromedp.WaitVisible("#text"), // li goes on meanwhile
		chromedp.Click("#resume"),
		chromedp.WaitNotVisible("#resume"),
		chromedp.Click("#consult"),
		shows("mine", "wang reads along"),
		does(func() { d.act(t, supportbot.ActDecline, by("wang", 0)) }),
		chromedp.WaitNotVisible("#resume"),

		does(func() { d.act(t, supportbot.ActLapse, func(*supportbot.AgentAct) {}) }), // li is not heard of
		shows("away", "You were not heard of"),
		chromedp.Click("#resume"),
		chromedp.WaitVisible("#text"),

		chromedp.SetValue("#call-in", "60"),
		chromedp.Click("#callback"),
		shows("waiting", "Call at"),
		shows("next-hint", "Nobody is waiting now"),
	)
	if c, _ := d.Case(t.Context(), "17-1"); c.State != supportbot.CaseCallback || c.Until.Before(time.Now().Add(59*time.Minute)) {
		t.Errorf("the case is %+v", c)
	}
}

func TestWhoIsConsultedWritesNotesAlone(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		does(func() {
			d.act(t, supportbot.ActClaim, by("wang", 0))
			d.act(t, supportbot.ActConsult, func(a *supportbot.AgentAct) { a.Agent, a.Fence, a.Asked = "wang", 2, "li" })
		}),
		shows("offer-said", "wang asks you to read along"),
		chromedp.Click("#accept"),
		chromedp.WaitVisible("#reading"),
		chromedp.WaitNotVisible("#offer"),
		sees(`document.getElementById("modes").hidden && document.getElementById("decide").hidden && document.getElementById("write").dataset.mode === "note"`),
		chromedp.SendKeys("#text", "先问开户行"),
		enterIn("#text"),
		shows("log", "Note by li"),
		chromedp.Click("#take-over"),
		chromedp.WaitVisible("#decide"),
	)
	c, _ := d.Case(t.Context(), "17-1")
	if c.Owner != "li" || len(c.Notes) != 1 || len(d.said["17-1"]) != 2 {
		t.Errorf("the case is %+v, the merchant's conversation %+v", c, d.said["17-1"])
	}
}

func TestACaseForASecondAgentIsListed(t *testing.T) {
	d := newChecked(t) // li has it
	d.cases = append(d.cases, d.cases[0])
	d.cases[0].ID, d.cases[0].State, d.cases[0].Owner = "20-1", supportbot.CaseWaiting, ""
	one := &d.cases[1]
	one.Owner = "wang"
	for i := range one.Checks.Items {
		one.Checks.Items[i].Match = true
	}
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		shows("to-approve", "Waits for approval 1"),
		chromedp.Click("#approval button"),
		chromedp.WaitVisible("#checks-approve"),
		chromedp.Click("#checks-approve"),
		chromedp.WaitNotVisible("#to-approve"),
	)
	if c, _ := d.Case(t.Context(), "17-1"); c.Checks.Approved != "li" {
		t.Errorf("the checklist is %+v", c.Checks)
	}
}

func TestAnAgentSaysWhetherToBeOfferedCases(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.WaitVisible("#presence"),
		shows("presence-state", "away"),
		chromedp.Click("#presence"),
		shows("presence-state", "available"),
		does(func() {
			await(t, "the presence on the server", func() bool {
				d.mu.Lock()
				defer d.mu.Unlock()
				return d.presence["li"] == handoff.Available
			})
			d.act(t, supportbot.ActOffer, to("li"))
		}),
		chromedp.WaitVisible("#offer"),
		does(func() { // it passes, and is the second one
			if err := d.SetPresence(t.Context(), "li", handoff.Away); err != nil {
				t.Fatal(err)
			}
			d.act(t, supportbot.ActDecline, by("li", 0))
		}),
		shows("presence-told", "You let offers pass"),
		shows("presence-state", "away"),
	)
}
