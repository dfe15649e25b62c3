package console_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/handoff"
	"supportbot/handoff/console"
)

// exchange has the telephone of li: a line as it would be kept, and what is heard
// of it.
type exchange struct {
	*memory
	mu   sync.Mutex
	line handoff.Line
}

func (x *exchange) Call(ctx context.Context, id, agent string, _ int64) (bool, error) {
	result, err := x.Act(ctx, supportbot.AgentAct{Case: id, Kind: supportbot.ActResume, Agent: agent, Rings: true})
	return !result.Refused, err
}

func (x *exchange) Wish(_ context.Context, _, _ string, _ int64, wish handoff.Wish) (bool, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.line.Wish, x.line.OnHold = wish, wish == handoff.Hold
	return true, nil
}

func (x *exchange) State(_ context.Context, c supportbot.Case, agent string) (string, bool, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.line.Shown(c, agent, time.Now()), agent == "li", nil
}

func (*exchange) SetPhone(context.Context, string, string, string) error { return nil }

// rings begins a line of the case as it is now.
func (x *exchange) rings(t *testing.T) {
	c, err := x.Case(t.Context(), "17-1")
	if err != nil {
		t.Fatal(err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.line = handoff.NewLine(c, x.line, "CAcaller")
	x.line.Desk = handoff.Leg{Dial: 1, Call: "CAdesk", Stage: handoff.Ringing}
}

func (x *exchange) hears(p handoff.Party, s handoff.Stage) {
	x.mu.Lock()
	defer x.mu.Unlock()
	dial := 1
	if p == handoff.AtCaller {
		dial = x.line.Caller.Dial
	}
	x.line = x.line.Heard(handoff.News{Party: p, Dial: dial, Stage: s, At: time.Now()})
}

func (x *exchange) why(w handoff.Why) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.line.Why = w
}

func TestTheBarTellsHowTheCallStands(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) { callbar(t, lang) })
	}
}

func callbar(t *testing.T, lang string) {
	d := newDesk(t)
	d.cases[0].Channel = supportbot.Voice
	x := &exchange{memory: d.memory}
	d.console = console.New(d.memory, d.memory, console.Options{
		Papers: d.memory, Knowledge: handbook{}, Mask: masked, Sessions: newSessions(), Phones: x, Key: []byte("key"), Client: client, Log: discard,
	})
	d.Server = serve(t, d.console)
	words := func(en, zh string) string {
		if lang == "zh" {
			return zh
		}
		return en
	}
	is := func(en, zh string) action { return shows("callbar-state", words(en, zh)) }
	press := func(what string) action { return chromedp.Click(`[data-call="` + what + `"]`) }
	act := func(kind supportbot.ActKind, with func(*supportbot.AgentAct)) action {
		return does(func() { d.act(t, kind, with) })
	}
	fence := func(fence int64) func(*supportbot.AgentAct) {
		return func(a *supportbot.AgentAct) { a.Agent, a.Fence = "li", fence }
	}
	lapse := func(fence int64) func(*supportbot.AgentAct) {
		return func(a *supportbot.AgentAct) { a.Fence, a.Rings = fence, true }
	}
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Navigate(d.URL+"/console/?lang="+lang),
		chromedp.WaitVisible("#waiting button"),
		chromedp.Click("#alert-done"),
		chromedp.Click("#waiting button"),
		chromedp.Click("#claim"),
		is("Ringing your phone", "正在打您的电话"), // and nothing may be written yet
		sees(`document.getElementById("write").hidden && document.getElementById("decide").hidden`),
		does(func() { shot(t, ctx, "callbar-ringing-"+lang) }),
		does(func() { x.rings(t); x.hears(handoff.AtDesk, handoff.Answered) }),
		is("Press 1", "按 1"),
		does(func() { x.hears(handoff.AtDesk, handoff.Gone) }),
		act(supportbot.ActLapse, lapse(2)),
		is("not answered", "没有接通"), // and the case is in the queue
		chromedp.WaitVisible("#claim"),
		does(func() { shot(t, ctx, "callbar-missed-"+lang) }),

		chromedp.Click("#claim"),
		is("Ringing your phone", "正在打您的电话"),
		does(func() { x.rings(t); x.hears(handoff.AtDesk, handoff.Joined) }),
		act(supportbot.ActConnected, fence(4)),
		is("Getting the caller", "正在接来电人"),
		chromedp.WaitVisible("#text"),
		does(func() { x.hears(handoff.AtCaller, handoff.Joined) }),
		is("Connected", "通话中"),
		press("hold"),
		is("On hold", "对方在等"),
		press("resume"),
		is("Connected", "通话中"),

		does(func() { x.hears(handoff.AtDesk, handoff.Gone) }),
		act(supportbot.ActLapse, lapse(4)),
		is("You were cut off", "您的电话断了"),
		sees(`/\d/.test(document.getElementById("callbar-left").innerText)`), // the seconds that are left
		does(func() { shot(t, ctx, "callbar-lost-"+lang) }),
		press("call"),
		is("Ringing your phone", "正在打您的电话"),
		does(func() { x.rings(t); x.hears(handoff.AtDesk, handoff.Joined) }),
		act(supportbot.ActConnected, fence(5)),
		does(func() { x.hears(handoff.AtDesk, handoff.Gone) }),
		act(supportbot.ActLapse, lapse(5)),
		press("type"),
		chromedp.WaitVisible("#text"),
		is("The caller is on the line", "在线上等"),

		does(func() { x.rings(t); x.hears(handoff.AtDesk, handoff.Joined); x.line.Callback = true }),
		is("time 1 of 3", "第 1 次，最多 3 次"),
		does(func() { x.why(handoff.Unreached) }),
		act(supportbot.ActCallback, func(a *supportbot.AgentAct) { a.Agent, a.Fence, a.How = "li", 6, "busy" }),
		is("could not be reached (busy). Called 1 of 3 times", "没有接通（占线）。打过 1 次"),
		shows("facts", words("busy", "占线")),
		does(func() { shot(t, ctx, "callbar-unreached-"+lang) }),
	)
}
