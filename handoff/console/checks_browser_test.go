package console_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

func TestAnAgentChecks(t *testing.T) {
	d := newChecked(t)
	d.call(t, "li", "POST", "/api/cases/17-1/release", `{"fence":2}`)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		chromedp.WaitVisible("#claim"),
		chromedp.Click("#claim"),
		chromedp.WaitVisible("#checks-items input"),
		shows("checks", "At least 2 items must match"),
		chromedp.SendKeys("#checks-items li:nth-child(1) input", "王大明"),
		chromedp.Click("#checks-items li:nth-child(1) button"),
		shows("checks-told", "no match"),
		shows("checks-items", "1 attempts left"),
		chromedp.SendKeys("#checks-items li:nth-child(1) input", "王小明\r"),
		shows("checks-told", "✓ match"),
		chromedp.Click(`input[value="verified"]`),
		chromedp.Click("#give"),
		shows("told", "checklist is not fulfilled"),
		chromedp.Click("#checks-items li:nth-child(3) button"),
		shows("checks-rule", "A colleague must still approve"),
		does(func() { d.call(t, "wang", "POST", "/api/cases/17-1/approve", `{"fence":4}`) }),
		shows("checks-rule", "Approved by wang"),
		chromedp.Click("#give"),
		shows("away", "Verdict given · Verified"),
	)
}

// On a slow line the case is there before all that came with it. What an agent types
// of the merchant's meanwhile must not end up in the field that writes to them.
func TestAnAgentWhoTypesKeepsTheField(t *testing.T) {
	d := newChecked(t)
	d.call(t, "li", "POST", "/api/cases/17-1/release", `{"fence":2}`)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		chromedp.WaitVisible("#claim"),
		sees(`(() => {
			const quick = fetch
			window.asking = 0
			window.fetch = async (...args) => {
				asking++
				await new Promise(resolve => setTimeout(resolve, 1000))
				return quick(...args).finally(() => { asking--; window.answered = Date.now() })
			}
			return true
		})()`),
		chromedp.Click("#claim"),
		sees("setTimeout(ononline, 1500) > 0"), // so that the page asks twice
		chromedp.WaitVisible("#checks-items input"),
		chromedp.SendKeys("#checks-items li:nth-child(1) input", "王小"),
		sees("asking === 0 && Date.now() - answered > 500"),
		sees("document.activeElement === document.querySelector('#checks-items input')"),
	)
}
