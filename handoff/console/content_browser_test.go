package console_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"supportbot/internal/transcript"
)

// shot keeps a screenshot where the environment asks for it.
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("SUPPORTBOT_SCREENSHOTS")
	if dir == "" {
		return
	}
	time.Sleep(400 * time.Millisecond) // let the page come to rest
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// loginAs opens the desk by the form.
func (d *desk) loginAs(name string) action {
	return chromedp.Steps(
		chromedp.Navigate(d.URL+"/console/"),
		chromedp.SendKeys("#name", name),
		chromedp.SendKeys("#password", password+"\r"),
		chromedp.WaitVisible("#waiting button"),
	)
}

func TestASupervisorPublishesAndRollsBack(t *testing.T) {
	d, s := newLibrary(t)
	d.notice = "The content folder /srv/kb-content cannot be used; the last good version stays in force.\nflows/menu.yaml:3: unknown key"
	ctx := chromium(t)
	inForce := func(version string) action { return chromedp.WaitVisible("#v-" + version + "[data-current]") }
	run(t, ctx,
		d.loginAs("chen"),
		chromedp.Click(`.places a[href="/console/content"]`),
		inForce("now"),
		sees(`document.querySelector(".notice").innerText.includes("flows/menu.yaml:3")`),
		does(func() { shot(t, ctx, "content") }),
		chromedp.Click("#v-next form button"),
		inForce("next"),
		sees(`document.querySelector(".done").innerText.includes("next is in force")`),
		sees(`document.querySelector("#v-now form button").innerText === "Roll back to this"`),
		chromedp.Click("#v-now form button"),
		inForce("now"),
		sees(`document.querySelector("#v-next form button").innerText === "Publish"`),

		// Before a version is retired, the page says what happens to its conversations.
		chromedp.Click(`#v-back a[href$="/retire"]`),
		chromedp.WaitVisible(".figures"),
		sees(`document.querySelector(".figures").innerText.replace(/\s+/g, " ").includes("where they are 5")`),
		does(func() { shot(t, ctx, "retire") }),
		chromedp.Click("button.sure"),
		chromedp.WaitVisible("#v-back .badge"),
		sees(`!document.querySelector('#v-back a[href$="/retire"]') && !document.querySelector("#v-now form")`),
	)
	if v := s.versions[1]; !v.Current || v.PublishedBy != "chen" {
		t.Errorf("in the end %+v is in force", v)
	}
}

func TestAPreviewToAnAgentAndBack(t *testing.T) {
	d, _ := newLibrary(t)
	ctx := chromium(t)
	downloads := t.TempDir()
	keep := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: downloads}
	if _, err := chromedp.Call(ctx, browser.SetDownloadBehavior, keep); err != nil {
		t.Fatal(err)
	}
	says := func(text string) action {
		return chromedp.Steps(chromedp.SendKeys("#text", text+"\r"), sees(`document.getElementById("text").value === ""`))
	}
	picks := func(label string) action {
		return sees(`(b => { b?.click(); return Boolean(b) })([...document.querySelectorAll(".choices button:not(.past):not(:disabled)")].find(b => b.innerText.includes("` + label + `")))`)
	}
	run(t, ctx,
		d.loginAs("li"),
		chromedp.Navigate(d.URL+"/console/content/next/preview"),
		shows("log", "What do you need"),
		says("I forgot the password of my terminal"),
		shows("log", "Which way of resetting it"),
		shows("at", "forgot-password/way"),
		says("how much may I charge a day"),
		shows("log", "Which way of resetting it"),
		picks("Mobile banking"),
		shows("at", "forgot-password/worked"),
		does(func() { shot(t, ctx, "preview") }),
		picks("It still fails"),
		picks("Lakala"),
		shows("case", "Waiting"),
		chromedp.Click(`[data-agent="claim"]`),
		shows("case", "In progress"),
		chromedp.SendKeys("#words-of-agent", "Hello, who is speaking?\r"),
		shows("log", "Hello, who is speaking?"),
		says("Wang of the noodle shop"),
		chromedp.Click(`[data-agent="outcome verified"]`),
		shows("at", "forgot-password/signed_in"),
		does(func() { shot(t, ctx, "preview-agent") }),

		// One turn back the agent is there again; the flow takes the other way.
		chromedp.Click("#back"),
		shows("case", "In progress"),
		chromedp.Click(`[data-agent="outcome failed"]`),
		shows("log", "We could not verify you"),

		// A reload loses nothing, and what cannot be done is said.
		chromedp.Reload(),
		chromedp.WaitVisible("#log .said"),
		shows("log", "We could not verify you"),
		chromedp.Click("#download"),
		does(func() {
			await(t, "the download", func() bool {
				saved, err := transcript.Load(filepath.Join(downloads, "preview-next.yaml"))
				return err == nil && saved.Turns[len(saved.Turns)-1].Agent == "outcome failed"
			})
		}),
		chromedp.Click("#again"),
		sees(`!document.getElementById("log").innerText.includes("password of my terminal")`),
		chromedp.Click(`[data-wait="20m"]`),
		shows("log", "20 minutes later"),
	)
}

// On the phone choices are keys, and on SMS numbers.
func TestAPreviewOfOtherChannels(t *testing.T) {
	d, _ := newLibrary(t)
	ctx := chromium(t)
	choose := func(field, value string) action {
		return sees(`(s => { s.value = "` + value + `"; s.dispatchEvent(new Event("change")); return true })(document.getElementById("` + field + `"))`)
	}
	run(t, ctx,
		d.loginAs("li"),
		chromedp.Navigate(d.URL+"/console/content/now/preview"),
		shows("log", "What do you need"),
		choose("channel", "voice"),
		chromedp.WaitVisible("#keys"),
		shows("log", "Press 3"),
		chromedp.Click(`[data-digits="3"]`),
		shows("at", "forgot-password/way"),
		chromedp.Click(`[data-event="silence"]`),
		sees(`document.getElementById("log").innerText.split("Which way of resetting it").length > 2`),
		chromedp.SendKeys("#text", "2\r"),
		shows("at", "forgot-password/worked"),
		does(func() { shot(t, ctx, "preview-voice") }),
		choose("channel", "sms"),
		chromedp.WaitNotVisible("#keys"),
		shows("log", "3  Forgotten password"),
		sees(`(b => { b?.click(); return Boolean(b) })([...document.querySelectorAll(".choices button")].find(b => b.innerText.startsWith("3")))`),
		shows("at", "forgot-password/way"),
		choose("language", "zh"),
		shows("log", "您要办哪件事"),
		sees(`document.getElementById("at").innerText === "menu/topic"`),
	)
}

func TestThePictureOfAFlow(t *testing.T) {
	d, _ := newLibrary(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginAs("li"),
		chromedp.Navigate(d.URL+"/console/content/now/flows"),
		chromedp.Click(`a[href$="/flows/forgot-password"]`),
		chromedp.WaitVisible("#canvas svg"),
		sees(`document.querySelectorAll("#canvas [data-step]").length > 12`),
		sees(`document.querySelector("#canvas [data-step=brand]").textContent.includes("Which brand")`),
		does(func() { shot(t, ctx, "flow") }),
		sees(`document.querySelector('[data-from=agent][data-to="end:refused"]').textContent.includes("Refused")`),
		chromedp.Click("[data-step=brand]"),
		shows("step", "Lakala"),
		shows("step", "flows/flows.yaml:"),
		shows("step", "not understood"),
		sees(`location.hash === "#brand"`),
		does(func() { shot(t, ctx, "flow-step") }),
		chromedp.Click(`[data-edges="ladder"]`),
		sees(`!document.querySelector(".edge-ladder[data-from]") && document.querySelectorAll("[data-step]").length > 10`),
		chromedp.Click(`[data-edges="agent"]`),
		sees(`document.querySelector('.edge-agent[data-from=way][data-to=agent]')`),
		sees(`document.getElementById("mermaid").value.startsWith("flowchart TD")`),
	)
}

func TestTheContentFitsAPhoneInTheDark(t *testing.T) {
	d, _ := newLibrary(t)
	d.notice = strings.Repeat("flows/menu.yaml:3:unknown-key/", 9)
	ctx := chromium(t)
	dark := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, dark); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), d.loginAs("chen"), chromedp.Navigate(d.URL+"/console/?lang=zh"))
	for name, page := range map[string]struct{ path, ready string }{
		"content": {"", "#v-now"},
		"retire":  {"/back/retire", ".figures"},
		"preview": {"/now/preview", "#log .choices"},
		"flows":   {"/now/flows", ".flows a"},
		"flow":    {"/now/flows/forgot-password#agent", "#canvas svg"},
	} {
		run(t, ctx,
			chromedp.Navigate(d.URL+"/console/content"+page.path),
			chromedp.WaitVisible(page.ready),
			sees("document.documentElement.scrollWidth <= innerWidth"),
			does(func() { shot(t, ctx, "phone-"+name) }),
		)
	}
}
