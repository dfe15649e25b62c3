package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
)

// tab is a page in a real browser.
type tab struct {
	*testing.T
	ctx context.Context
}

func openTab(t *testing.T, browser context.Context, url string, width, height int64, options ...chromedp.EmulateViewportOption) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height, options...)); err != nil {
		t.Fatal(err)
	}
	p := &tab{t, ctx}
	p.do(chromedp.Navigate(url))
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// until waits for a JavaScript expression to be true, also over a change of pages.
func (p *tab) until(expression string) {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	wrapped := "(() => { try { return !!(" + expression + ") } catch (absent) { return false } })()"
	var err error
	for ctx.Err() == nil {
		var yes bool
		if yes, err = chromedp.Run(ctx, chromedp.Evaluate[bool](wrapped)); yes {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.shot("failed")
	p.Fatalf("never came true: %s: %v", expression, err)
}

// inChat is the widget's inside.
const inChat = "document.querySelector('supportbot-chat').shadowRoot"

// reads waits until the newest message in the chat holds a text.
func (p *tab) reads(text string) {
	p.Helper()
	p.until(fmt.Sprintf("[...%s.querySelectorAll('.message .body')].pop().innerText.includes(%s)", inChat, quote(text)))
}

// types sends a message in the chat.
func (p *tab) types(text string) {
	p.Helper()
	field := chromedp.JSPath(inChat + ".querySelector('textarea')")
	p.do(chromedp.SendKeys(field, text), chromedp.Click(chromedp.JSPath(inChat+".querySelector('form button')")))
}

// taps presses the newest button with a label.
func (p *tab) taps(label string) {
	p.Helper()
	find := fmt.Sprintf("[...%s.querySelectorAll('.log button')].filter(b => !b.disabled && b.innerText.trim() === %s).pop()", inChat, quote(label))
	p.until(find)
	p.do(chromedp.Click(chromedp.JSPath(find)))
}

// shot keeps a screenshot where the environment asks for it.
func (p *tab) shot(name string) {
	p.Helper()
	dir := os.Getenv("SUPPORTBOT_SCREENSHOTS")
	if dir == "" {
		return
	}
	time.Sleep(500 * time.Millisecond) // let the page come to rest
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		p.Fatal(err)
	}
}

func quote(s string) string {
	q, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(q)
}

// TestTheWholeJobInABrowser drives forgot-password on the page to an agent's
// verdict on the console, and back to the merchant.
func TestTheWholeJobInABrowser(t *testing.T) {
	browser := channeltest.Browser(t, "zh-CN")
	s := serve(t, t.TempDir())

	merchant := openTab(t, browser, s.url+"/", 390, 844, chromedp.EmulateMobile)
	merchant.reads("您要办哪件事")
	merchant.shot("1-greeting")
	merchant.types("POS机密码忘了")
	merchant.reads("用哪种方式重设")
	merchant.taps("手机银行或网银")
	merchant.reads("照着办完以后")
	merchant.types("一天能刷多少")
	merchant.reads("照着办完以后") // the digression is answered and the question asked again
	merchant.shot("2-steps")
	merchant.types("试过了，还是不行")
	merchant.reads("哪个牌子")
	merchant.taps("拉卡拉")
	merchant.reads("商户号")
	merchant.taps("不知道")
	merchant.reads("已经帮您转人工客服")

	agent := openTab(t, browser, s.url+"/console/", 1280, 800)
	agent.do(chromedp.SendKeys("#name", "admin"), chromedp.SendKeys("#password", adminPassword+"\r"),
		chromedp.WaitVisible("#waiting button"), chromedp.Click("#waiting button"), chromedp.WaitVisible("#claim"), chromedp.Click("#claim"))
	merchant.reads("客服 admin 已接入")
	merchant.until("(s => s.scrollHeight - s.scrollTop - s.clientHeight < 20)(" + inChat + ".querySelector('.scroll'))") // in sight, under the banner
	merchant.types("我是好再来面馆的")
	agent.until("document.getElementById('log').innerText.includes('我是好再来面馆的')")
	agent.until("document.getElementById('log').innerText.includes('POS机密码忘了')")
	agent.do(chromedp.SendKeys("#text", "您好，请说一下法人姓名和装机地址"), chromedp.Click("#send"))
	merchant.reads("请说一下法人姓名")
	merchant.types("王建国，人民路12号")
	agent.until("document.getElementById('log').innerText.includes('王建国')")
	merchant.shot("3-agent")

	merchant.do(chromedp.Reload()) // the page is closed and opened again
	merchant.reads("王建国")
	agent.do(chromedp.Click("input[value=verified]"))
	agent.shot("4-console")
	agent.do(chromedp.Click("#give"))
	merchant.reads("用新密码能登录POS机吗")
	merchant.taps("能登录了")
	merchant.reads("太好了")
	merchant.shot("5-solved")
}

// TestFraudInEnglishInABrowser: from the first words to an agent in two taps,
// with the buttons in reach below a long message.
func TestFraudInEnglishInABrowser(t *testing.T) {
	browser := channeltest.Browser(t, "en-US")
	s := serve(t, t.TempDir())
	merchant := openTab(t, browser, s.url+"/", 390, 844, chromedp.EmulateMobile)
	merchant.reads("What do you need")
	merchant.types("I think I was scammed")
	merchant.reads("What has happened")
	merchant.taps("Money is gone")
	merchant.reads("keep the evidence")
	merchant.taps("Leave a phone number")
	merchant.reads("Which phone number")
	merchant.types("13800138000")
	merchant.reads("ending in 8000")
	merchant.types("my card is 4111 1111 1111 1111")
	merchant.reads("For your safety I removed")
}
