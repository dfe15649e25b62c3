package console_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestAWriterMakesPhrasesOfWhatWasMissed(t *testing.T) {
	d, drawer := newMissed(t)
	ctx := chromium(t)
	downloads := t.TempDir()
	keep := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: downloads}
	if _, err := chromedp.Call(ctx, browser.SetDownloadBehavior, keep); err != nil {
		t.Fatal(err)
	}
	run(t, ctx,
		d.loginAs("chen"),
		chromedp.Click(`.places a[href="/console/content"]`),
		chromedp.WaitVisible(`a[href="/console/missed"]`),
		chromedp.Click(`a[href="/console/missed"]`),
		chromedp.WaitVisible(".missed li"),
		sees(`document.title === "Misunderstood" && document.querySelectorAll(".missed li").length === 3`), // no script of a message ran
		does(func() { shot(t, ctx, "missed") }),
		chromedp.Click(".missed li a"),
		chromedp.WaitVisible("[data-all]"),
		chromedp.Click("[data-all]"),
		sees(`document.querySelectorAll("[name=message]:checked").length === 3`),
		chromedp.Click(`[name=message]`),
		does(func() { shot(t, ctx, "alike") }),
		chromedp.Click("button.primary"),
		does(func() {
			await(t, "the download", func() bool {
				saved, err := os.ReadFile(filepath.Join(downloads, "service-agreement.txt"))
				return err == nil && strings.HasPrefix(string(saved), "# phrases/zh/service-agreement.txt\n") && strings.Count(string(saved), "\n") == 3
			})
		}),
		chromedp.Click("button.sure"),
		chromedp.WaitVisible("[role=status]"),
		sees(`document.querySelectorAll(".missed li").length === 2 && document.querySelector("[role=status]").innerText.includes("dismissed")`),
	)
	if len(drawer.missed) != 2 {
		t.Errorf("%d are left", len(drawer.missed))
	}
}

func TestWhatWasMissedFitsAPhoneInTheDark(t *testing.T) {
	d, drawer := newMissed(t)
	drawer.missed[5].Text = strings.Repeat("很长的一句话没有停顿", 30) + strings.Repeat("x", 300)
	ctx := chromium(t)
	dark := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, dark); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), d.loginAs("chen"), chromedp.Navigate(d.URL+"/console/?lang=zh"))
	for name, page := range map[string]struct{ path, ready string }{
		"missed": {"", ".missed li"}, "alike": {"/7-2", ".phrases li"}, "alike-long": {"/7-6", ".phrases li"},
	} {
		run(t, ctx,
			chromedp.Navigate(d.URL+"/console/missed"+page.path),
			chromedp.WaitVisible(page.ready),
			sees("document.documentElement.scrollWidth <= innerWidth"),
			does(func() { shot(t, ctx, "phone-"+name) }),
		)
	}
}
