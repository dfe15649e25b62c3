package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/channels/channeltest"
	"supportbot/handoff"
)

// violation is a rule of WCAG that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		FailureSummary string
	}
}

// Every page of the console, in every dress, holds what axe-core can tell of WCAG
// 2.2 AA.
func TestPagesAreAccessible(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join(channeltest.Packages(t, "testdata/axe"), "node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	d, _ := newMissed(t)
	d.queue("urgent", "high", "normal")
	for i := range d.agents {
		d.agents[i].Role = handoff.RoleAdmin
	}
	ctx := chromiumFor(t, 5*time.Minute)
	if _, err := chromedp.Call(ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil { // for axe alone
		t.Fatal(err)
	}
	check := func(path, at string) {
		t.Helper()
		evaluate[bool](t, ctx, string(axe)+"; delete window.found; "+axeRun+"; true")
		run(t, ctx, sees("window.found !== undefined"))
		found := evaluate[string](t, ctx, "window.found")
		var broken []violation
		if err := json.Unmarshal([]byte(found), &broken); err != nil {
			t.Fatal(err)
		}
		for _, v := range broken {
			t.Errorf("%s %s: %s: %s\n\t%s\n\t%s", path, at, v.ID, v.Help, v.Nodes[0].HTML, v.Nodes[0].FailureSummary)
		}
	}
	run(t, ctx, chromedp.Navigate(d.URL+"/console/login"), chromedp.WaitVisible("#name"))
	check("login", "")
	run(t, ctx, d.loginAs("chen"), chromedp.Click("#next"), chromedp.WaitVisible("#text"))
	d.act(t, supportbot.ActOffer, func(a *supportbot.AgentAct) { a.Case, a.Asked = "20-1", "chen" })
	for _, lang := range []string{"zh", "en"} {
		for path, ready := range map[string]string{
			"": "#next", "account": "#keys", "board": "#agents th", "content": "#v-back", "missed": ".missed li", "missed/7-2": ".phrases li",
			"content/back/flows": ".flows", "content/back/flows/forgot-password": "#canvas svg", "content/back/preview": "#log",
			"reports?range=week&date=2026-11-03": ".chart",
			"agents":                             "#agents tbody", "hours": "#week",
		} {
			sep := "?"
			if strings.Contains(path, sep) {
				sep = "&"
			}
			run(t, ctx, chromedp.Navigate(d.URL+"/console/"+path+sep+"lang="+lang), chromedp.WaitReady(ready))
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

// dialogs are what opens on a page, or what an error shows, by what is pressed for it.
var dialogs = map[string]map[string]string{
	"board":  {"#waiting button + button": "#supervise"},
	"agents": {"#agents button": "#profile", "#hire .primary": "#hire .alert"},
	"hours":  {"#add-date": "#dates li"},
}

const axeRun = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
	.then(r => { window.found = JSON.stringify(r.violations) })`

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
