package console_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
)

type action = chromedp.Action[chromedp.Void]

// chromium starts a headless browser that speaks English. An error in a page's
// script fails the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	return chromiumFor(t, 90*time.Second)
}

// chromiumFor is chromium for a test that takes so long at most.
func chromiumFor(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(channeltest.Browser(t, "en"), limit)
	t.Cleanup(cancel)
	err := chromedp.Listen(ctx, func(event any) {
		if thrown, ok := event.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the script failed: %s", thrown.ExceptionDetails.Exception.Description)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// loginForm opens the desk as li by the form.
func (d *desk) loginForm() action {
	return chromedp.Steps(
		chromedp.Navigate(d.URL+"/console/"),
		chromedp.SendKeys("#name", "li"),
		chromedp.SendKeys("#password", password+"\r"),
		chromedp.WaitVisible("#waiting button"),
	)
}

// sees waits until a JavaScript expression is true.
func sees(expression string) action {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Poll[any](expression, chromedp.WithPollingTimeout(10*time.Second)))
		return err
	})
}

// shows waits until an element shows a text.
func shows(id, text string) action {
	return sees(fmt.Sprintf("document.getElementById(%q).innerText.includes(%q)", id, text))
}

// enter presses the key as a keyboard does: a page that takes the key for itself
// keeps the line break out of the text.
func enter(modifier chromedp.Modifier) action {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r",
			WindowsVirtualKeyCode: 13, Modifiers: int64(modifier),
		})
		return err
	})
}

// does is for what happens elsewhere.
func does(f func()) action {
	return chromedp.Func(func(context.Context, *chromedp.Target) error { f(); return nil })
}

// run takes the actions one by one, so that a failure tells which.
func run(t *testing.T, ctx context.Context, actions ...action) {
	t.Helper()
	for i, action := range actions {
		if err := chromedp.Do(ctx, action); err != nil {
			t.Fatalf("action %d: %v; the page says:\n%s", i+1, err, evaluate[string](t, ctx, "document.body.innerText"))
		}
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Error(err)
	}
	return value
}
