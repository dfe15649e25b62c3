package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
	"supportbot/internal/nettest"
)

// floor is a desk at work: the program, two agents whose networks can be cut, a
// supervisor, and two merchants, each in a browser of their own.
type floor struct {
	*testing.T
	*server
	agents          [2]*clerk
	boss            *tab
	noodles, bakery *tab   // who forgot a password, in Chinese; who was defrauded, in English
	noodlesID       string // their cases
	bakeryID        string
	queuedAt        map[string]string // when each case was queued, as an agent's page has it
	fast, slow      *clerk            // who won the race, and who did not
}

// clerk is an agent at a page of the console.
type clerk struct {
	*tab
	name    string
	network *nettest.Network
}

// quick are limits shortened so that a test can wait for them: of a lost connection,
// and until a mark is asked for.
var quick = []patch{
	{"handoff/limits.go", "const LeaseLimit = 45 * time.Second", "const LeaseLimit = 15 * time.Second"},
	{"handoff/limits.go", "graceLimit     = time.Minute", "graceLimit     = 15 * time.Second"},
	{"dialog/rate.go", "rateAfter  = time.Minute", "rateAfter  = 3 * time.Second"},
}

// merchantsOnFile is what the company knows of the merchants.
const merchantsOnFile = `merchant:digits,owner:words,card_end:digits,opened:date,phone:phone
821350158120034,王建国,4821,2024-03-05,13800138000
821350158120077,Anna Miller,9035,2023-11-20,13900139000
`

func newFloor(t *testing.T) *floor {
	browser := channeltest.Browser(t, "zh-CN")
	dir := t.TempDir()
	binary, err := build(t.TempDir(), quick...)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "merchants.csv")
	if err := os.WriteFile(file, []byte(merchantsOnFile), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary)
	cmd.Env = os.Environ()
	f := &floor{T: t, server: serveBy(t, cmd, ":", dir, "--reference", file), queuedAt: map[string]string{}}
	for i, name := range []string{"李娜", "王芳"} {
		out, err := command(t, "", "agent", "add", name, "--data", dir)
		if err != nil {
			t.Fatal(err)
		}
		password := regexp.MustCompile(`password: (\S+)`).FindStringSubmatch(out)[1]
		network, through := nettest.Before(t, f.url)
		f.agents[i] = &clerk{f.signIn(browser, through, name, password), name, network}
	}
	f.boss = f.signIn(browser, f.url, "admin", adminPassword)
	f.noodles = openTab(t, apart(t, browser), f.url+"/", 390, 844, chromedp.EmulateMobile)
	f.bakery = openTab(t, apart(t, browser), f.url+"/", 390, 844, chromedp.EmulateMobile)
	return f
}

// apart is a browser that shares no cookies with another.
func apart(t *testing.T, browser context.Context) context.Context {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

func (f *floor) signIn(browser context.Context, at, name, password string) *tab {
	f.Helper()
	p := openTab(f.T, apart(f.T, browser), at+"/console/", 1280, 800)
	p.do(chromedp.SendKeys("#name", name), chromedp.SendKeys("#password", password+"\r"), chromedp.WaitVisible("#alert-done"), chromedp.Click("#alert-done"))
	return p
}

// shows waits until an element of the page shows a text.
func (p *tab) shows(id, text string) {
	p.Helper()
	p.until(fmt.Sprintf("document.getElementById(%s).offsetParent && document.getElementById(%[1]s).innerText.includes(%s)", quote(id), quote(text)))
}

// lacks fails if an element shows a text.
func (p *tab) lacks(id, text string) {
	p.Helper()
	if p.ask(fmt.Sprintf("document.getElementById(%s).innerText.includes(%s)", quote(id), quote(text))) {
		p.Errorf("%s shows %q", id, text)
	}
}

// ask is whether a JavaScript expression is true now.
func (p *tab) ask(expression string) bool {
	p.Helper()
	return p.get("String(!!("+expression+"))") == "true"
}

func (p *tab) get(expression string) string {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		p.Fatal(err)
	}
	return value
}

// banner waits until the line above a merchant's conversation holds a text.
func (p *tab) banner(text string) {
	p.Helper()
	p.until(fmt.Sprintf("%s.querySelector('.case').innerText.includes(%s)", inChat, quote(text)))
}

// heard tells whether a text is anywhere in a merchant's conversation.
func (p *tab) heard(text string) bool {
	p.Helper()
	return p.ask(fmt.Sprintf("%s.querySelector('.log').innerText.includes(%s)", inChat, quote(text)))
}

// opens chooses a case in any list.
func (c *clerk) opens(id string) {
	c.Helper()
	row := fmt.Sprintf("document.querySelector('.queue button[data-id=%s]')", quote(id))
	c.until(row)
	c.do(chromedp.Click(chromedp.JSPath(row)))
	c.until("document.getElementById('log').dataset.case === " + quote(id))
}

// writes sends a reply or, as "note", a note.
func (c *clerk) writes(mode, text string) {
	c.Helper()
	c.until("!document.getElementById('write').hidden")
	if c.ask("!document.getElementById('modes').hidden") {
		c.do(chromedp.Click("#modes [data-mode=" + mode + "]"))
	}
	c.do(chromedp.SendKeys("#text", text), chromedp.Click("#send"))
	c.shows("log", text)
}

// item is an item of the checklist, by its title.
func item(title string) string {
	return fmt.Sprintf("[...document.querySelectorAll('#checks-items li')].find(l => l.innerText.includes(%s))", quote(title))
}

// passes has the agent choose a colleague, who may be new to the page, and press a button.
func (c *clerk) passes(to, button string) {
	c.Helper()
	c.until(fmt.Sprintf("[...document.getElementById('pass-to').options].some(option => option.value === %s)", quote(to)))
	c.do(chromedp.SetValue("#pass-to", to), chromedp.Click(button))
}

// compares types what the merchant said under an item, and waits for the answer.
func (c *clerk) compares(title, said, answer string) {
	c.Helper()
	c.until(item(title) + ".querySelector('input')")
	c.do(chromedp.SetValue(chromedp.JSPath(item(title)+".querySelector('input')"), said),
		chromedp.Click(chromedp.JSPath(item(title)+".querySelector('button')")))
	c.until(fmt.Sprintf("%s.innerText.includes(%s)", item(title), quote(answer)))
	c.shows("checks-told", answer)
}

// calledBack says that the number on file was called and the merchant answered.
func (c *clerk) calledBack() {
	c.Helper()
	c.do(chromedp.Click(chromedp.JSPath(item("回拨") + ".querySelector('button')")))
	c.until(item("回拨") + ".innerText.includes('✓ 相符')")
}

// judges gives a verdict.
func (c *clerk) judges(verdict string) {
	c.Helper()
	c.do(chromedp.Click("input[value="+verdict+"]"), chromedp.Click("#give"))
}

// picture keeps a picture of the page for docs/desk-tour.md, if SUPPORTBOT_TOUR names
// a folder for it: a test run changes no files.
func (p *tab) picture(name string) {
	p.Helper()
	dir := os.Getenv("SUPPORTBOT_TOUR")
	if dir == "" {
		return
	}
	time.Sleep(500 * time.Millisecond) // let the page come to rest
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: new(int64(80))})
	if err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".webp"), shot.Data, 0o644); err != nil {
		p.Fatal(err)
	}
}
