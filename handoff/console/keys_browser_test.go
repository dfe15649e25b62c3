package console_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"supportbot"
)

// tab presses Tab until the focus is where an expression about it is true, as
// somebody without a mouse does.
func tab(t *testing.T, ctx context.Context, focused string) action {
	return does(func() {
		t.Helper()
		for range 60 {
			if evaluate[bool](t, ctx, "(e => "+focused+")(document.activeElement)") {
				return
			}
			press("Tab", 0)(t, ctx)
		}
		t.Fatalf("no Tab leads to %s", focused)
	})
}

// press presses a key that writes nothing.
func press(key string, modifier chromedp.Modifier) func(*testing.T, context.Context) {
	return func(t *testing.T, ctx context.Context) {
		t.Helper()
		code := map[string]int64{"Tab": 9, "Escape": 27, "ArrowDown": 40, "k": 75}[key]
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
				Type: kind, Key: key, WindowsVirtualKeyCode: code, Modifiers: int64(modifier),
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A whole case, from the log-in to the verdict, by keys alone.
func TestACaseByKeysAlone(t *testing.T) {
	d := newDesk(t)
	d.queue(supportbot.High)
	ctx := chromium(t)
	keys := func(key string, modifier chromedp.Modifier) action {
		return does(func() { press(key, modifier)(t, ctx) })
	}
	run(t, ctx,
		chromedp.Navigate(d.URL+"/console/"),
		chromedp.WaitVisible("#name"),
		tab(t, ctx, `e.id === "name"`), chromedp.KeyEvent("li"),
		tab(t, ctx, `e.id === "password"`), chromedp.KeyEvent(password+"\r"),
		chromedp.WaitVisible("#waiting button"),
		tab(t, ctx, `e.id === "alert-done"`), enter(chromedp.ModifierNone),
		chromedp.WaitNotVisible("#alerts"),

		chromedp.KeyEvent("j"), shows("goal", "忘记终端登录密码"),
		chromedp.KeyEvent("j"), shows("goal", "第1件事"),
		chromedp.KeyEvent("k"), shows("goal", "忘记终端登录密码"),
		chromedp.KeyEvent("a"),
		sees(`document.activeElement.id === "text"`),
		chromedp.KeyEvent("an e is no command here"),
		sees(`document.getElementById("text").value === "an e is no command here"`),
		enter(chromedp.ModifierNone),
		shows("log", "an e is no command here"),

		tab(t, ctx, `e.id === "send"`),
		chromedp.KeyEvent("n"),
		sees(`document.activeElement.id === "text" && document.getElementById("write").dataset.mode === "note"`),
		chromedp.KeyEvent("很急"), enter(chromedp.ModifierNone),
		shows("log", "Note by li"),
		tab(t, ctx, `e.id === "send"`),
		chromedp.KeyEvent("/"),
		sees(`document.activeElement.id === "know"`),

		keys("k", chromedp.ModifierCtrl), // also from within a field
		chromedp.WaitVisible("#palette"),
		does(func() { shot(t, ctx, "palette") }),
		keys("Escape", 0),
		chromedp.WaitNotVisible("#palette"),
		keys("k", chromedp.ModifierCtrl),
		chromedp.WaitVisible("#palette"),
		chromedp.KeyEvent("verdict"),
		sees(`document.querySelectorAll("#palette-list button").length === 1`),
		enter(chromedp.ModifierNone),
		sees(`document.activeElement.name === "verdict"`),
		chromedp.KeyEvent(" "),
		tab(t, ctx, `e.id === "give"`), enter(chromedp.ModifierNone),
		shows("away", "Verdict given · Verified"),
	)
	if c, _ := d.Case(t.Context(), "17-1"); c.Verdict != supportbot.Verified {
		t.Errorf("the case is %+v", c)
	}
}

func TestKeysCanBeChanged(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Navigate(d.URL+"/console/account"),
		chromedp.WaitVisible("#keys"),
		chromedp.Focus(`[data-action="accept"]`), chromedp.KeyEvent("j"),
		chromedp.WaitVisible("#keys-twice"), // it is that of the next case
		chromedp.Focus(`[data-action="help"]`), chromedp.Focus(`[data-action="accept"]`), chromedp.KeyEvent("x"),
		chromedp.WaitVisible("#keys-saved"),
		chromedp.Navigate(d.URL+"/console/"),
		chromedp.WaitVisible("#waiting button"),
		chromedp.KeyEvent("a"), // means nothing any more
		chromedp.KeyEvent("x"),
		sees(`document.activeElement.id === "text"`),
	)
}

func TestAnUrgentCaseRingsUntilSomebodyLooks(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		sees(`document.title.startsWith("(1)")`),
		chromedp.WaitVisible("#hush"),
		chromedp.Click("#waiting button"),
		chromedp.WaitNotVisible("#hush"),
		does(func() { d.queue(supportbot.Urgent); d.merchantSays("20-1", "快点") }),
		shows("news", "A new case waits: Urgent · Web"),
		chromedp.WaitVisible("#hush"),
		chromedp.Click("#hush"),
		chromedp.WaitNotVisible("#hush"),
		chromedp.Click("#alert-sound"), // no sound
		chromedp.Click("#alert-done"),
		chromedp.Reload(),
		chromedp.WaitVisible("#waiting button"),
		sees(`document.getElementById("alerts").hidden && !document.getElementById("alert-sound").checked`),
	)
}
