package webchat

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// tab is a page in the browser. In its scripts, $ finds one element in the
// widget and $$ all of them.
type tab struct {
	*testing.T
	ctx context.Context
}

func newTab(t *testing.T, browser context.Context) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	// The first call must have no timeout: the tab ends with its context.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)); err != nil {
		t.Fatal(err)
	}
	return &tab{t, ctx}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 20*time.Second)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

const tools = `(() => {
const root = document.querySelector('supportbot-chat').shadowRoot;
const $ = s => root.querySelector(s), $$ = s => Array.from(root.querySelectorAll(s));
return `

// eval evaluates an expression in the page.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 20*time.Second)
	defer stop()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](tools+expression+"\n})()"))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return value
}

// call sends a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.Helper()
	ctx, stop := context.WithTimeout(b.ctx, 20*time.Second)
	defer stop()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		b.Fatal(err)
	}
	return result
}

// until waits for a condition in the page.
func (b *tab) until(condition string) {
	b.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if eval[bool](b, "(() => { try { return !!("+condition+"); } catch (absent) { return false; } })()") {
			return
		}
		if time.Now().After(deadline) {
			b.Fatalf("never came true: %s\nthe panel says:\n%s", condition, eval[string](b, "$('.panel').innerText"))
		}
	}
}

// said waits until the transcript consists of exactly these words.
func (b *tab) said(words ...string) {
	b.Helper()
	list, err := json.Marshal(words)
	if err != nil {
		b.Fatal(err)
	}
	b.until("JSON.stringify($$('.message:not(.pending) .body').map(e => e.innerText)) === JSON.stringify(" + string(list) + ")")
}

func (b *tab) click(selector string) {
	b.Helper()
	b.do(chromedp.Click(inWidget(selector)))
}

// say types a message and sends it.
func (b *tab) say(text string) {
	b.Helper()
	b.write(text)
	b.enter(chromedp.ModifierNone)
}

func (b *tab) write(text string) {
	b.Helper()
	b.do(chromedp.SendKeys(inWidget("textarea"), text))
}

// enter presses Enter as a keyboard does: what the page makes of the key decides
// whether a line break is typed.
func (b *tab) enter(with chromedp.Modifier) {
	b.Helper()
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r",
		WindowsVirtualKeyCode: 13, Modifiers: int64(with),
	})
}

func inWidget(selector string) chromedp.JSPath {
	return chromedp.JSPath("document.querySelector('supportbot-chat').shadowRoot.querySelector('" + selector + "')")
}

// wire is a listener whose connections can be cut.
type wire struct {
	net.Listener
	mu    sync.Mutex
	down  bool
	conns []net.Conn
}

func (w *wire) Accept() (net.Conn, error) {
	for {
		conn, err := w.Listener.Accept()
		if err != nil {
			return nil, err
		}
		w.mu.Lock()
		if w.down {
			conn.Close()
			w.mu.Unlock()
			continue
		}
		w.conns = append(w.conns, conn)
		w.mu.Unlock()
		return conn, nil
	}
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for _, conn := range w.conns {
		conn.Close()
	}
	w.conns = nil
}

func (w *wire) heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}

// site serves the web chat behind a network that can be cut.
func site(t *testing.T, bot *memory, origins ...string) (url string, line *wire) {
	t.Helper()
	mux := http.NewServeMux()
	for _, route := range New(bot, Options{Context: t.Context(), AllowedOrigins: origins, Log: quiet}).Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	server := httptest.NewUnstartedServer(mux)
	line = &wire{Listener: server.Listener}
	server.Listener = line
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, line
}
