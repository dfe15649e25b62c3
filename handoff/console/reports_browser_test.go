package console_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"supportbot/handoff"
)

// Reports are no wider than the window: what is too wide scrolls by itself.
func TestReportsFitTheWindow(t *testing.T) {
	d, _ := newBooked(t, served()...)
	d.promote("li", handoff.RoleSupervisor)
	ctx := chromium(t)
	run(t, ctx,
		chromedp.Navigate(d.URL+"/console/"),
		chromedp.SendKeys("#name", "li"),
		chromedp.SendKeys("#password", password+"\r"),
		chromedp.WaitVisible("#waiting"),
	)
	for _, lang := range []string{"zh", "en"} {
		for _, width := range []int64{1280, 390} {
			run(t, ctx,
				chromedp.EmulateViewport(width, 800),
				chromedp.Navigate(fmt.Sprintf("%s/console/reports?range=week&date=2026-11-03&lang=%s", d.URL, lang)),
				chromedp.WaitVisible(".chart"),
				sees("document.documentElement.scrollWidth <= innerWidth"),
			)
		}
	}
}

// promote gives an agent another role.
func (d *desk) promote(name string, to handoff.Role) {
	for i := range d.agents {
		if d.agents[i].Name == name {
			d.agents[i].Role = to
		}
	}
}
