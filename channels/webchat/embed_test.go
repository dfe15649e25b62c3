package webchat

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"supportbot"
)

// isEmbedded puts the widget on a site whose own policy allows our script and
// socket, but no inline style.
func isEmbedded(t *testing.T, browser context.Context) {
	bot := newMemory()
	var url string
	foreign := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+url+"; connect-src ws:")
		w.Write([]byte(`<!doctype html><meta name=viewport content="width=device-width"><title>shop</title><script src="` + url + `/widget.js" data-language="en"></script><h1>A shop</h1>`))
	}))
	foreign.Start()
	t.Cleanup(foreign.Close)

	url, _ = site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(foreign.URL))
	b.until("$('.panel').hidden && $('.launch').innerText === 'Assistant'")
	b.click(".launch")
	time.Sleep(300 * time.Millisecond)
	b.until("$('.state').innerText === 'Connecting…' && $$('.message').length === 0")

	url, _ = site(t, bot, foreign.URL)
	b.do(chromedp.Navigate(foreign.URL))
	b.until("$('.launch').innerText === 'Assistant'")
	b.click(".launch")
	b.said(hello)
	b.until("$('.state').innerText === '' && getComputedStyle($('form button')).minHeight === '48px'")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until("$('.panel').hidden && !$('.launch').hidden")
	if bot.Taken()[0].Language != supportbot.English {
		t.Errorf("the bot was opened in %q, want what data-language says", bot.Taken()[0].Language)
	}
}

func tellsOfUnread(t *testing.T, browser context.Context) {
	bot := newMemory()
	var url string
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`<!doctype html><meta name=viewport content="width=device-width"><body><script src="` + url + `/widget.js"></script>`))
	}))
	t.Cleanup(foreign.Close)
	url, _ = site(t, bot, foreign.URL)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(foreign.URL))
	b.until("$('.launch')")
	time.Sleep(200 * time.Millisecond)
	if n := len(bot.texts()); n != 0 {
		t.Errorf("a visitor who did not open the chat left %d messages", n)
	}
	b.click(".launch")
	b.said(hello)
	b.click(".close")
	bot.agentSays("王芳", "在吗")
	b.until("$('.unread').innerText === '1'")
	b.do(chromedp.Reload())
	b.until("$('.unread').innerText === '1' && $('.launch').getAttribute('aria-label') === '自动助手, 1 条新消息'")
	b.click(".launch")
	b.said(hello, "在吗")
	b.click(".close")
	b.until("$('.unread').hidden")
}

func worksWithoutStorage(t *testing.T, browser context.Context) {
	url, _ := site(t, newMemory())
	b := newTab(t, browser)
	b.before("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })")
	b.do(chromedp.Navigate(url))
	b.said(hello)
	b.say("one")
	b.said(hello, "one", "收到：one")
}

// isDressedInOldSafari takes away constructed style sheets; then the style must
// be one that the page's policy knows.
func isDressedInOldSafari(t *testing.T, browser context.Context) {
	url, _ := site(t, newMemory())
	b := newTab(t, browser)
	b.before("delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets;" +
		"window.violations = []; document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI))")
	b.do(chromedp.Navigate(url))
	b.said(hello)
	b.until("$('style') && getComputedStyle($('form button')).minHeight === '48px'")
	want(t, eval[[]string](b, "window.violations"), nil)
}

// before runs a script in pages before their own.
func (b *tab) before(script string) {
	b.Helper()
	call(b, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

func fits(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, _ := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.EmulateViewport(320, 568, chromedp.EmulateMobile), chromedp.Navigate(url))
	b.said(hello)
	b.click(".choice")
	b.until("$$('.body ol li').length === 3")
	for _, language := range []string{"en", "zh"} {
		b.click(".languages button[value=" + language + "]")
		b.until("$('.languages button[value=" + language + "]').getAttribute('aria-pressed') === 'true'")
		bot.agentSays("王芳", strings.Repeat("W", 80))
		b.until("$('.case').offsetHeight > 0")
		want(t, eval[[]string](b, `$$('*:not(.role)').filter(e => e.getBoundingClientRect().right > 320.5).map(e => 'too wide: ' + e.className)
			.concat($$('button, textarea').filter(e => e.offsetParent && e.offsetHeight < 48).map(e => 'too low: ' + e.textContent))
			.concat(document.scrollingElement.scrollWidth > 320 ? ['the page scrolls sideways'] : [])`), nil)
	}
}

// namesControls asks the browser's own accessibility tree.
func namesControls(t *testing.T, browser context.Context) {
	bot := newMemory()
	url, _ := site(t, bot)
	b := newTab(t, browser)
	b.do(chromedp.Navigate(url))
	b.said(hello)
	bot.agentSays("王芳", "您好")
	b.until("$('.agent') && $('.case').offsetHeight > 0") // the status comes after the message
	nodes := call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
	counts := map[string]int{}
	for _, node := range nodes {
		if node.Ignored || node.Role == nil {
			continue
		}
		role := strings.Trim(string(node.Role.Value), `"`)
		counts[role]++
		named := node.Name != nil && len(node.Name.Value) > 2
		if slices.Contains([]string{"button", "link", "textbox", "region", "group", "heading"}, role) && !named {
			t.Errorf("a %s has no name", role)
		}
	}
	for role, least := range map[string]int{"button": 6, "link": 1, "textbox": 1, "log": 1, "status": 2, "heading": 1} {
		if counts[role] < least {
			t.Errorf("%d of role %s, want at least %d; roles are %v", counts[role], role, least, counts)
		}
	}
}
