package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot"
	"supportbot/handoff"
)

// payload does all that it can to be run; it has nothing that YAML would mind.
const payload = `<img src=x onerror=ran=1><script>ran=1</script></script><svg onload=ran=1>`

// evil is a payload that tells in which field it stands.
func evil(field string) string { return field + payload + `'"{{7*7}}javascript:ran=1` }

// Whatever people write, in whatever field, is shown and never run, also in a
// browser that has no content security policy to go by.
func TestHostileStringsInABrowser(t *testing.T) {
	for name, policy := range map[string]bool{"with policy": true, "without policy": false} {
		t.Run(name, func(t *testing.T) {
			d, s := newLibrary(t)
			hostile(d)
			who := hostileContent(d, s)
			if !policy {
				d.withoutPolicy(t)
			}
			ctx := chromium(t)
			fields := func(names ...string) action {
				return does(func() { d.inert(t, ctx, names...) })
			}
			run(t, ctx,
				d.loginAs(who),
				chromedp.Click("#waiting button"),
				shows("log", "said<img"),
				shows("facts", "slot value<img"),
				chromedp.Click("#claim"),
				chromedp.WaitVisible("#decide"),
				shows("verdicts", "next verified<img"),
				chromedp.Click("#mine button"),
				fields("goal", "reason", "channel", "language", "priority", "flow", "step", "verifies", "slot name", "slot value",
					"tried", "contact", "note", "notice", "said", "author", "choice", "next refused", "agent"),

				chromedp.Navigate(d.URL+"/console/content"),
				chromedp.WaitVisible("#v-evil"),
				fields("notice", "file", "by", "agent"),
				chromedp.Navigate(d.URL+"/console/content/evil/flows"),
				chromedp.WaitVisible(".flows"),
				fields("", "agent"),
				chromedp.Navigate(d.URL+"/console/content/evil/flows/forgot-password"),
				chromedp.WaitVisible("#canvas svg"),
				fields("", "agent"),
				chromedp.Navigate(d.URL+"/console/content/evil/preview"),
				chromedp.WaitVisible("#text"),
				chromedp.SendKeys("#text", evil("typed")+"\r"),
				shows("log", "typed<img"),
				fields("typed", "agent"),

				chromedp.Navigate(d.URL+"/console/account"),
				chromedp.WaitVisible("#key"),
				fields("agent"),
				chromedp.Navigate(d.URL+"/console/content?told=published&version="+url.QueryEscape(payload)),
				fields("by"),
				chromedp.Navigate(d.URL+"/console/#"+url.PathEscape(payload)),
				chromedp.WaitVisible("#mine button"),
				fields("agent"),
			)
		})
	}
}

// inert wants that nothing on the page has run or become an element, and that
// fields are shown as they are.
func (d *desk) inert(t *testing.T, ctx context.Context, fields ...string) {
	t.Helper()
	time.Sleep(300 * time.Millisecond) // for an image to fail to load
	at := evaluate[string](t, ctx, "location.pathname")
	if ran := evaluate[bool](t, ctx, "Boolean(window.ran)"); ran {
		t.Errorf("%s: a payload ran", at)
	}
	if n := evaluate[int](t, ctx, `document.querySelectorAll("img[src=x], iframe, svg[onload], [onload], [onerror], script:not([src]):not([type='application/json'])").length`); n != 0 {
		t.Errorf("%s: %d payloads became elements", at, n)
	}
	text := evaluate[string](t, ctx, "document.body.innerText")
	for _, field := range fields {
		if !strings.Contains(text, field+"<img src=x onerror=") {
			t.Errorf("%s: the %s is not shown as it is", at, field)
		}
	}
}

// withoutPolicy puts a proxy before the console that takes the policy away, as
// for a browser that knows none.
func (d *desk) withoutPolicy(t *testing.T) {
	t.Helper()
	to, err := url.Parse(d.URL)
	must(err)
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("Content-Security-Policy")
			return nil
		},
	})
	t.Cleanup(proxy.Close)
	d.URL = proxy.URL
}

// hostile fills every field of a case that anybody can write with code.
func hostile(d *desk) {
	c := &d.cases[0]
	c.Reason, c.Channel, c.Language, c.Priority = evil("reason"), supportbot.Channel(evil("channel")), supportbot.Language(evil("language")), supportbot.Priority(evil("priority"))
	c.Note = evil("note")
	c.Packet = supportbot.Packet{
		Goal: evil("goal"), Flow: evil("flow"), Step: evil("step"), Verifies: evil("verifies"), Contact: evil("contact"),
		Slots: []supportbot.PacketSlot{{Name: evil("slot name"), Label: evil("slot value")}},
		Tried: []string{evil("tried")},
		Next:  map[supportbot.Verdict]string{},
	}
	for _, verdict := range supportbot.AgentVerdicts {
		c.Packet.Next[verdict] = evil("next " + string(verdict))
	}
	d.notice = evil("notice")
	d.say(c.ID, supportbot.FromUser, "", evil("said"))
	d.say(c.ID, supportbot.FromAgent, evil("author"), evil("answered"))
	d.say(c.ID, supportbot.FromBot, "", "**"+evil("bold")+"** [x](javascript:ran=1)")
	d.say(c.ID, supportbot.Sender(evil("sender")), "", "")
	last := d.said[c.ID]
	last[len(last)-1].Choices = []supportbot.Choice{{Label: evil("choice"), Value: evil("value")}}
}

// hostileContent does the same to a version of the content, and returns the name
// of a supervisor who is no better.
func hostileContent(d *desk, s *shelf) (who string) {
	who = evil("agent")
	d.agents = append(d.agents, handoff.Agent{Name: who, Role: handoff.RoleSupervisor, Password: passwordHash()})
	v := s.versions[2]
	v.ID, v.Source, v.PublishedBy = "evil", evil("file"), evil("by")
	s.versions = append(s.versions, v)
	return who
}
