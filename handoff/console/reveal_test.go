package console_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"supportbot"
)

// Numbers are shown shortened, and whole only to the owner, who says why.
func TestReveal(t *testing.T) {
	d := newDesk(t)
	d.cases[0].Packet.Contact = "+86 138-0013-8000"
	d.cases[0].Packet.Slots = append(d.cases[0].Packet.Slots,
		supportbot.PacketSlot{Name: "merchant_number", Label: "821350158120034", Value: "821350158120034"},
		supportbot.PacketSlot{Name: "payment", Label: "11月20日 12300.50元", Value: "11月20日 12300.50元"})
	show := func() string {
		_, answer := d.call(t, "li", "GET", "/api/cases/17-1", "")
		return fmt.Sprint(answer)
	}
	before := show()
	for _, want := range []string{"•••0034", "•••8000", "11月20日 12300.50元", "拉卡拉", "sealed:true", "contact_sealed:true"} {
		if !strings.Contains(before, want) {
			t.Errorf("the case lacks %s: %s", want, before)
		}
	}
	for _, whole := range []string{"821350158120034", "138-0013"} {
		if strings.Contains(before, whole) {
			t.Errorf("the case shows %s", whole)
		}
	}
	const why = `,"reason":"要给终端13800138000回电话核对"}`
	if status, _ := d.call(t, "li", "POST", "/api/cases/17-1/reveal", `{"slot":"contact"`+why); status != 409 {
		t.Errorf("of a case that waits: %d", status)
	}
	d.call(t, "li", "POST", "/api/cases/17-1/claim", "")
	audited := len(d.audited)
	for _, test := range []struct {
		agent, body string
		status      int
	}{
		{"wang", `{"slot":"contact"` + why, 404},
		{"li", `{"slot":"contact"}`, 400},
		{"li", `{"slot":"contact","reason":"        ok        "}`, 400},
		{"li", `{"slot":"contact","reason":"` + strings.Repeat("why ", 60) + `"}`, 400},
		{"li", `{"slot":"never"` + why, 400},
	} {
		if status, answer := d.call(t, test.agent, "POST", "/api/cases/17-1/reveal", test.body); status != test.status || len(answer["error"].(string)) == 0 {
			t.Errorf("%s %s: %d %v, want %d", test.agent, test.body, status, answer, test.status)
		}
	}
	if len(d.audited) != audited {
		t.Errorf("audited are %q, though nothing was shown", d.audited)
	}
	for slot, want := range map[string]string{"contact": "+86 138-0013-8000", "merchant_number": "821350158120034"} {
		status, answer := d.call(t, "li", "POST", "/api/cases/17-1/reveal", `{"slot":"`+slot+`"`+why)
		if status != 200 || answer["value"] != want {
			t.Errorf("%s: %d %v", slot, status, answer)
		}
		if want := "li slot-revealed 17-1 map[reason:要给终端###########回电话核对 slot:" + slot + "]"; !slices.Contains(d.audited, want) {
			t.Errorf("audited are %q, want %q", d.audited, want)
		}
	}
	d.setDown(fmt.Errorf("no audit"))
	if status, answer := d.call(t, "li", "POST", "/api/cases/17-1/reveal", `{"slot":"contact"`+why); status == 200 || strings.Contains(fmt.Sprint(answer), "8000") {
		t.Errorf("what cannot be audited is shown: %d %v", status, answer)
	}
}

func TestAnAgentSeesANumberWhole(t *testing.T) {
	d := newDesk(t)
	d.cases[0].Packet.Contact = "13800138000"
	ctx := chromium(t)
	const button = `#facts button[data-slot="contact"]`
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		shows("facts", "•••8000"),
		sees(`!document.querySelector('`+button+`')`), // not before the case is the agent's
		chromedp.Click("#claim"),
		chromedp.WaitVisible(button),
		sees(`(window.prompt = () => "short") !== null`),
		chromedp.Click(button),
		shows("told", "reason of 10 to 200 characters"),
		sees(`(window.prompt = () => "to call the merchant back") !== null`),
		chromedp.Click(button),
		shows("facts", "13800138000"),
	)
}
