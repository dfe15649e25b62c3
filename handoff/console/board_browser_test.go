package console_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
)

func TestTheBoardShowsWhoWaitsAndWhoIsThere(t *testing.T) {
	d := newDesk(t)
	d.queue(supportbot.Normal)
	d.agents[0].Role = handoff.RoleAdmin
	d.profiles["wang"] = handoff.Profile{Capacity: 5}
	d.presence["wang"] = handoff.Available
	ctx := chromium(t)
	fits := sees("document.documentElement.scrollWidth <= innerWidth")
	run(t, ctx,
		d.loginForm(),
		chromedp.Click(`.places a[href="/console/board"]`),
		chromedp.WaitVisible("#agents th"),
		shows("waiting-now", "2"),
		shows("longest", "3 min"),
		shows("late", "1"), // the urgent one
		shows("there", "1"),
		shows("waiting", "忘记终端登录密码"),

		chromedp.Click(`[data-edits="wang"]`),
		chromedp.WaitVisible("#profile"),
		chromedp.Click(`#profile [value="zh"]`),
		chromedp.SendKeys("#profile-skills", "forgot-password，binding"),
		chromedp.SendKeys("#profile-teams", "风控"),
		chromedp.SetValue("#profile-capacity", "3"),
		chromedp.Click("#profile .primary"),
		shows("told", "wang is saved."),
		shows("agents", "0 / 3"),
		chromedp.EmulateViewport(360, 640, chromedp.EmulateMobile), fits,
		chromedp.EmulateViewport(1280, 800),
		does(func() { shot(t, ctx, "9-board") }),

		chromedp.Click("#waiting a"), // to read along
		chromedp.WaitVisible("#goal"),
		shows("goal", "忘记终端登录密码"),
	)
	want := handoff.Profile{Languages: []supportbot.Language{supportbot.Chinese}, Skills: []string{"forgot-password", "binding"}, Teams: []string{"风控"}, Capacity: 3}
	if diff := cmp.Diff(want, d.profiles["wang"]); diff != "" {
		t.Errorf("the profile (-want +got):\n%s", diff)
	}
}
