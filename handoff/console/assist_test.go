package console_test

import (
	"context"
	"errors"
	"testing"

	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/handoff/console"
)

// newAssisted is a desk with an assistant.
func newAssisted(t *testing.T, a console.Assistant) *desk {
	d := newDesk(t)
	d.Close()
	d.console = console.New(d.memory, d.memory, console.Options{
		Papers: d.memory, Knowledge: handbook{}, Mask: masked,
		Assistant: a, Key: []byte("key"), Client: client, Sessions: newSessions(), Log: discard,
	})
	d.Server = serve(t, d.console)
	return d
}

// helpless is an assistant of no help.
type helpless struct{ echo }

func (helpless) Summary(context.Context, supportbot.Case, []supportbot.Message) (string, error) {
	return "", errors.New("no model")
}

func TestAnAssistantThatIsOfNoHelp(t *testing.T) {
	d := newAssisted(t, helpless{})
	if status, answer := d.call(t, "li", "GET", "/api/cases/17-1/summary", ""); status != 503 || answer["text"] != nil {
		t.Errorf("%d %v", status, answer)
	}
	if status, answer := d.call(t, "li", "POST", "/api/cases/17-1/draft-reply", ""); status != 409 {
		t.Errorf("a draft for who does not own the case: %d %v", status, answer)
	}
}

// A summary stands beside the case, a draft in the empty field, and neither is sent.
func TestAnAgentIsAssisted(t *testing.T) {
	d := newAssisted(t, echo{})
	ctx := chromium(t)
	run(t, ctx,
		d.loginForm(),
		chromedp.Click("#waiting button"),
		chromedp.WaitVisible("#summarise"),
		sees(`document.getElementById("draft").hidden`), // the case is nobody's yet
		chromedp.Click("#summarise"),
		shows("assisted", "Draft: 忘记终端登录密码POS机密码忘了"),
		chromedp.Click("#claim"),
		chromedp.WaitVisible("#draft"),
		chromedp.Click("#draft"),
		sees(`document.getElementById("text").value === "忘记终端登录密码POS机密码忘了"`),
		shows("assisted", "Check it"),
	)
	for _, m := range d.said["17-1"] {
		if m.From == supportbot.FromAgent {
			t.Errorf("sent %q", m.Text)
		}
	}
}
