package webchat

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/channels/channeltest"
)

const hello = "您好，我是自动助手。请选一项，或直接打字。"

func TestWidget(t *testing.T) {
	browser := channeltest.Browser(t, "zh-CN")
	for _, test := range []struct {
		name string
		run  func(*testing.T, context.Context)
	}{
		{"talks and remembers", talksAndRemembers},
		{"loses nothing with the connection", losesNothing},
		{"says when the device is offline", saysWhenOffline},
		{"keeps what is not delivered over a reload", keepsOverReload},
		{"offers to retry what is late", offersRetry},
		{"waits when it is told to, and sends all of it", waitsWhenTold},
		{"leaves Enter to input methods", leavesEnter},
		{"switches language", switchesLanguage},
		{"shows the agent and the way back", showsAgent},
		{"is embedded only where allowed", isEmbedded},
		{"tells of what came while closed", tellsOfUnread},
		{"works without storage", worksWithoutStorage},
		{"is dressed in old Safari", isDressedInOldSafari},
		{"fits small screens and large fingers", fits},
		{"names every control", namesControls},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, browser) })
	}
}

func talksAndRemembers(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, _ := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	b.until("$('header').innerText.includes('我是自动助手，不是真人') && $('.privacy').href.endsWith('/privacy#zh')")

	b.say("hello")
	b.said(hello, "hello", "收到：hello")
	b.until("$$('.choice').length === 3 && $$('.choice').every(e => e.disabled)")
	b.write("<b>one</b>")
	b.enter(chromedp.ModifierShift)
	b.say("two")
	b.until("$$('.user .body')[1].textContent === '<b>one</b>\\ntwo'")

	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(url))
	b.until("$$('.message').length === 5")
	want(t, bot.texts(), []string{"open", "text hello", "text <b>one</b>\ntwo"})
}

func losesNothing(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, line := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)

	b.click(".choice")
	b.until("$$('.choice')[0].classList.contains('chosen') && $$('.choice')[0].disabled && $$('.body ol li').length === 3")

	line.cut()
	b.until("$('.state').innerText.includes('正在重连')")
	b.say("one")
	b.say("two")
	b.until("$$('.pending').length === 2")
	line.heal()
	b.until("$$('.pending').length === 0 && $('.state').innerText === ''")

	// Cut while the bot is at work: it finishes, and the answer is found on return.
	bot.takes(300 * time.Millisecond)
	b.say("three")
	b.until("$$('.pending').length === 1")
	time.Sleep(100 * time.Millisecond)
	line.cut()
	time.Sleep(50 * time.Millisecond)
	line.heal()
	b.until("$$('.pending').length === 0")
	guided := eval[string](b, "$$('.body')[2].innerText")
	b.said(hello, "忘记密码", guided, "one", "收到：one", "two", "收到：two", "three", "收到：three")
	want(t, bot.texts(), []string{"open", "choice topic:forgot-password", "text one", "text two", "text three"})
}

// saysWhenOffline goes by what the device says of its network, and comes back at
// once when it says so.
func saysWhenOffline(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, line := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	offline := func(is bool) {
		call(b, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: is, DownloadThroughput: -1, UploadThroughput: -1})
	}
	offline(true)
	line.cut()
	b.until("$('.state').innerText.includes('没有网络')")
	b.say("one")
	b.until("$$('.pending').length === 1")
	line.heal()
	offline(false)
	b.said(hello, "one", "收到：one")
	b.until("$('.state').innerText === ''")
}

func keepsOverReload(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, _ := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	bot.fails(errDown)
	b.say("one")
	b.say("two")
	b.until("$$('.pending').length === 2")
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(url))
	b.until("$$('.pending').length === 2")
	bot.fails(nil)
	b.said(hello, "one", "收到：one", "two", "收到：two")
	want(t, bot.texts(), []string{"open", "text one", "text two"})
}

func offersRetry(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, line := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	line.cut()
	b.say("one")
	b.until("$$('.pending').length === 1 && !$('.retry')")
	eval[chromedp.Void](b, "(now => { Date.now = () => now() + 11000; })(Date.now)")
	b.until("$('.retry').innerText === '未送达，点此重试'")
	line.heal()
	eval[chromedp.Void](b, "$('.retry') && $('.retry').click()")
	b.said(hello, "one", "收到：one")
	b.until("!$('.retry')")

	// What the bot refuses for good can be sent anew, and blocks nothing.
	bot.fails(supportbot.ErrInvalid)
	b.say("two")
	b.until("$('.retry')")
	bot.fails(nil)
	b.say("three")
	b.until("$$('.message:not(.pending) .body').length === 5")
	b.click(".retry")
	b.said(hello, "one", "收到：one", "three", "收到：three", "two", "收到：two")
}

// waitsWhenTold types faster than the limit allows.
func waitsWhenTold(t *testing.T, browser context.Context) {
	bot := newMemory()
	server, refused := limited(t, bot, Limits{Conversation: 30})
	b := newTab(t, browser)
	b.do(chromedp.Navigate(server.URL))
	b.said(hello)
	wanted := []string{"open"}
	for i := range 33 {
		eval[chromedp.Void](b, fmt.Sprintf("($('textarea').value = 'm%d', $('form button').click())", i))
		wanted = append(wanted, fmt.Sprint("text m", i))
	}
	b.until("$('.state').innerText === '消息有点多，请稍等 2 秒。到时会自动接着发，不用重打。'")
	b.write("typed meanwhile")
	b.until("$$('.pending').length === 0 && $('.state').innerText === '' && !$('.retry')")
	b.until("$('textarea').value === 'typed meanwhile' && $$('.message.user').length === 33")
	want(t, bot.texts(), wanted)
	want(t, refused.kinds(), []string{"chat"})
}

func leavesEnter(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, _ := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	b.do(chromedp.Focus(inWidget("textarea")))
	enter := func(code int64) {
		call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: input.DispatchKeyEventTypeRawKeyDown, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: code,
		})
	}
	call(b, input.ImeSetComposition, input.ImeSetCompositionParams{Text: "mima", SelectionStart: 4, SelectionEnd: 4})
	enter(13) // Chromium tells that it is composing
	call(b, input.InsertText, input.InsertTextParams{Text: "密码"})
	enter(229) // Safari does not, and sends this code
	time.Sleep(200 * time.Millisecond)
	b.until("$('textarea').value === '密码'")
	want(t, bot.texts(), []string{"open"})
	enter(13)
	b.said(hello, "密码", "收到：密码")
}

func switchesLanguage(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, _ := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	b.click(".languages button[value=en]")
	b.said(hello, "Now in English.")
	b.until("$('header p').innerText.startsWith('I am an automatic assistant, not a person.')")
	b.until("$('form button').innerText === 'Send' && document.documentElement.lang === 'en' && $$('.pending').length === 0")
	b.do(chromedp.Reload())
	b.said(hello, "Now in English.")
	b.until("$('form button').innerText === 'Send'")
	want(t, bot.texts(), []string{"open", "choice language:en"})
}

func showsAgent(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, _ := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	b.click(".choice:nth-child(3)")
	b.until("!$('.case').hidden && $('.case').innerText.includes('等待人工客服')")
	b.do(chromedp.Navigate("about:blank"))
	bot.ages(48 * time.Hour)
	bot.agentSays("王芳", "您好 https://bank.example\n<i>我来</i>")
	b.do(chromedp.Navigate(url))
	b.until("$('.agent .who').innerText === '人工客服 王芳' && !$('.agent a') && !$('.agent i')")
	b.until("$('.case').innerText.includes('正在与人工客服王芳对话')")
	b.until("$$('.day').length === 2 && $$('.day')[1].nextSibling === $('.agent')")
	b.click(".case button")
	b.until("$('.case').hidden && $$('.bot').length === 3 && $$('.pending').length === 0")
	want(t, bot.texts(), []string{"open", "choice control:agent", "choice control:leave"})
}
