package main

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
)

// What merchants see can be used by whoever enlarges it, needs more room between
// letters, has no mouse, or has pages read out: see channeltest.
func TestMerchantsPagesAreUsable(t *testing.T) {
	browser := channeltest.Browser(t, "en-US")
	s := serve(t, t.TempDir())
	m := openTab(t, browser, s.url+"/", 390, 844)
	axe := channeltest.NewAxe(t, m.ctx, "../../handoff/console/testdata/axe")
	look := func(what string) {
		t.Helper()
		for _, scheme := range []string{"light", "dark"} {
			media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
			if _, err := chromedp.Call(m.ctx, emulation.SetEmulatedMedia, media); err != nil {
				t.Fatal(err)
			}
			axe.Check(t, m.ctx, what+", "+scheme)
		}
		channeltest.Usable(t, m.ctx, what)
	}
	m.do(chromedp.Reload()) // with axe let in
	m.reads("What do you need")
	look("greeting")
	m.types("I think I was scammed")
	m.taps("Money is gone")
	m.reads("keep the evidence")
	m.banner("Waiting for an agent")
	look("in the queue")
	m.do(chromedp.Click(chromedp.JSPath(inChat + ".querySelector('.languages [value=zh]')")))
	m.banner("正在为您等待人工客服")
	look("in the queue, in Chinese")
	m.do(chromedp.Navigate(s.url + "/privacy#zh"))
	m.until("document.body.innerText.includes('隐私')")
	look("privacy")
	m.do(chromedp.Navigate(s.url + "/phone#en"))
	m.until("document.querySelector('button')")
	look("telephone")
}
