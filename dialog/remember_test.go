package dialog

import (
	"testing"

	"supportbot"
)

// withFlows is a conversation on the flows of testdata and some more.
func withFlows(t *testing.T, channel supportbot.Channel, flows string) *talk {
	t.Helper()
	book, err := Load(smallWith(t, "more.yaml", flows), small)
	if err != nil {
		t.Fatal(err)
	}
	tk := smallTalk(t, channel)
	tk.book = book
	return tk
}

const ladder = `ladders: {no_match: [{end: lost}], no_input: {voice: [{end: lost}], chat: [{after: 1h, end: lost}]}}`

func TestAnAnswerIsAskedForOnceInAConversation(t *testing.T) {
	tk := withFlows(t, supportbot.Web, `
flow: buy
goal: {zh: 买, en: Buy}
start: {topics: [fact]}
slots: {size: {type: digits, max: 3, remember: true}, colour: {type: enum, remember: true, values: {red: {zh: 红, en: Red}}}}
`+ladder+`
steps:
- {ask: size, say: {zh: 多大, en: Which size}}
- {ask: colour, say: {zh: 什么颜色, en: Which colour}}
- {end: done, say: {zh: "{size}{colour}", en: "Bought {size}, {colour}"}}
---
flow: swap
goal: {zh: 换, en: Swap}
start: {topics: [other-fact]}
slots: {size: {type: digits, max: 3, remember: true}, colour: {type: enum, remember: true, values: {blue: {zh: 蓝, en: Blue}}}}
`+ladder+`
steps:
- {ask: size, say: {zh: 多大, en: Which size}}
- {ask: colour, say: {zh: 什么颜色, en: Which colour}}
- {end: done, say: {zh: "{size}", en: "Swapped for {size}"}}
`)
	tk.is(tk.says(start("fact")), "Which size")
	tk.is(tk.says(fill("size", "42")), "Which colour")
	tk.is(tk.chooses("red"), "Bought 42, Red")
	tk.is(tk.says(start("other-fact")), "Which colour") // red is none of its colours
	tk.is(tk.says(steer(supportbot.CmdBack)), "Which size")
	tk.is(tk.says(fill("size", "43")), "Which colour")
	tk.is(tk.chooses("blue"), "Swapped for 43")
}

func TestAnArticleOnThePhoneLeadsToAQuestion(t *testing.T) {
	tk := smallTalk(t, supportbot.Voice)
	tk.is(tk.says(start("fact")), "This is a fact | What else would you like to know? You can also just ask.")
	if got, want := tk.last.Replies[1].Spoken, "What else? You can also just tell me. Press 1: Errand. Press 2: Nothing else."; got != want {
		t.Errorf("spoken %q, want %q", got, want)
	}
	tk.is(tk.does(Event{Kind: Pressed, Digits: "9"}), "This is a fact | What else would you like to know? You can also just ask.")
	tk.is(tk.does(Event{Kind: Pressed, Digits: "1"}), "We begin | Which brand")
}

const calls = `
flow: outer
goal: {zh: 外, en: Outer}
start: {topics: [fact]}
slots: {sure: {type: bool}}
` + ladder + `
steps:
- {id: check, call: inner, returns: {verified: {goto: after}, left: {goto: sure}, unavailable: {end: none}}}
- {end: other}
- {id: after, say: {zh: 接着, en: We go on}}
- ask: sure
  say: {zh: 好了吗, en: All right}
  no_match: [{goto: check}]
- end: done
---
flow: inner
goal: {zh: 内, en: Inner}
steps:
- id: agent
  handoff: {verifies: identity}
  say: {zh: 等, en: Wait}
  outcomes:
    verified: {say: {zh: 核实了, en: You are verified}, end: verified}
    failed: {end: failed}
    inconclusive: {end: failed}
    refused: {end: failed}
    unavailable: {end: unavailable}
    left: {end: left}
`

// The ladder of "sure" leads back to the agent: nobody who is silent is asked
// for ever, since the agent must act before it is asked again.
func TestWhatAVerdictLeadsToIsToldToTheAgent(t *testing.T) {
	tk := withFlows(t, supportbot.Web, calls)
	tk.is(tk.says(start("fact")), "Wait")
	open := tk.last.Open
	if open == nil || open.Reason != "outer" {
		t.Fatalf("opened %+v", open)
	}
	if got, want := open.Packet.Next[supportbot.Verified], "You are verified\nWe go on"; got != want {
		t.Errorf("after verified: %q, want %q", got, want)
	}
	tk.does(Event{Kind: Judged, Verdict: supportbot.Verified})
	tk.is(tk.mumbles(), "Wait")
}

func TestACaseIsAboutTheFlowThatCallsTheAgent(t *testing.T) {
	tk := withFlows(t, supportbot.Web, `
flow: first
goal: {zh: 一, en: First}
start: {topics: [other-fact]}
steps:
- call: outer
- end: done
---`+calls)
	tk.says(start("other-fact"))
	if open := tk.last.Open; open == nil || open.Reason != "outer" {
		t.Fatalf("opened %+v", open)
	}
}

func TestTheWordsThatStartAFlowMayAnswerItsQuestion(t *testing.T) {
	tk := withFlows(t, supportbot.Web, `
flow: repair
goal: {zh: 修, en: Repair}
start: {topics: [fact]}
slots:
  who: {type: enum, values: {me: {zh: 我, en: Me}, you: {zh: 你, en: You}}}
  what: {type: enum, early: [paper], values: {paper: {zh: 纸, en: Paper}, power: {zh: 电, en: Power}}}
`+ladder+`
steps:
- {ask: who, say: {zh: 谁, en: Who}}
- {ask: what, say: {zh: 什么, en: What}}
- {end: done, say: {zh: "{what}", en: "Repaired: {what}"}}
`)
	begin := func(slot, value string) supportbot.Command {
		return supportbot.Command{Kind: supportbot.CmdStart, Topic: "fact", Fill: map[string]string{slot: value}}
	}
	tk.is(tk.says(begin("what", "paper")), "Who")
	if got := Expected(tk.book, tk.state()).Begins["fact"]; len(got) != 1 || len(got[0].Options) != 1 {
		t.Errorf("readers are told of %+v", got)
	}
	tk.is(tk.chooses("who=me"), "Repaired: Paper")
	for _, c := range []supportbot.Command{begin("what", "power"), begin("who", "me"), begin("nothing", "paper")} {
		tk.is(tk.says(c), "Who") // content does not allow it
		tk.is(tk.chooses("who=me"), "What")
		tk.says(steer(supportbot.CmdCancel))
	}
}
