package dialog

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
)

// talk is a conversation in a test. The session is written and read as JSON
// between turns, as a store would.
type talk struct {
	*testing.T
	book    *Book
	session []byte
	now     time.Time
	last    Effects
}

func smallTalk(t *testing.T, channel supportbot.Channel) *talk {
	t.Helper()
	book, err := Load(smallWith(t, "", ""), small)
	if err != nil {
		t.Fatal(err)
	}
	tk := &talk{T: t, book: book, now: time.Date(2026, 1, 6, 9, 0, 0, 0, time.UTC)}
	tk.keep(Session{Channel: channel, Language: supportbot.English})
	return tk
}

func (t *talk) keep(s Session) {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	t.session = data
}

func (t *talk) state() Session {
	t.Helper()
	var s Session
	if err := json.Unmarshal(t.session, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// does steps one event and returns all that was said, joined by " | ".
func (t *talk) does(e Event) string {
	t.Helper()
	t.now = t.now.Add(time.Second)
	e.At = t.now
	s, effects := Step(t.book, t.state(), e)
	t.keep(s)
	t.last = effects
	var said []string
	for _, r := range effects.Replies {
		said = append(said, r.Text)
	}
	return strings.Join(said, " | ")
}

func (t *talk) says(commands ...supportbot.Command) string {
	t.Helper()
	return t.does(Event{Kind: Said, Commands: commands})
}

func (t *talk) chooses(value string) string {
	t.Helper()
	return t.does(Event{Kind: Chose, Choice: value})
}

func (t *talk) mumbles() string { t.Helper(); return t.says() }

func (t *talk) is(got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

func start(topic string) supportbot.Command {
	return supportbot.Command{Kind: supportbot.CmdStart, Topic: topic}
}

func fill(slot, value string) supportbot.Command {
	return supportbot.Command{Kind: supportbot.CmdFill, Slot: slot, Value: value}
}

func correct(slot, value string) supportbot.Command {
	return supportbot.Command{Kind: supportbot.CmdCorrect, Slot: slot, Value: value}
}

func steer(kind supportbot.CommandKind) supportbot.Command { return supportbot.Command{Kind: kind} }

// errandAtAgent walks the errand up to its handoff.
func (t *talk) errandAtAgent() {
	t.Helper()
	t.says(start("errand"))
	t.chooses("red")
	t.says(fill("model", "X1"))
	t.chooses("shop")
	t.is(t.says(fill("number", "1234")), "An agent comes")
}

func TestQuestionsFollowEachOther(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.is(tk.says(start("errand")), "We begin | Which brand")
	tk.is(tk.chooses("red"), "Red it is | Which model")
	tk.is(tk.says(fill("model", "X1")), "Where")
	tk.is(tk.says(fill("place", "moon")), "Say again | Where") // no such value
	tk.is(tk.says(fill("brand", "blue")), "Where")             // not what is asked
	tk.is(tk.chooses("shop"), "Which number")
}

func TestDigressionCostsNoAttempt(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.is(tk.mumbles(), "Say again | Which brand")
	tk.is(tk.says(start("fact")), "This is a fact | Which brand")
	tk.is(tk.mumbles(), "Which brand") // the second rung, not the third
	tk.is(tk.mumbles(), "An agent comes")
}

func TestDigressionToAFlowReturns(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.chooses("red")
	tk.is(tk.says(start("second")), "Which colour")
	tk.is(tk.chooses("black"), "Second done | Which model")
	if q := Expected(tk.book, tk.state()); q.Slot.Name != "model" || len(q.Answered) != 1 || q.Answered[0].Value != "red" {
		t.Errorf("waits for %+v", q)
	}
}

func TestSeveralWaitingFlowsAreOffered(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.says(start("second"))
	tk.says(start("third"))
	tk.chooses("big") // the third calls the second, on a frame of its own
	tk.is(tk.chooses("white"), "Second done | Third done | There is more that we have not finished. Which one shall we go on with?")
	var offered []string
	for _, c := range tk.last.Replies[2].Choices {
		offered = append(offered, c.Label)
	}
	if want := []string{"the second thing", "the errand", "None of them"}; !slices.Equal(offered, want) {
		t.Errorf("offered %v, want %v", offered, want)
	}
	tk.is(tk.chooses("flow:errand"), "Which brand")
	tk.is(tk.says(steer(supportbot.CmdCancel)), "All right, I have stopped this: “the errand”. | Which colour")
}

func TestStartingAnOpenFlowResumesIt(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.chooses("red")
	tk.says(start("second"))
	tk.is(tk.says(start("errand")), "Which model")
	if n := len(tk.state().Stack); n != 2 {
		t.Errorf("%d flows are open, want 2", n)
	}
}

func TestCorrectionClearsWhatDependsOnItAndNothingElse(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.chooses("red")
	tk.says(fill("model", "X1"))
	tk.chooses("shop")
	// The model depends on the brand; the place does not.
	tk.is(tk.says(correct("brand", "blue")), "All right, changed to: Blue. | Blue it is | Which model")
	tk.is(tk.says(fill("model", "Y2")), "Which number")
	if place := tk.state().Stack[0].Slots["place"]; place != "shop" {
		t.Errorf("place is %q after the correction", place)
	}
}

func TestAnOldButtonCorrects(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.chooses("red")
	tk.is(tk.chooses("blue"), "All right, changed to: Blue. | Blue it is | Which model")
	tk.is(tk.chooses("gone"), "Which model") // means nothing any more, costs nothing
	tk.is(tk.mumbles(), "Say again | Which model")
}

func TestAButtonPressedTwiceAnswersNothingElse(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.is(tk.chooses("brand=red"), "Red it is | Which model")
	tk.is(tk.chooses("brand=red"), "Which model")
	tk.is(tk.chooses("model=red"), "Which model") // offered by another question
	tk.is(tk.chooses("brand=blue"), "All right, changed to: Blue. | Blue it is | Which model")
}

func TestCorrectionNeverRepeatsAHandoff(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "Are you happy")
	// Answers before a handoff are no longer offered for correction; a command
	// that corrects one all the same does not call the agent again.
	if q := Expected(tk.book, tk.state()); len(q.Answered) != 0 {
		t.Errorf("offers %v for correction", q.Answered)
	}
	tk.is(tk.says(correct("place", "home")), "All right, changed to: Home. | Are you happy")
	if tk.last.Open != nil {
		t.Error("a second case was opened")
	}
	// But the identity was verified for this brand, so another needs another.
	tk.says(correct("brand", "blue"))
	tk.is(tk.says(fill("model", "Y2")), "An agent comes")
}

func TestBack(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.chooses("red")
	tk.says(fill("model", "X1"))
	tk.is(tk.says(steer(supportbot.CmdBack)), "Which model")
	tk.is(tk.says(steer(supportbot.CmdBack)), "Which brand")
	tk.is(tk.says(steer(supportbot.CmdBack)), "There is no earlier question to go back to. | Which brand")
	tk.chooses("red")
	tk.says(fill("model", "X1"))
	tk.chooses("shop")
	tk.says(fill("number", "1234"))
	tk.does(Event{Kind: Judged, Verdict: supportbot.Verified})
	tk.is(tk.says(steer(supportbot.CmdBack)), "There is no earlier question to go back to. | Are you happy")
}

func TestBackIntoTheCaller(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("third"))
	tk.is(tk.chooses("big"), "Which colour")
	tk.is(tk.says(steer(supportbot.CmdBack)), "Which size")
}

func TestRepeatIsFreeThreeTimes(t *testing.T) {
	tk := smallTalk(t, supportbot.Voice)
	tk.says(start("errand"))
	for range maxRepeats {
		tk.is(tk.does(Event{Kind: Pressed, Digits: "9"}), "We begin | Which brand")
	}
	tk.is(tk.says(steer(supportbot.CmdRepeat)), "Say again | Which brand")
	tk.is(tk.says(steer(supportbot.CmdRepeat)), "Which brand")
	tk.is(tk.says(steer(supportbot.CmdRepeat)), "An agent comes")
}

func TestAlternatingSilenceAndMumblingDefersNothing(t *testing.T) {
	tk := smallTalk(t, supportbot.Voice)
	tk.says(start("errand"))
	tk.is(tk.mumbles(), "Say again | Which brand")
	tk.is(tk.does(Event{Kind: Silence}), "Which brand")
	tk.is(tk.mumbles(), "Which brand")
	tk.is(tk.does(Event{Kind: Silence}), "An agent comes") // each ladder has a rung left
}

func TestChatSilence(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	if tk.last.Silence != 10*time.Minute {
		t.Errorf("wakes after %v", tk.last.Silence)
	}
	tk.is(tk.does(Event{Kind: Silence}), "Are you there")
	if tk.last.Silence != 50*time.Minute {
		t.Errorf("wakes again after %v", tk.last.Silence)
	}
	tk.is(tk.does(Event{Kind: Silence}), "")
	if s := tk.state(); !s.Ended || len(s.Stack) != 0 || tk.last.Silence != 0 {
		t.Errorf("not over: %+v", s)
	}
}

func TestClarify(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.is(tk.says(supportbot.Command{Kind: supportbot.CmdClarify, Topics: []string{"second", "fact", "nonsense"}}), "Which of these do you mean?")
	var values []string
	for _, c := range tk.last.Replies[0].Choices {
		values = append(values, c.Value)
	}
	if want := []string{"topic:second", "topic:fact", "topic=none"}; !slices.Equal(values, want) {
		t.Errorf("offers %v, want %v", values, want)
	}
	tk.is(tk.says(fill("topic", "topic:fact")), "This is a fact | Which brand")
	tk.says(supportbot.Command{Kind: supportbot.CmdClarify, Topics: []string{"second", "fact"}})
	tk.is(tk.chooses("topic=none"), "All right. Please tell me again in other words. | Which brand")
}

func TestNothingUnderstoodTwiceReachesAHuman(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.is(tk.mumbles(), "Sorry, I did not understand that. | Please say it another way, or choose what comes closest.")
	tk.mumbles()
	tk.is(tk.mumbles(), "Let me bring in an agent. | Please wait for an agent")
}

func TestAgentOnTheFlowsOwnWay(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.chooses("red")
	tk.is(tk.says(steer(supportbot.CmdAgent)), "An agent comes")
	open := tk.last.Open
	if open == nil || open.Reason != "errand" || open.Priority != supportbot.High || open.Packet.Verifies != identity {
		t.Fatalf("opened %+v", open)
	}
	if len(open.Packet.Slots) != 1 || open.Packet.Slots[0] != (supportbot.PacketSlot{Name: "brand", Title: "Make", Label: "Red", Value: "red"}) {
		t.Errorf("passes %v", open.Packet.Slots)
	}
	if open.Packet.Next[supportbot.Failed] != "Not verified" || open.Packet.Next[supportbot.Verified] != "Are you happy" {
		t.Errorf("foretells %v", open.Packet.Next)
	}
}

func TestVerdictsLeadToTheirEndings(t *testing.T) {
	for verdict, want := range map[supportbot.Verdict]string{
		supportbot.Verified: "Are you happy", supportbot.Failed: "Not verified", supportbot.Inconclusive: "",
		supportbot.Refused: "", supportbot.Unavailable: "Nobody is free", supportbot.Handled: "",
	} {
		tk := smallTalk(t, supportbot.Web)
		tk.errandAtAgent()
		tk.does(Event{Kind: Joined, Agent: "Lin"})
		tk.is(tk.does(Event{Kind: Judged, Verdict: verdict}), want)
		if proof := len(tk.state().Stack) > 0 && tk.state().Stack[0].Proof != nil; proof != (verdict == supportbot.Verified) {
			t.Errorf("%s leaves a proof: %v", verdict, proof)
		}
	}
}

func TestAProofRunsOut(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.does(Event{Kind: Judged, Verdict: supportbot.Verified})
	fresh := *tk
	tk.is(fresh.chooses("yes"), "Done for you")
	tk.now = tk.now.Add(31 * time.Minute)
	tk.is(tk.chooses("yes"), "Your verification has expired, so it must be done again. | An agent comes")
	if tk.last.Open == nil || tk.last.Open.Ordinal != 2 {
		t.Errorf("opened %+v", tk.last.Open)
	}
}

func TestTheBotIsSilentWhileAnAgentOwns(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.is(tk.does(Event{Kind: Joined, Agent: "Lin"}), "Lin from our team has joined. Please go ahead, I will be quiet now.")
	tk.now = tk.now.Add(time.Hour)
	for _, e := range []Event{
		{Kind: Said}, {Kind: Said, Commands: []supportbot.Command{start("second")}}, {Kind: Said, Commands: []supportbot.Command{steer(supportbot.CmdCancel)}},
		{Kind: Chose, Choice: "blue"}, {Kind: Pressed, Digits: "1"}, {Kind: Silence}, {Kind: Opened}, {Kind: Said, Masked: []string{"card"}},
	} {
		tk.is(tk.does(e), "")
	}
	tk.is(tk.does(Event{Kind: Left}), "The agent had to leave. You keep your place in the queue and another agent will go on.")
}

func TestWaiting(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	told := "I have noted that. You are still in the queue, and the agent will see what you write."
	tk.is(tk.mumbles(), told)
	tk.is(tk.mumbles(), "") // not at every word
	tk.now = tk.now.Add(tellEvery)
	tk.is(tk.mumbles(), told)

	tk.is(tk.chooses(chooseContact), "Which phone number can we reach you at? The agent can call it if needed.")
	tk.is(tk.says(fill("contact", "nonsense")), "That does not look like a phone number. Please type digits only. | Which phone number can we reach you at? The agent can call it if needed.")
	tk.says(fill("contact", "138-0013-8000"))
	if tk.last.Contact != "13800138000" {
		t.Errorf("contact is %q", tk.last.Contact)
	}
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Failed}), "Not verified")
}

func TestWaitingByKeysAndWords(t *testing.T) {
	asks := "Which phone number can we reach you at? The agent can call it if needed."
	for name, e := range map[string]Event{
		"key":    {Kind: Pressed, Digits: "1"},
		"words":  {Kind: Said, Commands: []supportbot.Command{fill("queue", chooseContact)}},
		"button": {Kind: Chose, Choice: chooseContact},
	} {
		tk := smallTalk(t, supportbot.SMS)
		tk.errandAtAgent()
		if got := tk.does(e); got != asks {
			t.Errorf("%s: said %q", name, got)
		}
		tk.is(tk.says(steer(supportbot.CmdCancel)), "Never mind, you need not leave one. You can go on waiting here.")
		if tk.last.Leave || tk.state().Case == nil {
			t.Errorf("%s: who leaves no number loses the agent", name)
		}
	}
	tk := smallTalk(t, supportbot.SMS)
	tk.errandAtAgent()
	tk.says(fill(slotContact, "13800138000"))
	if tk.last.Contact != "13800138000" {
		t.Errorf("contact is %q", tk.last.Contact)
	}
}

func TestTheLanguageChangesWhileWaiting(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.is(tk.chooses("language:zh"), "好的，我们用中文。")
	tk.does(Event{Kind: Joined, Agent: "Lin"})
	tk.is(tk.chooses("language:en"), "")
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Failed}), "Not verified")
}

func TestWaitingIsNoSilence(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.is(tk.does(Event{Kind: Waited}), "Sorry, no agent is free yet; you are still in the queue. If you do not want to wait, leave a phone number or go back.")
	if len(tk.last.Replies[0].Choices) != 3 {
		t.Error("no way out is offered")
	}
	tk.does(Event{Kind: Joined, Agent: "Lin"})
	tk.is(tk.does(Event{Kind: Waited}), "")
}

func TestWhoNeedsTimeGetsIt(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	for range 6 {
		tk.is(tk.says(steer(supportbot.CmdWait)), "Take your time, and tell me when you are ready. | Which brand")
	}
	tk.is(tk.mumbles(), "Say again | Which brand") // the first rung
}

func TestAskingBackHasAnEnd(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	unclear := supportbot.Command{Kind: supportbot.CmdClarify, Topics: []string{"second", "fact"}}
	tk.is(tk.says(unclear), "Which of these do you mean?")
	tk.is(tk.says(unclear), "Which of these do you mean?")
	tk.says(unclear)
	if n := tk.state().Stack[0].NoMatch; n != 1 {
		t.Errorf("the third time counts as %d", n)
	}
}

func TestAFlowsOwnWayBack(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	book, err := Load(smallWith(t, "own.yaml", `flow: own
goal: {zh: 急, en: urgent}
start: {topics: [other-fact]}
steps:
- id: agent
  handoff: {priority: urgent}
  say: {zh: 等, en: Wait}
  outcomes:
    handled: {end: handled}
    unavailable: {end: unavailable}
    left: {say: {zh: 报警, en: Call the police}, end: everything}
`), small)
	if err != nil {
		t.Fatal(err)
	}
	tk.book = book
	tk.says(start("second"))
	tk.is(tk.says(start("other-fact")), "Wait")
	tk.is(tk.chooses(chooseLeave), "Call the police")
	if !tk.last.Leave || len(tk.state().Stack) != 0 {
		t.Errorf("%+v", tk.state())
	}
}

func TestAnAgentMayComeWhileTheContactIsAsked(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.chooses(chooseContact)
	tk.does(Event{Kind: Joined, Agent: "Lin"})
	tk.is(tk.does(Event{Kind: Judged, Verdict: supportbot.Verified}), "Are you happy")
}

func TestBackToTheBot(t *testing.T) {
	for name, leave := range map[string]Event{
		"by button": {Kind: Chose, Choice: chooseLeave},
		"by words":  {Kind: Said, Commands: []supportbot.Command{steer(supportbot.CmdCancel)}},
	} {
		t.Run(name, func(t *testing.T) {
			tk := smallTalk(t, supportbot.Web)
			tk.says(start("second"))
			tk.errandAtAgent()
			tk.is(tk.does(leave), "All right, you are no longer waiting for an agent. Say “agent” whenever you need one. | Which colour")
			if !tk.last.Leave || tk.state().Case != nil {
				t.Error("still waits")
			}
		})
	}
}

func TestClosedByTheAgent(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.does(Event{Kind: Joined, Agent: "Lin"})
	tk.is(tk.does(Event{Kind: Closed}), "The agent has ended this conversation. If you have another question, just ask me here.")
	if s := tk.state(); !s.Ended || len(s.Stack) != 0 {
		t.Errorf("still open: %+v", s)
	}
}

func TestPhoneKeys(t *testing.T) {
	tk := smallTalk(t, supportbot.Voice)
	tk.does(Event{Kind: Opened})
	tk.is(tk.last.Replies[1].Spoken, "What do you need? Press 1: Errand. Press 2: Second. Press 3: Third. Press 8: Agent.")
	tk.is(tk.does(Event{Kind: Pressed, Digits: "2#"}), "Which colour")
	tk.is(tk.does(Event{Kind: Pressed, Digits: "1"}), "Second done")
	tk.does(Event{Kind: Pressed, Digits: "0"})
	if tk.last.Open == nil {
		t.Error("0 brings no agent")
	}
	tk.does(Event{Kind: HungUp})
	if s := tk.state(); !tk.last.Leave || !s.Ended || len(s.Stack) != 0 {
		t.Errorf("after hanging up: %+v", s)
	}
}

func TestLanguageChanges(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.is(tk.chooses("language:zh"), "好的，我们用中文。 | 开始 | 什么牌子")
	tk.is(tk.does(Event{Kind: Said, Language: supportbot.English}), "Say again | Which brand")
}

func TestSecretsAreSpokenOf(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	got := tk.does(Event{Kind: Said, Masked: []string{"card"}})
	if !strings.HasPrefix(got, "For your safety I removed") || !strings.HasSuffix(got, "Say again | Which brand") {
		t.Errorf("said %q", got)
	}
}

func TestContentThatChangedInMidConversation(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	s := tk.state()
	s.Stack[0].Step = "no-such-step"
	tk.keep(s)
	tk.is(tk.chooses("red"), "Sorry, these steps have just been updated. Let us go on from here. | We begin | Which brand")
}

func TestButtonsStartNothingInternal(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	for _, value := range []string{"flow:pattern-joined", "flow:pattern-closed", "flow:pattern-contact", "topic:flow:pattern-closed", "topic:nothing", "flow:nothing", "control:leave", "control:fill"} {
		tk.is(tk.chooses(value), "Which brand")
	}
}

func TestGoodbyeEndsEverything(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.says(start("errand"))
	tk.says(start("second"))
	tk.is(tk.says(steer(supportbot.CmdGoodbye)), "Goodbye. Come back any time you have a question.")
	if s := tk.state(); !s.Ended || len(s.Stack) != 0 {
		t.Errorf("still open: %+v", s)
	}
	tk.is(tk.says(steer(supportbot.CmdThanks), start("second")), "Which colour") // courtesy beside a matter
}

func TestAContentFolderOverridesAPattern(t *testing.T) {
	thanks := "flow: pattern-thanks\ngoal: {zh: 谢, en: Thanks}\ntransient: true\nsteps:\n- say: {zh: 应该的, en: Any time}\n- end: done\n"
	book, err := Load(smallWith(t, "mine.yaml", thanks), small)
	if err != nil {
		t.Fatal(err)
	}
	tk := smallTalk(t, supportbot.Web)
	tk.book = book
	tk.says(start("errand"))
	tk.is(tk.says(steer(supportbot.CmdThanks)), "Any time | Which brand")
}
