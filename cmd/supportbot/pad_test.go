package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
)

// hears waits until a text stands in what the pad has heard.
func (p *tab) hears(text string) {
	p.Helper()
	p.until("document.getElementById('log').innerText.includes(" + quote(text) + ")")
}

// press presses a key of the pad, once it is the caller's turn.
func (p *tab) press(key string) {
	p.Helper()
	p.until("!document.querySelector('#keys button').disabled && /轮到您了|请按数字|Your turn|then #/.test(document.getElementById('state').innerText)")
	p.do(chromedp.Click(`#keys button[value="` + key + `"]`))
}

// TestTheWholeJobOnThePad calls from the page, to an agent's verdict on the console,
// and back.
func TestTheWholeJobOnThePad(t *testing.T) {
	browser := channeltest.Browser(t, "zh-CN")
	s := serve(t, t.TempDir())

	front := openTab(t, browser, s.url+"/", 1280, 800)
	front.until(inChat + ".querySelector('.phone').href.endsWith('/phone#zh')")
	front.shot("phone-0-link")

	caller := openTab(t, browser, s.url+"/phone#zh", 390, 844, chromedp.EmulateMobile)
	caller.until("document.activeElement && document.querySelector('#keys button').disabled")
	caller.shot("phone-1-ready")
	caller.do(chromedp.Click("#call"))
	caller.hears("普通话请按1")
	caller.press("1")
	caller.hears("请直接说您的问题")
	caller.shot("phone-2-menu")
	caller.do(chromedp.SendKeys("#words", "我忘了POS机密码\r"))
	caller.hears("用哪种方式重设")
	caller.press("1")
	caller.hears("办完以后，能登录了吗")
	caller.press("2")
	caller.hears("您的POS机是哪个牌子")
	caller.press("1")
	caller.hears("请输入15位商户号")
	caller.press("1")
	caller.shot("phone-3-number")
	caller.press("#")
	caller.hears("下一位就是您")

	agent := openTab(t, browser, s.url+"/console/", 1280, 800)
	agent.do(chromedp.SendKeys("#name", "admin"), chromedp.SendKeys("#password", adminPassword+"\r"),
		chromedp.WaitVisible("#waiting button"), chromedp.Click("#waiting button"), chromedp.WaitVisible("#claim"), chromedp.Click("#claim"))
	caller.hears("客服 admin 已接入")
	agent.do(chromedp.SendKeys("#text", "您好，请说店名"), chromedp.Click("#send"))
	caller.hears("客服说：您好，请说店名")
	caller.do(chromedp.SendKeys("#words", "老李面馆\r"))
	agent.until("document.getElementById('log').innerText.includes('老李面馆')")
	caller.shot("phone-4-agent")
	agent.do(chromedp.Click("input[value=verified]"), chromedp.Click("#give"))
	caller.hears("身份已经核实")
	caller.hears("用新密码能登录POS机吗")
	caller.press("1")
	caller.hears("太好了")
	caller.do(chromedp.Click("#hangup"))
	caller.until("document.getElementById('state').innerText === '通话已结束。'")
	caller.do(chromedp.EmulateViewport(1280, 800))
	caller.shot("phone-5-ended")
}

// TestThePadByKeyboard is a call in English without a mouse.
func TestThePadByKeyboard(t *testing.T) {
	browser := channeltest.Browser(t, "en-US")
	s := serve(t, t.TempDir())
	caller := openTab(t, browser, s.url+"/phone", 1280, 800)
	caller.do(chromedp.Focus("#call"), chromedp.KeyEvent("\r"))
	caller.hears("For English, press 2")
	caller.until("document.activeElement.id === 'hangup'")
	caller.do(chromedp.KeyEvent("2"))
	caller.hears("Press 8")
	caller.until("document.querySelector('#log .bot:last-child').lang === 'en-US'")
	caller.shot("phone-6-english")
	caller.until("/Your turn/.test(document.getElementById('state').innerText)")
	caller.do(chromedp.Click("#silence"))
	caller.hears("said nothing")
	caller.do(chromedp.KeyEvent("0"))
	token := s.token()
	state := func() string {
		_, list := s.rest(token, "GET", "/console/api/cases?state=all", "")
		if cases := list["cases"].([]any); len(cases) == 1 {
			return cases[0].(map[string]any)["state"].(string)
		}
		return ""
	}
	s.until(t, "the caller waits", func() bool { return state() == "waiting" })
	caller.do(chromedp.Reload()) // who leaves the page has hung up
	s.until(t, "nobody waits for a caller who has gone", func() bool { return state() == "abandoned" })
}

// TestThePadIsForThisMachineAlone: where the public comes there is none.
func TestThePadIsForThisMachineAlone(t *testing.T) {
	s := serve(t, t.TempDir())
	public := serve(t, t.TempDir(), "--public-url", "https://bot.example.com")
	for s, want := range map[*server]int{s: http.StatusOK, public: http.StatusNotFound} {
		status, _ := s.get("/phone")
		_, front := s.get("/")
		if leads := strings.Contains(front, `phone="/phone"`); status != want || leads != (want == http.StatusOK) {
			t.Errorf("%s: %d, want %d; the front page leads there: %v", s.cmd.Args, status, want, leads)
		}
	}
}

// TestACallOnThePadGoesOnInWriting at another number, for which the page answers too,
// and sends a picture.
func TestACallOnThePadGoesOnInWriting(t *testing.T) {
	s := serve(t, t.TempDir())
	caller := openTab(t, channeltest.Browser(t, "en-US"), s.url+"/phone#en", 390, 844, chromedp.EmulateMobile)
	caller.until("document.querySelector('#keys button').disabled")
	caller.do(chromedp.Click("#call"))
	caller.hears("For English, press 2")
	caller.press("2")
	caller.do(chromedp.SendKeys("#words", "what is my daily limit\r"))
	caller.hears("To go on by text message, press the hash key")
	caller.press("#")
	caller.hears("For another number, press 3")
	caller.press("3")
	caller.hears("Please enter the number")
	for _, key := range "13900139000#" {
		caller.do(chromedp.Click(`#keys button[value="` + string(key) + `"]`))
	}
	caller.hears("The number is 13900139000")
	caller.press("2")
	caller.hears("Reply with the words go on")
	caller.hears("WhatsApp: ")
	caller.do(chromedp.SendKeys("#text", "GO ON\r"))
	caller.hears("We go on at this number, which the caller keyed in")
	caller.hears("Find the limits of your bank or platform")
	caller.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const files = new DataTransfer()
		files.items.add(new File([Uint8Array.of(71, 73, 70)], 'x.gif', {type: 'image/gif'}))
		document.getElementById('picture').files = files.files
		document.getElementById('picture').onchange()
	})()`))
	caller.hears("I got your picture")
	caller.hears("cannot be opened")
	caller.shot("phone-7-texts")
	caller.do(chromedp.EmulateViewport(1280, 800))
	caller.shot("phone-8-texts")
}
