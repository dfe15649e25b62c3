package console_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"supportbot"
)

func TestANoteLooksUnlikeAReply(t *testing.T) {
	d := newDesk(t)
	d.seats["17-1"] = []supportbot.Seat{{Agent: "wang", Typing: true}, {Agent: "chen"}}
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#next"),
		chromedp.WaitVisible("#text"),
		shows("company", "wang is typing… chen looks at this too."),
		chromedp.SendKeys("#text", "您好"),
		chromedp.Click(`#modes [data-mode="note"]`),
		sees(`document.getElementById("text").value === "" && document.getElementById("text").placeholder.includes("never sees it")`),
		chromedp.SendKeys("#text", "听起来很着急"),
		does(func() { shot(t, ctx, "note") }),
		chromedp.Click("#send"),
		shows("log", "Note by li"),
		shows("log", "听起来很着急"),
		sees(`getComputedStyle(document.querySelector(".aside .words")).borderStyle === "dashed"`),
		chromedp.Click(`#modes [data-mode="reply"]`),
		sees(`document.getElementById("text").value === "您好"`), // the reply that was begun
		does(func() {
			await(t, "the draft on the server", func() bool {
				draft, err := d.Draft(t.Context(), "17-1", "li")
				return err == nil && draft == supportbot.Draft{Text: "您好"}
			})
		}),
		chromedp.Evaluate[chromedp.Void](`sessionStorage.clear()`), // as at another desk
		chromedp.Reload(),
		sees(`document.getElementById("text")?.value === "您好"`),
		chromedp.WaitVisible("#send"),
		enterIn("#text"),
		shows("log", "Agent li"),
		does(func() {
			await(t, "the draft of what was sent to go", func() bool {
				draft, err := d.Draft(t.Context(), "17-1", "li")
				return err == nil && draft == supportbot.Draft{}
			})
		}),
	)
	if n := len(d.said["17-1"]); n != 3 {
		t.Errorf("the merchant's conversation has %d messages, want 3", n)
	}
}

// enterIn presses Enter in a field.
func enterIn(selector string) action {
	return chromedp.Steps(chromedp.Focus(selector), enter(chromedp.ModifierNone))
}
