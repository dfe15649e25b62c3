package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
	"supportbot/handoff/console"
)

// handbook is knowledge of two articles.
type handbook struct{}

func (handbook) Search(_ context.Context, words string, lang supportbot.Language) (found []dialog.Article, err error) {
	text := func(zh, en string) map[supportbot.Language]string {
		return map[supportbot.Language]string{supportbot.Chinese: zh, supportbot.English: en}
	}
	for _, a := range []dialog.Article{
		{Topic: "fees", Name: supportbot.Text{Written: text("手续费", "Fees")}, Text: supportbot.Text{Written: text("**每笔**都有手续费。\n\n1. 看账单", "Every payment has a fee."), Spoken: text("每笔都有手续费。", "There is a fee.")}},
		{Topic: "limits", Name: supportbot.Text{Written: text("交易限额", "Limits")}, Text: supportbot.Text{Written: text("限额由银行定。", "The bank sets the limits.")}},
	} {
		if name, _ := a.Name.In(lang); strings.Contains(name, words) {
			found = append(found, a)
		}
	}
	return found, nil
}

func (handbook) Codes() []handoff.Code {
	label := func(zh, en string) map[supportbot.Language]string {
		return map[supportbot.Language]string{supportbot.Chinese: zh, supportbot.English: en}
	}
	return []handoff.Code{
		{ID: "solved", Label: label("已解决", "Solved")}, {ID: "needs-visit", Label: label("需要上门", "Needs a visit")},
		{ID: "prank", Label: label("恶作剧", "Prank"), Retired: true},
	}
}

func (handbook) Closed(lang supportbot.Language, _, opens time.Time) (written, spoken string) {
	return string(lang) + " closed until " + opens.Format(time.DateTime), "said: " + opens.Format(time.DateTime)
}

func (handbook) Reasons() []console.Reason {
	title := map[supportbot.Language]string{supportbot.Chinese: "重设POS机登录密码", supportbot.English: "Reset the sign-in password"}
	return []console.Reason{{Flow: "forgot-password", Title: title}}
}

func TestAReplyFitsItsChannel(t *testing.T) {
	d := newDesk(t)
	for query, want := range map[string]string{
		"q=手续费&language=zh&channel=web":    "每笔都有手续费。\n\n1. 看账单",
		"q=手续费&language=zh&channel=sms":    "每笔都有手续费。",
		"q=Fees&language=en&channel=voice": "There is a fee.",
		"q=Limits&language=en&channel=sms": "The bank sets the limits.", // it has no shorter one
	} {
		status, answer := d.call(t, "li", "GET", "/api/knowledge?"+query, "")
		articles, _ := answer["articles"].([]any)
		if status != 200 || len(articles) != 1 || articles[0].(map[string]any)["reply"] != want {
			t.Errorf("%s: %d %v, want %q", query, status, answer, want)
		}
	}
	if status, answer := d.call(t, "li", "GET", "/api/knowledge?q=x&language=fr", ""); status != 400 {
		t.Errorf("in French: %d %v", status, answer)
	}
}

func TestASlashFindsAReadyReply(t *testing.T) {
	d := newDesk(t)
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#next"),
		chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "/"),
		sees(`document.querySelectorAll("#canned .option").length === 2`),
		does(func() { shot(t, ctx, "canned") }),
		chromedp.KeyEvent("限额"),
		sees(`document.querySelectorAll("#canned .option").length === 1`),
		enter(chromedp.ModifierNone), // takes it, and sends nothing
		sees(`document.getElementById("text").value === "限额由银行定。" && document.getElementById("canned").hidden`),

		chromedp.SendKeys("#know", "手续"),
		chromedp.WaitVisible("#known summary"),
		chromedp.Click("#known summary"),
		chromedp.Click("#known button"),
		sees(`document.getElementById("text").value === "限额由银行定。\n每笔都有手续费。\n\n1. 看账单"`),
	)
	if n := len(d.said["17-1"]); n != 2 {
		t.Errorf("%d messages are there, want 2: nothing was sent", n)
	}
}
