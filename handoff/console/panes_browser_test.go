package console_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot"
)

// queue adds waiting cases, the most urgent and oldest first.
func (d *desk) queue(priorities ...supportbot.Priority) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, priority := range priorities {
		c := d.cases[0]
		c.ID, c.Priority, c.State, c.Owner = fmt.Sprint(20+i, "-1"), priority, supportbot.CaseWaiting, ""
		c.QueuedAt = time.Now().Add(-150 * time.Second)
		c.Packet.Goal = fmt.Sprint("第", i+1, "件事")
		d.cases = append(d.cases, c)
		d.say(c.ID, supportbot.FromUser, "", "在吗")
	}
}

func TestAcceptNextTakesTheMostUrgent(t *testing.T) {
	d := newDesk(t)
	d.queue(supportbot.High, supportbot.Normal)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		sees(`[...document.querySelectorAll("#waiting .sla")].map(b => b.innerText).join() === "Late,Due soon,On time"`),
		does(func() { // a colleague takes the first one, and no hint of it has come
			d.mu.Lock()
			defer d.mu.Unlock()
			d.cases[0].State, d.cases[0].Owner, d.cases[0].Fence = supportbot.CaseActive, "wang", 2
		}),
		chromedp.Click("#next"),
		chromedp.WaitVisible("#text"),
		shows("goal", "第1件事"),
		sees(`document.activeElement.id === "text"`),
		does(func() { d.merchantSays("20-1", "还在等") }),
		shows("log", "还在等"),
		chromedp.Click("#waiting button"), // looks at another one
		does(func() { d.merchantSays("20-1", "有人吗") }),
		shows("mine", "1 unread"),
		chromedp.Click("#mine button"),
		shows("mine", "3 to answer"),
		does(func() { shot(t, ctx, "desk") }),
		chromedp.Click("#next"),
		sees(`document.querySelectorAll("#mine button").length === 2 && document.getElementById("next").disabled`),
	)
	owned, _ := d.Cases(t.Context(), supportbot.CaseActive, "li")
	if got := []string{owned[0].ID, owned[1].ID}; !slices.Equal(got, []string{"20-1", "21-1"}) {
		t.Errorf("li has %v", got)
	}
}

// What the socket tells of and the page cannot fetch is a gap.
func TestNothingIsSentUntilTheGapIsFilled(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#next"),
		chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "您好"),
		does(func() {
			d.mu.Lock() // nobody gets an answer
			d.say("17-1", supportbot.FromUser, "", "算了，我自己来")
			d.hint()
		}),
		shows("link", "Catching up"),
		shows("stale", "There are changes that have not arrived here yet"),
		sees(`document.getElementById("send").disabled && document.getElementById("next").disabled`),
		enterIn("#text"),
		does(func() { d.mu.Unlock() }),
		shows("log", "算了，我自己来"),
		chromedp.WaitNotVisible("#stale"),
		sees(`!document.getElementById("send").disabled && document.getElementById("text").value === "您好"`),
	)
	if n := len(d.said["17-1"]); n != 3 {
		t.Errorf("%d messages are there, want 3: nothing was sent", n)
	}
}

// The three panes stand side by side on a desk, and one at a time on a phone.
func TestTheDeskFitsItsScreen(t *testing.T) {
	d := newDesk(t)
	d.queue(supportbot.High, supportbot.Normal)
	d.cases[0].Notes = []supportbot.CaseNote{{Agent: "wang", Text: "店里只有他一个人，请说慢一点。", At: time.Now()}}
	ctx := chromium(t)
	fits := sees("document.documentElement.scrollWidth <= innerWidth")
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#alert-done"),
		chromedp.Click("#next"),
		chromedp.WaitVisible("#text"),
		does(func() { d.merchantSays("17-1", "我在柜台，有客人等着") }),
		shows("log", "有客人等着"),
	)
	for _, screen := range []struct {
		name, lang, scheme string
		width              int
	}{{"4-console", "zh", "light", 1280}, {"7-console-dark", "en", "dark", 1280}, {"8-console-phone", "zh", "light", 390}} {
		dress(t, ctx, screen.scheme, screen.width)
		run(t, ctx,
			chromedp.Navigate(d.URL+"/console/?lang="+screen.lang+"#17-1"),
			chromedp.Reload(), // another fragment alone loads nothing
			chromedp.WaitVisible("#text"), fits,
			sees(fmt.Sprintf(`["queue", "packet"].every(pane => document.querySelector(".pane." + pane).offsetWidth > 0) === %t`, screen.width > 1000)),
			does(func() { shot(t, ctx, screen.name) }),
		)
	}
}
