package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
)

// TestAnAgentTakesACallAtTheDesk is what an agent does who has the console open and a
// telephone beside it, with real calls of `supportbot call`.
func TestAnAgentTakesACallAtTheDesk(t *testing.T) {
	s := serve(t, t.TempDir(), "--twilio-server", freeExchange(t))
	if _, err := command(t, "", "agent", "phone", "admin", "+8613900139000", "--data", s.data); err != nil {
		t.Fatal(err)
	}
	desk := s.handset(t, "--agent")
	desk.hears("waits for calls")
	caller := s.handset(t, "--from", "anonymous")
	caller.does("2")
	caller.does("0")
	caller.hears("next in line")

	agent := openTab(t, channeltest.Browser(t, "en"), s.url+"/console/", 1280, 800)
	bar := func(says string) {
		t.Helper()
		agent.until(fmt.Sprintf("document.getElementById('callbar-state').innerText.includes(%q)", says))
	}
	press := func(what string) { t.Helper(); agent.do(chromedp.Click(`[data-call="` + what + `"]`)) }
	agent.do(chromedp.SendKeys("#name", "admin"), chromedp.SendKeys("#password", adminPassword+"\r"), chromedp.WaitVisible("#waiting button"),
		chromedp.Click("#alert-done"), chromedp.Click("#next"))
	bar("Ringing your phone")
	caller.hears("ringing the agent's telephone")
	desk.hears("rings for +8613900139000")
	desk.does("answer")
	bar("Press 1")
	desk.does("hangup")
	bar("not answered")
	caller.hears("did not pick up")

	agent.do(chromedp.Click("#claim"))
	desk.hears("rings for")
	desk.does("answer")
	desk.hears("Press 1")
	desk.does("1")
	caller.hears("is here to take your call")
	caller.hears("in conference")
	bar("Connected")
	press("hold")
	bar("On hold")
	press("resume")
	bar("Connected")

	desk.does("hangup")
	caller.hears("We have lost the agent")
	bar("You were cut off")
	press("call")
	desk.hears("rings for")
	desk.does("answer")
	desk.hears("Press 1")
	desk.does("1")
	caller.hears("in conference")
	bar("Connected")

	desk.does("hangup")
	bar("You were cut off")
	press("type")
	agent.do(chromedp.WaitVisible("#text"), chromedp.SendKeys("#text", "Which shop is it?\r"))
	caller.hears("Which shop is it?")
	agent.do(chromedp.Click("#close"), chromedp.Click("#close"))
	caller.hears("The agent has finished")
}
