package channeltest

import (
	"context"
	_ "embed"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

//go:embed usable.js
var usable string

// zoomed is a window of 1280 by 1024 pixels at 400 %, as WCAG 1.4.10 has it, and at 200 %.
var zoomed = [][2]int64{{320, 256}, {640, 512}}

// most is how many places the focus may have on a page until it counts as caught.
const most = 300

// Usable holds the page in a tab to what axe-core cannot tell of WCAG 2.2 AA: reflow
// and text spacing, targets, reduced motion, and where the focus goes by Tab alone. The
// page may be at any size before, and is 1280 by 800 pixels afterwards.
func Usable(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	still := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, still); err != nil {
		t.Fatal(err)
	}
	ask(t, ctx, usable+";''")
	for _, size := range append(zoomed, [2]int64{1280, 800}) {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(size[0], size[1])); err != nil {
			t.Fatal(err)
		}
		for _, rule := range []string{"reflow", "spacing", "targets", "still"} {
			if wrong := ask(t, ctx, "usable."+rule+"()"); wrong != "" {
				t.Errorf("%s, %d by %d: %s", what, size[0], size[1], wrong)
			}
		}
		walk(t, ctx, what, size)
	}
}

// walk presses Tab until the focus has been everywhere.
func walk(t *testing.T, ctx context.Context, what string, size [2]int64) {
	t.Helper()
	ask(t, ctx, "(document.activeElement?.blur(), '')")
	for n := range most {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			tab := input.DispatchKeyEventParams{Type: kind, Key: "Tab", Code: "Tab", WindowsVirtualKeyCode: 9}
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, tab); err != nil {
				t.Fatal(err)
			}
		}
		switch wrong := ask(t, ctx, "usable.focus()"); {
		case wrong == "again" && n > 0:
			return
		case wrong != "" && wrong != "again":
			t.Errorf("%s, %d by %d: %s", what, size[0], size[1], wrong)
		}
	}
	t.Errorf("%s, %d by %d: the focus is caught", what, size[0], size[1])
}

func ask(t *testing.T, ctx context.Context, expression string) string {
	t.Helper()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		t.Fatalf("%.40s: %v", expression, err)
	}
	return answer
}
