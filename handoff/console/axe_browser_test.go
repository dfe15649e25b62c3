package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/channels/channeltest"
	"supportbot/handoff"
)

// everyPage is each page of the console, by its path, with what is on it once it is there.
var everyPage = map[string]string{
	"": "#next", "account": "#keys", "board": "#agents th", "content": "#v-back", "missed": ".missed li", "missed/7-2": ".phrases li",
	"content/back/flows": ".flows", "content/back/flows/forgot-password": "#canvas svg", "content/back/preview": "#log",
	"reports?range=week&date=2026-11-03": ".chart", "agents": "#agents tbody", "hours": "#week",
}

// in is the path of a page in a language.
func in(path, lang string) string {
	if strings.Contains(path, "?") {
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// Every page of the console, in every dress, holds what axe-core can tell of WCAG
// 2.2 AA.
func TestPagesAreAccessible(t *testing.T) {
	d, _ := newMissed(t)
	d.queue("urgent", "high", "normal")
	for i := range d.agents {
		d.agents[i].Role = handoff.RoleAdmin
	}
	ctx := chromiumFor(t, 5*time.Minute)
	axe := channeltest.NewAxe(t, ctx, "testdata/axe")
	check := func(path, at string) { t.Helper(); axe.Check(t, ctx, path+" "+at) }
	run(t, ctx, chromedp.Navigate(d.URL+"/console/login"), chromedp.WaitVisible("#name"))
	check("login", "")
	run(t, ctx, d.loginAs("chen"), chromedp.Click("#next"), chromedp.WaitVisible("#text"))
	d.act(t, supportbot.ActOffer, func(a *supportbot.AgentAct) { a.Case, a.Asked = "20-1", "chen" })
	for _, lang := range []string{"zh", "en"} {
		for path, ready := range everyPage {
			run(t, ctx, chromedp.Navigate(d.URL+"/console/"+in(path, lang)), chromedp.WaitReady(ready))
			for _, width := range []int{1280, 390} {
				for _, scheme := range []string{"light", "dark"} {
					dress(t, ctx, scheme, width)
					at := fmt.Sprint(lang, " ", scheme, " ", width)
					if path != "" {
						check(path, at)
						for opens, dialog := range dialogs[path] {
							run(t, ctx, chromedp.Click(opens), chromedp.WaitVisible(dialog))
							check(path+" "+dialog, at)
							run(t, ctx, sees(fmt.Sprintf(`(document.querySelector(%q).close?.(), true)`, dialog)))
						}
						continue
					}
					d.checkDesk(t, ctx, width, func(what string) { check("desk, "+what, at) })
				}
			}
		}
	}
}

// What axe cannot tell, on the same pages: see channeltest.Usable.
func TestPagesAreUsable(t *testing.T) {
	d, _ := newMissed(t)
	d.queue("urgent", "high", "normal")
	for i := range d.agents {
		d.agents[i].Role = handoff.RoleAdmin
	}
	ctx := chromiumFor(t, 5*time.Minute)
	run(t, ctx, chromedp.Navigate(d.URL+"/console/login"), chromedp.WaitVisible("#name"))
	channeltest.Usable(t, ctx, "login")
	run(t, ctx, d.loginAs("chen"), chromedp.Click("#next"), chromedp.WaitVisible("#text"))
	for path, ready := range everyPage {
		run(t, ctx, chromedp.Navigate(d.URL+"/console/"+in(path, "en")), chromedp.WaitReady(ready))
		if path != "" {
			channeltest.Usable(t, ctx, path)
			continue
		}
		run(t, ctx, sees(`(document.querySelector("#mine button")?.click(), !document.getElementById("write").hidden)`))
		for _, pane := range []string{"queue", "talk", "packet"} { // one at a time where there is room for no more
			run(t, ctx, sees(fmt.Sprintf(`(document.body.dataset.pane = %q, true)`, pane)))
			channeltest.Usable(t, ctx, "desk, "+pane)
		}
	}
}

// dialogs are what opens on a page, or what an error shows, by what is pressed for it.
var dialogs = map[string]map[string]string{
	"board":  {"#waiting button + button": "#supervise"},
	"agents": {"#agents button": "#profile", "#hire .primary": "#hire .alert"},
	"hours":  {"#add-date": "#dates li"},
}

// checkDesk looks at the desk pane by pane, with a case in hand and with its
// dialog open.
func (d *desk) checkDesk(t *testing.T, ctx context.Context, width int, check func(what string)) {
	t.Helper()
	showing := func(pane string) {
		run(t, ctx, sees(fmt.Sprintf(`(document.querySelector(".tabs [data-pane=%s]").click(), true)`, pane)))
	}
	run(t, ctx, sees(`(document.querySelector("#mine button")?.click(), !document.getElementById("write").hidden)`))
	for _, mode := range []string{"reply", "note"} {
		run(t, ctx, sees(fmt.Sprintf(`(document.querySelector("#modes [data-mode=%s]").click(), true)`, mode)))
		check(mode)
	}
	if width < 1000 {
		for _, pane := range []string{"packet", "queue"} {
			showing(pane)
			check(pane)
		}
	}
	run(t, ctx, chromedp.Click("#palette-open"), chromedp.WaitVisible("#palette"))
	check("commands")
	run(t, ctx, sees(`(document.getElementById("palette").close(), true)`))
}

// dress shows pages light or dark and so many pixels wide.
func dress(t *testing.T, ctx context.Context, scheme string, width int) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.EmulateViewport(int64(width), 800))
}
