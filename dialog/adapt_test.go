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
