package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot"
)

func TestAnAgentAtWork(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		shows("log", "POS机密码忘了"),
		shows("facts", "拉卡拉"),
		chromedp.Click("#claim"),
		chromedp.WaitVisible("#text"),
		shows("write", "Never ask for"),

		// An input method's Enter and Shift+Enter send nothing, Enter does.
		chromedp.SendKeys("#text", "您好"),
		sees(`document.getElementById("text").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, cancelable: true}))`),
		enter(chromedp.ModifierShift),
		chromedp.KeyEvent("我是小李"),
		enter(chromedp.ModifierNone),
		shows("log", "您好\n我是小李"),
		does(func() { d.merchantSays("17-1", "终于有人了") }),
		shows("log", "终于有人了"),
		shows("mine", "1 to answer"),

		// A draft outlives a reload.
		chromedp.SendKeys("#text", "请稍等"),
		chromedp.Reload(),
		sees(`document.getElementById("text")?.value === "请稍等"`),
		chromedp.WaitVisible("#send"),

		// While the server does not answer, nothing can be sent.
		does(func() { d.setDown(context.DeadlineExceeded) }),
		chromedp.WaitVisible("#stale"),
		sees(`document.getElementById("send").disabled && document.getElementById("give").disabled`),
		does(func() { d.setDown(nil) }),
		chromedp.WaitNotVisible("#stale"),

		chromedp.SendKeys("#note", "三个问题都答对"),
		chromedp.Click(`input[value="verified"]`),
		shows("verdicts", "核实已通过"),
		chromedp.Click("#give"),
		shows("away", "Verdict given · Verified"),
		sees(`document.querySelectorAll("#mine button").length === 0`),
	)
	c, _ := d.Case(t.Context(), "17-1")
	if c.State != supportbot.CaseDone || c.Verdict != supportbot.Verified || c.Note != "三个问题都答对" {
		t.Errorf("in the end the case is %+v", c)
	}
	if said := d.said["17-1"]; len(said) != 4 || said[2].Text != "您好\n我是小李" || said[2].Author != "li" {
		t.Errorf("the transcript is %+v", said)
	}
}

func TestALostRaceNamesTheWinner(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		chromedp.WaitVisible("#claim"),
		does(func() { // wang is quicker, and the hint of it has not come yet
			d.mu.Lock()
			defer d.mu.Unlock()
			d.cases[0].State, d.cases[0].Owner, d.cases[0].Fence = supportbot.CaseActive, "wang", 2
		}),
		chromedp.Click("#claim"),
		shows("told", "wang was quicker"),
		sees(`document.getElementById("talk").hidden && document.getElementById("packet").hidden`), // it is wang's now
	)
}

func TestReleaseAndClose(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		chromedp.Click("#claim"),
		chromedp.Click("#release"),
		chromedp.WaitVisible("#claim"),
		chromedp.Click("#claim"),
		chromedp.Click("#close"), // once is not enough
		shows("close", "Press again"),
		chromedp.Click("#close"),
		shows("away", "Closed"),
	)
	if c, _ := d.Case(t.Context(), "17-1"); c.State != supportbot.CaseClosed || c.Fence != 5 {
		t.Errorf("the case is %+v", c)
	}
}

func TestThePageFitsAPhone(t *testing.T) {
	d := newDesk(t)
	d.notice = strings.Repeat("flows/menu.yaml:3:unknown-key/", 9)
	d.merchantSays("17-1", strings.Repeat("https://example.com/", 20))
	ctx := chromium(t)
	fits := sees("document.documentElement.scrollWidth <= innerWidth")
	run(t, ctx,
		chromedp.EmulateViewport(360, 640, chromedp.EmulateMobile),
		d.loginForm(), fits,
		chromedp.Click("#waiting button"),
		chromedp.Click("#claim"),
		chromedp.WaitVisible("#text"), fits,
		chromedp.Click(`.tabs [data-pane="packet"]`),
		chromedp.WaitVisible("#give"), fits,
	)
}

func TestTheLastMessageStaysInViewUntilTheAgentScrollsUp(t *testing.T) {
	d := newDesk(t)
	for i := range 40 {
		d.merchantSays("17-1", fmt.Sprint("message ", i))
	}
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		sees(atEnd),
		chromedp.Click("#claim"), // the field to write in takes room from the conversation
		chromedp.WaitVisible("#text"),
		sees(atEnd),
		does(func() { d.merchantSays("17-1", "one more") }),
		shows("log", "one more"),
		sees(atEnd),
		sees(`document.getElementById("log").scrollTo(0, 100) || true`),
		chromedp.Sleep(100*time.Millisecond),
		does(func() { d.merchantSays("17-1", "and another") }),
		chromedp.WaitVisible("#newer"),
		sees("document.getElementById('log').scrollTop === 100"),
		chromedp.Click("#newer"),
		sees(atEnd),
		chromedp.WaitNotVisible("#newer"),
	)
}

const atEnd = `(log => log.scrollHeight > log.clientHeight && log.scrollHeight - log.scrollTop - log.clientHeight < 2)(document.getElementById("log"))`
