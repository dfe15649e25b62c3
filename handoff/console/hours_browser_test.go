package console_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"supportbot/handoff"
)

func TestAnAdminSetsTheHours(t *testing.T) {
	d := newDesk(t)
	d.agents[0].Role = handoff.RoleAdmin
	d.hours = handoff.Hours{Zone: "Asia/Shanghai", Dates: map[string][]handoff.Span{"2025-10-01": {}}, Names: map[string]string{"2025-10-01": "国庆节"}}
	ctx := chromium(t)
	faulty := func(field, says string) action {
		return sees(`document.activeElement.matches('` + field + `') && document.activeElement.ariaInvalid === "true" &&
			document.getElementById(document.activeElement.getAttribute("aria-describedby").split(" ")[0]).textContent.includes("` + says + `")`)
	}
	clear := func(id string) action { return sees(`(document.getElementById("` + id + `").value = "", true)`) }
	run(t, ctx,
		d.loginForm(),
		chromedp.Click(`.places a[href="/console/hours"]`),
		chromedp.WaitVisible("#hours"),
		shows("now", "Open all the time"),
		chromedp.Click("#always"),
		chromedp.WaitVisible("#week"),
		chromedp.Click("#hours .primary"),
		faulty("#day-mon", "No day is open"),
		clear("zone"), chromedp.SendKeys("#zone", "Mars"),
		chromedp.SendKeys("#day-mon", "9：00–12:00，13:30 至 18:00"), // as people type it
		chromedp.SendKeys("#day-tue", "22:00-02:00"),
		chromedp.Click("#hours .primary"),
		faulty("#zone", "no such time zone"),
		clear("zone"), chromedp.SendKeys("#zone", "Asia/Shanghai"),
		chromedp.Click("#hours .primary"),
		faulty("#day-tue", "past midnight belongs to the next day"),
		does(func() { shot(t, ctx, "hours-fault") }),
		clear("day-tue"), chromedp.SendKeys("#day-tue", "nine"),
		chromedp.Click("#hours .primary"),
		faulty("#day-tue", "such as 09:00-18:00"),
		clear("day-tue"),

		// The rest by keys alone.
		chromedp.Focus("#add-date"),
		chromedp.KeyEvent(kb.Enter),
		sees(`document.activeElement.type === "date"`),
		chromedp.KeyEvent("10012026"), // as the English field takes it
		sees(`document.activeElement.closest("li").querySelector("[name=name]").focus() || true`),
		chromedp.KeyEvent("National Day"),
		chromedp.KeyEvent(kb.Tab),
		chromedp.KeyEvent("10:00-12:00"),
		chromedp.KeyEvent(kb.Enter),
		chromedp.WaitVisible("#saved"),
		sees(`document.activeElement.id === "saved"`),
		does(func() { shot(t, ctx, "hours-en") }),
		chromedp.Navigate(d.URL+"/console/hours?lang=zh"),
		chromedp.WaitVisible("#week"),
		sees(`document.querySelectorAll("#dates li").length === 2 && document.querySelector("#dates li:last-child [name=spans]").value === "10:00-12:00"`),
		sees(`document.querySelector(".told").innerText.includes("closed until") && document.getElementById("now").innerText.includes("202")`),
		chromedp.EmulateViewport(390, 800, chromedp.EmulateMobile),
		sees("document.documentElement.scrollWidth <= innerWidth"),
		does(func() { shot(t, ctx, "hours-zh-phone") }),
		chromedp.Click("#dates li [name=drop]"), // of last year
		chromedp.Click("#hours .primary"),
		chromedp.WaitVisible("#saved"),
	)
	want := handoff.Hours{
		Zone:  "Asia/Shanghai",
		Week:  map[string][]handoff.Span{"mon": {{From: "09:00", To: "12:00"}, {From: "13:30", To: "18:00"}}, "tue": {}, "wed": {}, "thu": {}, "fri": {}, "sat": {}, "sun": {}},
		Dates: map[string][]handoff.Span{"2026-10-01": {{From: "10:00", To: "12:00"}}}, Names: map[string]string{"2026-10-01": "National Day"},
	}
	if diff := cmp.Diff(want, d.hours); diff != "" {
		t.Errorf("the hours (-want +got):\n%s", diff)
	}
}
