package dialog

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"supportbot"
)

// newer loads the flows of testdata as a later version of the content has them:
// pairs of what stood there and what stands there now.
func newer(t *testing.T, pairs ...string) *Book {
	t.Helper()
	errand, err := os.ReadFile("testdata/content/flows/errand.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(pairs...).Replace(string(errand))
	if changed == string(errand) {
		t.Fatalf("%q stands nowhere", pairs)
	}
	content := smallWith(t, "", "").(fstest.MapFS)
	content["flows/errand.yaml"] = &fstest.MapFile{Data: []byte(changed)}
	book, err := Load(content, small)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestAConversationGoesOnUnderOtherContent(t *testing.T) {
	const began = "Sorry, these steps have just been updated. Let us go on from here. | "
	tests := []struct {
		name   string
		change []string // pairs of old and new
		choice string
		want   string
	}{
		{"a step with another name", []string{"- ask: place\n", "- id: where\n  was: [place]\n  ask: place\n"}, "shop", "Which number"},
		{"a flow with another name", []string{"flow: errand", "flow: job\nwas: [errand]"}, "shop", "Which number"},
		{"other words", []string{"en: Which number", "en: What number"}, "shop", "What number"},
		{"the open question is gone", []string{"- ask: place\n  say: {zh: 在哪里, en: Where}\n", ""}, "shop", began + "Which number"},
		{"an answer is none any more", []string{"red: {zh: 红, en: Red}", "green: {zh: 绿, en: Green}"}, "shop", began + "We begin | Which brand"},
		{"a question before this one is new", []string{"- ask: place\n", "- {id: glad, ask: happy, say: {zh: 高兴吗, en: Are you glad}}\n- ask: place\n"}, "shop", began + "Are you glad"},
		{"somebody wants an agent", []string{"- ask: place\n  say: {zh: 在哪里, en: Where}\n", ""}, "control:agent", began + "An agent comes"},
		{"the flow is gone", []string{"flow: errand", "flow: other"}, "flow:second", "Sorry, these steps have changed in the meantime. Please tell me again what you need. | Which colour"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tk := smallTalk(t, supportbot.Web)
			tk.says(start("errand"))
			tk.chooses("red")
			tk.is(tk.says(fill("model", "X1")), "Where")
			tk.book = newer(t, test.change...)
			tk.is(tk.chooses(test.choice), test.want)
			if s := tk.state(); s.Version != tk.book.Version && len(s.Stack) > 0 {
				t.Errorf("the session says version %q, the content is %q", s.Version, tk.book.Version)
			}
		})
	}
}

func TestWhoWaitsForAnAgentGoesOnWaitingUnderOtherContent(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.book = newer(t, "flow: errand", "flow: other")
	tk.is(tk.does(Event{Kind: Joined, Agent: "Lin"}), "Lin from our team has joined. Please go ahead, I will be quiet now.")
	if tk.last.Leave {
		t.Error("the case was given up")
	}
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "Handled")
}

func TestWhatAHumanDecidedIsNotDoneAgainUnderOtherContent(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "Are you happy")
	tk.book = newer(t, "- ask: happy\n  say: {zh: 满意吗, en: Are you happy}\n", "- {id: glad, ask: happy, say: {zh: 高兴吗, en: Are you glad}}\n",
		"verified: {goto: happy}", "verified: {goto: glad}")
	tk.is(tk.chooses("yes"), "Sorry, these steps have just been updated. Let us go on from here. | Are you glad")
	tk.is(tk.chooses("yes"), "Done for you")
}

func TestNobodyIsVerifiedByAChangeOfContent(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	s := tk.state()
	s.Case, s.Stack[0].Step, s.Version = nil, "happy", "older"
	tk.keep(s) // at a question that is reached with a verdict only, and there is none
	tk.is(tk.chooses("yes"), "Sorry, these steps have just been updated. Let us go on from here. | An agent comes")
}

// rewritten loads other flows beside those of testdata.
func (t *talk) rewritten(flows string) {
	t.Helper()
	book, err := Load(smallWith(t, "more.yaml", flows), small)
	if err != nil {
		t.Fatal(err)
	}
	t.book = book
}

const verifying = "{verified: {goto: secret}, failed: {end: f}, inconclusive: {say: {zh: 不行, en: Not sure}, end: f}, refused: {end: f}, unavailable: {end: none}}"

func TestAVerdictForHelpIsNoProofUnderOtherContent(t *testing.T) {
	pay := func(handoff, outcomes, requires string) string {
		return "flow: pay\ngoal: {zh: 付, en: Pay}\nstart: {topics: [fact]}\nsteps:\n- {id: agent, handoff: {" + handoff +
			"}, say: {zh: 等, en: Wait}, outcomes: " + outcomes + "}\n- {id: secret, " + requires + " say: {zh: 密, en: Your reset}}\n- end: done\n"
	}
	tk := withFlows(t, supportbot.Web, pay("", "{handled: {goto: secret}, unavailable: {end: none}}", ""))
	tk.is(tk.says(start("fact")), "Wait")
	tk.rewritten(pay("verifies: identity", verifying, "requires: identity,"))
	tk.does(Event{Kind: Joined, Agent: "Lin"})
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "Not sure")
}

func TestWhoWaitsForAVerdictGoesOnWithTheErrandUnderOtherContent(t *testing.T) {
	pay := func(more string) string {
		return "flow: pay\ngoal: {zh: 付, en: Pay}\nstart: {topics: [fact]}\nslots: {b: {type: text}, d: {type: text}}\n" + ladder + `
steps:
- {ask: b, say: {zh: 一, en: Which b}}
` + more + `
- {id: agent, handoff: {verifies: identity}, say: {zh: 等, en: Wait}, outcomes: ` + verifying + `}
- {id: secret, requires: identity, say: {zh: 密, en: Your reset}}
- end: done
`
	}
	tk := withFlows(t, supportbot.Web, pay(""))
	tk.says(start("fact"))
	tk.is(tk.says(fill("b", "1")), "Wait")
	tk.rewritten(pay("- {ask: d, say: {zh: 一, en: Which d}}"))
	if Stands(tk.book, tk.state()) {
		t.Error("it is said to go on where it stood")
	}
	tk.does(Event{Kind: Joined, Agent: "Lin"})
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "Handled | Which d")
	tk.is(tk.says(fill("d", "1")), "Wait")
}

func TestOnlyTheFlowThatChangedBeginsAgain(t *testing.T) {
	pay := func(to, more string) string {
		return `
flow: pay
goal: {zh: 付, en: Pay}
start: {topics: [fact]}
steps:
- {call: prove, returns: {yes: {goto: secret}}}
- {id: no, end: no}
- {id: secret, say: {zh: 密, en: Your reset}}
- end: done
---
flow: prove
goal: {zh: 证, en: Prove}
slots: {c: {type: text}, d: {type: text}}
` + ladder + `
steps:
- {id: agent, handoff: {verifies: identity}, say: {zh: 等, en: Wait}, outcomes: ` + strings.Replace(verifying, "secret", to, 1) + `}
` + more + `
- {ask: c, say: {zh: 一, en: Which c}}
- end: yes
`
	}
	tk := withFlows(t, supportbot.Web, pay("c", ""))
	tk.is(tk.says(start("fact")), "Wait")
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "Which c")
	tk.rewritten(pay("d", "- {ask: d, say: {zh: 一, en: Which d}}"))
	tk.is(tk.says(fill("c", "x")), "Sorry, these steps have just been updated. Let us go on from here. | Which d")
	tk.is(tk.says(fill("d", "x")), "Which c")
	tk.is(tk.says(fill("c", "x")), "Your reset")
}

func TestAVerdictIsTakenFromMemoryOnce(t *testing.T) {
	tk := withFlows(t, supportbot.Web, `
flow: outer
goal: {zh: 外, en: Outer}
start: {topics: [fact]}
slots: {a: {type: text}, b: {type: text}}
`+ladder+`
steps:
- {ask: a, say: {zh: 一, en: Which a}}
- {id: which, if: [{slot: a, is: "2", goto: try}], else: {goto: b}}
- {ask: b, say: {zh: 二, en: Which b}}
- {id: out, end: done, say: {zh: 好, en: Bye}}
- {id: try, call: walk, returns: {solved: {goto: out}, not-yet: {say: {zh: 再来, en: Once more}, goto: try}, lost: {goto: out}}}
- {id: other, goto: out, say: {zh: 好, en: Well}}
---
flow: walk
goal: {zh: 走, en: Walk}
slots: {ok: {type: bool}}
`+ladder+`
steps:
- {ask: ok, say: {zh: 好吗, en: Does it work}}
- {id: result, if: [{slot: ok, is: "yes", end: solved}], else: {end: not-yet}}
`)
	tk.says(start("fact"))
	tk.is(tk.says(fill("a", "1")), "Which b")
	tk.is(tk.says(correct("a", "2")), "All right, changed to: 2. | Does it work")
	tk.is(tk.says(fill("ok", "no")), "Once more | Does it work")
	tk.is(tk.says(fill("ok", "yes")), "Bye")
}
