package console_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
)

func TestAnAdminLooksAfterAgentsAndTeams(t *testing.T) {
	d := newDesk(t)
	d.agents[0].Role = handoff.RoleAdmin
	d.profiles["wang"] = handoff.Profile{Capacity: 5, Skills: []string{"gone-flow"}}
	d.profiles["li"] = handoff.Profile{Capacity: 5}
	ctx := chromium(t)
	var made string
	run(t, ctx,
		d.loginForm(),
		chromedp.Click(`.places a[href="/console/agents"]`),
		chromedp.WaitVisible("#hire-name"),
		sees(`document.querySelector(".skills").innerText.includes("no longer in the content")`),

		// A team, by keys.
		chromedp.Focus("#team-name"),
		chromedp.KeyEvent("night"),
		chromedp.KeyEvent(kb.Enter),
		chromedp.WaitVisible(`#about`),
		sees(`document.activeElement.value === "night"`),
		chromedp.SendKeys("#team-name", "night\r"),
		sees(`document.activeElement.id === "team-name" && document.activeElement.ariaInvalid === "true"`), // it is taken

		// An agent, with a password that is shown once.
		chromedp.SendKeys("#hire-name", "li\r"),
		sees(`document.querySelector("#hire .alert")?.textContent === "This name is taken."`),
		sees(`(document.getElementById("hire-name").value = "", true)`),
		chromedp.SendKeys("#hire-name", "zhao"),
		chromedp.SetValue("#hire-role", "supervisor"),
		chromedp.Click("#hire .primary"),
		chromedp.WaitVisible("#secret"),
		does(func() { made = evaluate[string](t, ctx, `document.getElementById("password").value`) }),
		does(func() { shot(t, ctx, "agents-secret") }),
		chromedp.Click("#secret-close"),
		chromedp.WaitVisible(`[data-edits="zhao"]`),
		sees(`document.activeElement.dataset.edits === "zhao"`),

		// What she can do, by keys: the dialog opens on the role.
		chromedp.KeyEvent(kb.Enter),
		chromedp.WaitVisible("#profile"),
		chromedp.Click(`#profile [name=language][value=zh]`),
		chromedp.Click(`#profile [name=team]`),
		chromedp.Click(`#profile summary`),
		chromedp.Click(`#profile [name=skill][value=forgot-password]`),
		chromedp.SetValue("#profile-capacity", "0"),
		does(func() { shot(t, ctx, "agents-edit") }),
		chromedp.Click("#profile .primary"),
		sees(`document.activeElement.id === "profile-capacity" && document.activeElement.ariaInvalid === "true"`),
		chromedp.SetValue("#profile-capacity", "3"),
		chromedp.SetValue("#profile-role", "agent"),
		chromedp.Click("#profile .primary"),
		chromedp.WaitVisible(`#about[data-about="zhao"]`),
		chromedp.WaitNotVisible("#profile"),
		sees(`document.getElementById("agents").innerText.includes("Reset the sign-in password") && document.querySelector("#teams .meta").innerText.includes("zhao")`),
		does(func() { shot(t, ctx, "agents-en") }),

		// The last admin stays one.
		chromedp.Click(`[data-edits="li"]`),
		chromedp.SetValue("#profile-role", "agent"),
		chromedp.Click("#profile .primary"),
		sees(`document.activeElement.id === "profile-role" && document.querySelector("#profile .alert").textContent.includes("last admin")`),
		chromedp.Click("#profile-cancel"),

		// In Chinese, on a phone: out and in again, and gone.
		chromedp.EmulateViewport(390, 800, chromedp.EmulateMobile),
		chromedp.Navigate(d.URL+"/console/agents?lang=zh"),
		chromedp.WaitVisible("#hire-name"),
		sees("document.documentElement.scrollWidth <= innerWidth"),
		does(func() { shot(t, ctx, "agents-zh-phone") }),
		chromedp.Click(`[data-edits="zhao"]`),
		chromedp.Click("#disable"),
		shows("disable", "再按一次：停用"),
		chromedp.Click("#disable"),
		chromedp.WaitVisible("#about"),
		sees(`document.getElementById("agents").innerText.includes("已停用")`),
		sees(`(document.querySelector('[data-edits="zhao"]').click(), document.getElementById("profile").open)`), // the list may be made anew meanwhile
		chromedp.Click("#remove"),
		chromedp.Click("#remove"),
		chromedp.WaitNotPresent(`[data-edits="zhao"]`),
	)
	want := handoff.Profile{Languages: []supportbot.Language{supportbot.Chinese}, Skills: []string{"forgot-password"}, Teams: []string{"night"}, Capacity: 3}
	if diff := cmp.Diff(want, d.profiles["zhao"]); diff != "" {
		t.Errorf("the profile (-want +got):\n%s", diff)
	}
	if len(made) < 20 || strings.Contains(strings.Join(d.audited, " "), made) {
		t.Errorf("the password is %q, and audited are %q", made, d.audited)
	}
}

// Nothing lets in who is disabled: not the session that is open, not the password.
func TestWhoIsDisabledIsOut(t *testing.T) {
	o := newOffice(t)
	cookie := o.session(t, "colleague")
	if w := o.ask("GET", "/console/api/cases?state=all", "", "Cookie", cookie); w.Code != 200 {
		t.Fatalf("before: %d", w.Code)
	}
	if status, answer := o.call(t, "admin", "PATCH", "/api/agents/colleague", `{"disabled":true}`); status != 200 {
		t.Fatalf("%d %v", status, answer)
	}
	if w := o.ask("GET", "/console/api/cases?state=all", "", "Cookie", cookie); w.Code != 401 {
		t.Errorf("the session: %d", w.Code)
	}
	if w := o.ask("POST", "/console/login", "name=colleague&password="+strings.ReplaceAll(password, " ", "+"), "Content-Type", "application/x-www-form-urlencoded"); w.Code != 401 {
		t.Errorf("the password: %d", w.Code)
	}
	if status, answer := o.call(t, "supervisor", "POST", "/api/cases/queue/reassign", `{"fence":2,"agent":"colleague"}`); status != 400 {
		t.Errorf("a case is given to who is not there: %d %v", status, answer)
	}
	if status, _ := o.call(t, "admin", "PATCH", "/api/agents/colleague", `{"disabled":false}`); status != 200 {
		t.Fatal(status)
	}
	o.session(t, "colleague")
}
