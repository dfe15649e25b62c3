package dialog

import (
	"testing"

	"supportbot"
)

// twice is a flow that asks before and after a human's verdict, and may come
// back to its first question.
const twice = `flow: twice
goal: {zh: 两次, en: twice}
start: {topics: [other-fact]}
slots: {again: {type: bool}, a: {type: bool}, b: {type: bool}}
ladders:
  no_match: [{end: given-up}]
  no_input: {voice: [{end: given-up}], chat: [{after: 1h, end: given-up}]}
steps:
- ask: again
  say: {zh: 前, en: Before}
- id: agent
  handoff: {verifies: identity}
  say: {zh: 等, en: Wait}
  outcomes:
    verified: {goto: a}
    inconclusive: {goto: again}
    failed: {end: failed}
    refused: {end: refused}
    unavailable: {end: unavailable}
- ask: a
  say: {zh: 甲, en: First}
- ask: b
  say: {zh: 乙, en: Second}
- end: done
`

func twiceTalk(t *testing.T) *talk {
	t.Helper()
	tk := smallTalk(t, supportbot.Web)
	book, err := Load(smallWith(t, "twice.yaml", twice), small)
	if err != nil {
		t.Fatal(err)
	}
	tk.book = book
	tk.is(tk.says(start("other-fact")), "Before")
	tk.is(tk.chooses("yes"), "Wait")
	return tk
}

func TestAQuestionReachedAgainAfterAVerdictIsAsked(t *testing.T) {
	tk := twiceTalk(t)
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Inconclusive}), "Before")
}

func TestNobodyGoesBackBehindAVerdictByACorrection(t *testing.T) {
	tk := twiceTalk(t)
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "First")
	tk.is(tk.chooses("yes"), "Second")
	tk.is(tk.says(correct("a", "no")), "All right, changed to: No. | Second")
	tk.is(tk.says(steer(supportbot.CmdBack)), "First")
	tk.is(tk.says(steer(supportbot.CmdBack)), "There is no earlier question to go back to. | First")
}

func TestClosingACaseLeavesWhatWaitsBelow(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("second"))
	tk.errandAtAgent()
	tk.does(Event{Kind: Joined, Agent: "Lin"})
	tk.is(tk.does(Event{Kind: Closed}), "The agent has ended this conversation. If you have another question, just ask me here. | Which colour")
}

func TestALostFlowTakesNothingElseWithIt(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("second"))
	tk.errandAtAgent()
	s := tk.state()
	s.Stack[0].Step = "no-such-step"
	tk.keep(s)
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Failed}), "Not verified | Which colour") // which begins again
}

func TestAnAgentSeesWhatThePersonWasAbout(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("second"))
	tk.says(steer(supportbot.CmdAgent))
	if open := tk.last.Open; open == nil || open.Packet.Goal != "the second thing" || open.Reason != "talk-to-agent" {
		t.Errorf("opened %+v", open)
	}
}
