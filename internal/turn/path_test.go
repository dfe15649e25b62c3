package turn_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/seal"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

// flows are an errand that asks for a colour, then for an agent who verifies.
const flows = `
flow: menu
goal: {zh: 菜单, en: the menu}
transient: true
slots: {topic: {type: pick, from: menu}}
steps:
- ask: topic
  say: {zh: 办什么, en: What do you need}
  no_match: [{repeat: true}, {goto: agent}]
  no_input: {voice: [{goto: agent}], chat: [{after: 24h, end: done}]}
- id: agent
  call: talk-to-agent
- end: done
---
flow: talk-to-agent
goal: {zh: 找客服, en: an agent}
start: {menu: "8", label: {zh: 人工, en: Agent}}
steps:
- id: queue
  handoff: {}
  say: {zh: 请等, en: Please wait}
  outcomes:
    handled: {say: {zh: 办完了, en: Handled}, end: handled}
    unavailable: {say: {zh: 没人, en: Nobody came}, end: unavailable}
---
flow: errand
goal: {zh: 办事, en: the errand}
start: {topics: [errand], menu: "1", label: {zh: 办事, en: Errand}}
slots: {colour: {type: text, max: 100}}
steps:
- ask: colour
  say: {zh: 颜色, en: Which colour}
  no_match: [{end: lost}]
  no_input: {voice: [{end: lost}], chat: [{after: 20m, say: {zh: 在吗, en: Still there}}, {after: 1h, end: lost}]}
- id: agent
  handoff: {verifies: identity, priority: urgent}
  say: {zh: 转人工, en: An agent comes}
  outcomes:
    verified: {say: {zh: 好, en: Verified}, end: good}
    failed: {say: {zh: 坏, en: Not verified}, end: bad}
    inconclusive: {end: unclear}
    refused: {end: refused}
    unavailable: {say: {zh: 没人, en: Nobody came}, end: unavailable}
`

// words is a reader that takes any word for the answer, "errand" for the topic, and
// "unsure" for what may be the topic.
type words struct{}

func (words) Read(text string, q supportbot.Question) supportbot.Reading {
	r := supportbot.Reading{Language: supportbot.English}
	switch {
	case text == "panic":
		panic("a reader that fails")
	case text == "unsure":
		r.Commands = []supportbot.Command{{Kind: supportbot.CmdClarify, Topics: []string{"errand"}}}
	case text == "errand":
		r.Commands = []supportbot.Command{{Kind: supportbot.CmdStart, Topic: "errand"}}
	case q.Slot.Name != "":
		r.Commands = []supportbot.Command{{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: text}}
	}
	return r
}

// bot is a path over a database, which can be opened again.
type bot struct {
	*testing.T
	dir   string
	store *store.Store
	*turn.Path
}

func newBot(t *testing.T) *bot {
	b := &bot{T: t, dir: t.TempDir()}
	b.restart()
	t.Cleanup(func() { b.store.Close() })
	return b
}

// restart opens the database anew, as another process would.
func (b *bot) restart() {
	b.Helper()
	if b.store != nil {
		b.store.Close()
	}
	content := contentOf(b.T)
	var err error
	if b.store, err = store.Open(b.Context(), b.dir, seal.Place{File: filepath.Join(b.dir, "supportbot.key"), Make: true}); err != nil {
		b.Fatal(err)
	}
	b.Path = turn.New(b.store, []byte("key"), content, slog.New(slog.DiscardHandler))
}

var merchant = supportbot.Address{Channel: supportbot.REST, Peer: "m"}

func (b *bot) send(id, text string) (supportbot.Outcome, error) {
	return b.Handle(b.Context(), supportbot.Inbound{Address: merchant, ID: id, Kind: supportbot.InText, Text: text}, []byte(text))
}

// says sends a message and returns what the bot answered.
func (b *bot) says(id, text string) string {
	b.Helper()
	out, err := b.send(id, text)
	if err != nil {
		b.Fatalf("send %s: %v", id, err)
	}
	var said []string
	for _, m := range out.Replies {
		said = append(said, m.Text)
	}
	return strings.Join(said, " | ")
}

// transcript is the whole conversation, one line a message.
func (b *bot) transcript() string {
	b.Helper()
	messages, err := b.Messages(b.Context(), merchant, 0, 100)
	if err != nil {
		b.Fatal(err)
	}
	var lines []string
	for i, m := range messages {
		if m.Seq != int64(i+1) {
			b.Errorf("message %d has number %d", i+1, m.Seq)
		}
		lines = append(lines, fmt.Sprintf("%s: %s", m.From, m.Text))
	}
	return strings.Join(lines, "\n")
}

func (b *bot) act(kind supportbot.ActKind, fence int64, change func(*supportbot.AgentAct)) supportbot.AgentResult {
	b.Helper()
	act := supportbot.AgentAct{Case: "1-1", Kind: kind, Agent: "Lin", Fence: fence}
	if change != nil {
		change(&act)
	}
	result, err := b.Act(b.Context(), act)
	if err != nil {
		b.Fatalf("%s: %v", kind, err)
	}
	return result
}

func (b *bot) is(got, want string) {
	b.Helper()
	if got != want {
		b.Errorf("got %q\nwant %q", got, want)
	}
}

func TestAConversationGoesOnAfterARestart(t *testing.T) {
	b := newBot(t)
	b.is(b.says("1", "errand"), "Which colour")
	b.restart()
	b.is(b.says("2", "red"), "An agent comes")
	b.restart()
	if r := b.act(supportbot.ActClaim, 0, nil); r.Fence != 2 {
		t.Fatalf("claimed with %+v", r)
	}
	b.act(supportbot.ActMessage, 2, func(a *supportbot.AgentAct) { a.Text = "Hello" })
	b.is(b.says("3", "yes, that is me"), "")
	b.restart()
	b.act(supportbot.ActOutcome, 2, func(a *supportbot.AgentAct) { a.Verdict = supportbot.Verified })
	b.is(b.transcript(), `user: errand
bot: Which colour
user: red
bot: An agent comes
bot: Lin from our team has joined. Please go ahead, I will be quiet now.
agent: Hello
user: yes, that is me
bot: Verified`)
}

func TestARepeatGetsTheSameAnswerAndDoesNothing(t *testing.T) {
	b := newBot(t)
	first, err := b.send("1", "errand")
	if err != nil {
		t.Fatal(err)
	}
	before := b.transcript()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			again, err := b.send("1", "errand")
			if err != nil || fmt.Sprint(again) != fmt.Sprint(first) {
				t.Errorf("again: %v, %v", again, err)
			}
		})
	}
	wait.Wait()
	b.is(b.transcript(), before)
	if _, err := b.send("1", "something else"); !errors.Is(err, supportbot.ErrConflict) {
		t.Errorf("the same id with another body: %v", err)
	}
}

// What is masked depends on the open question, which the first time may have
// changed; a repeat is a repeat all the same.
func TestARepeatIsKnownThoughTheQuestionHasChanged(t *testing.T) {
	for _, text := range []string{"385621", "371449635398431", "4111 1111 1111 1111"} {
		b := newBot(t)
		first, err := b.send("1", text) // nothing is open yet
		if err != nil {
			t.Fatal(err)
		}
		again, err := b.send("1", text) // now the menu is
		if err != nil || fmt.Sprint(again) != fmt.Sprint(first) {
			t.Errorf("%s again: %v, %v", text, again, err)
		}
	}
}

func TestManyAtOnceStayInOrder(t *testing.T) {
	b := newBot(t)
	b.says("start", "errand")
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			if _, err := b.send(fmt.Sprint(i), fmt.Sprint("colour ", i)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := strings.Count(b.transcript(), "An agent comes"); n != 1 {
		t.Errorf("%d agents were called", n)
	}
}

func TestOneOfManyAgentsWinsTheClaim(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	var mu sync.Mutex
	var won []string
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			act := supportbot.AgentAct{Case: "1-1", Kind: supportbot.ActClaim, Agent: fmt.Sprint("agent", i)}
			r, err := b.Act(t.Context(), act)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if !r.Refused {
				won = append(won, act.Agent)
			} else if r.Owner == "" {
				t.Error("a loser is not told who won")
			}
		})
	}
	wait.Wait()
	if len(won) != 1 {
		t.Errorf("won: %v", won)
	}
}

func TestActsAreFenced(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	before := b.transcript()
	for name, r := range map[string]supportbot.AgentResult{
		"stale fence": b.act(supportbot.ActMessage, 1, func(a *supportbot.AgentAct) { a.Text = "x" }),
		"not owner":   b.act(supportbot.ActOutcome, 2, func(a *supportbot.AgentAct) { a.Agent, a.Verdict = "Eve", supportbot.Verified }),
	} {
		if !r.Refused || r.Owner != "Lin" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	b.is(b.transcript(), before)
	say := func(a *supportbot.AgentAct) { a.ID, a.Text = "m1", "Hello" }
	b.act(supportbot.ActMessage, 2, say)
	b.act(supportbot.ActMessage, 2, say) // the agent's client was unsure and sent it again
	if n := strings.Count(b.transcript(), "agent: Hello"); n != 1 {
		t.Errorf("the message stands there %d times", n)
	}
}

func TestTimersFire(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	now := time.Now()
	sweep := func(after time.Duration) {
		t.Helper()
		if err := b.Sweep(t.Context(), now.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	sweep(19 * time.Minute)
	b.is(b.transcript(), "user: errand\nbot: Which colour")
	b.restart()
	sweep(21 * time.Minute)
	sweep(21 * time.Minute)
	b.is(b.transcript(), "user: errand\nbot: Which colour\nbot: Still there")
	b.is(b.says("2", "red"), "An agent comes")
	sweep(3 * time.Hour) // the question is answered: nothing is left of its timer
	b.act(supportbot.ActClaim, 0, nil)
	sweep(turn.LeaseLimit + time.Second) // the agent is not heard of
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.State != supportbot.CaseGrace || c.Owner != "Lin" || c.Fence != 2 {
		t.Errorf("case %+v, %v", c, err)
	}
	b.restart()
	sweep(turn.LeaseLimit + 2*time.Minute) // and does not come back
	if !strings.HasSuffix(b.transcript(), "You keep your place in the queue and another agent will go on.") {
		t.Errorf("the lease did not end:\n%s", b.transcript())
	}
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.State != supportbot.CaseWaiting || c.Fence != 3 {
		t.Errorf("case %+v, %v", c, err)
	}
	sweep(turn.WaitLimit + time.Minute)
	if !strings.HasSuffix(b.transcript(), "bot: Nobody came") {
		t.Errorf("nobody gave up:\n%s", b.transcript())
	}
}

func TestAHeartbeatKeepsTheLease(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	later := time.Now().Add(turn.LeaseLimit)
	if err := b.store.RenewLeases(t.Context(), "Lin", later.Add(turn.LeaseLimit)); err != nil {
		t.Fatal(err)
	}
	b.says("3", "hello?") // what the person does leaves the lease as it is
	if err := b.Sweep(t.Context(), later.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.Owner != "Lin" {
		t.Errorf("case %+v, %v", c, err)
	}
}

// faulty fails at the commit of turns, like a disk that fills up between two
// writes.
type faulty struct {
	turn.Store
	broken bool
}

func (f *faulty) Commit(ctx context.Context, c supportbot.Commit) error {
	if f.broken {
		return errors.New("no space left on device")
	}
	return f.Store.Commit(ctx, c)
}

func (f *faulty) Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (turn.Receipt, error) {
	if f.broken {
		return turn.Receipt{}, errors.New("no space left on device")
	}
	return f.Store.Take(ctx, in, digest, c)
}

func TestAFailedCommitAcknowledgesNothingAndIsMadeUpFor(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	disk := &faulty{Store: b.store, broken: true}
	content := contentOf(t)
	b.Path = turn.New(disk, []byte("key"), content, slog.New(slog.DiscardHandler))
	if _, err := b.send("2", "red"); err == nil {
		t.Fatal("a turn was acknowledged that was not kept")
	}
	b.is(b.transcript(), "user: errand\nbot: Which colour")
	disk.broken = false
	b.is(b.says("2", "red"), "An agent comes") // the client tries again
	disk.broken = true
	if _, err := b.send("3", "are you there"); err == nil {
		t.Fatal("acknowledged")
	}
	disk.broken = false
	if err := b.Sweep(t.Context(), time.Now()); err != nil { // the client does not
		t.Fatal(err)
	}
	if n := strings.Count(b.transcript(), "are you there"); n != 1 {
		t.Errorf("the message stands there %d times", n)
	}
}

func contentOf(t *testing.T) turn.Content { return contentFrom(t, flows) }

func contentFrom(t *testing.T, flows string) turn.Content {
	t.Helper()
	book, err := dialog.Load(fstest.MapFS{"flows/all.yaml": {Data: []byte(flows)}}, dialog.Guide{Topics: map[string]supportbot.Text{"errand": {Written: map[supportbot.Language]string{"zh": "办事", "en": "Errand"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return turn.Content{Book: book, Reader: words{}}
}

func TestAMistakeOfOursDoesNotStopAConversation(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	if got := b.says("2", "panic"); !strings.Contains(got, "What do you need") {
		t.Errorf("said %q", got)
	}
	if !strings.Contains(b.transcript(), "user: panic") {
		t.Error("what was said is lost")
	}
	b.is(b.says("3", "errand"), "Which colour")
	b.says("4", "red")
	b.says("5", "hello")
	b.act(supportbot.ActClaim, 0, nil)
	b.is(b.says("6", "panic"), "Hello. I am an automatic assistant, not a person. Ask me about binding a card, payments or passwords on your terminal. I bring in a human agent when you need one. | What do you need")
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.State.Live() {
		t.Errorf("case %+v, %v", c, err)
	}
}

func TestSecretsAreNowhereInTheData(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "my card is 6222021234567890128 and my pin is 739164")
	b.act(supportbot.ActClaim, 0, nil)
	b.act(supportbot.ActNote, 2, func(a *supportbot.AgentAct) { a.Text = "so 6222021234567890128 is theirs" })
	b.act(supportbot.ActOutcome, 2, func(a *supportbot.AgentAct) { a.Verdict, a.Note = supportbot.Failed, "card 6222 0212 3456 7890 128" })
	b.says("3", "4111 1111 1111 1111")
	log, err := b.store.Log(t.Context(), 1) // the files themselves are sealed
	if err != nil || len(log.Rows) == 0 {
		t.Fatal("no log", err)
	}
	opened, err := json.Marshal(log)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"log": opened, "session": log.Thread.Session, "case": log.Case} {
		if len(data) == 0 {
			t.Errorf("there is no %s", name)
		}
		for _, secret := range []string{"6222021234567890128", "622202", "739164", "6222 0212", "4111 1111"} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s stands in the %s", secret, name)
			}
		}
	}
}

func TestWhatMaskingMakesTooLongIsRefused(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	long := strings.Repeat("cvv 123 ", 500) // 4,000 characters, and 5,000 once masked
	for _, act := range []supportbot.AgentAct{
		{Kind: supportbot.ActMessage, Text: long},
		{Kind: supportbot.ActOutcome, Verdict: supportbot.Verified, Note: long},
	} {
		act.Case, act.Agent, act.Fence = "1-1", "Lin", 2
		if _, err := b.Act(t.Context(), act); !errors.Is(err, supportbot.ErrInvalid) {
			t.Errorf("%s: %v", act.Kind, err)
		}
	}
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.State != supportbot.CaseActive {
		t.Errorf("case %+v, %v", c, err)
	}
}

func TestNoCaseIdIsUsedTwice(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	b.says("3", "panic") // the conversation begins anew
	b.says("4", "errand")
	b.says("5", "red")
	c, err := b.Case(t.Context(), "1-2")
	if err != nil || c.State != supportbot.CaseWaiting {
		t.Errorf("case %+v, %v", c, err)
	}
	if r := b.act(supportbot.ActOutcome, 2, func(a *supportbot.AgentAct) { a.Verdict = supportbot.Verified }); !r.Refused {
		t.Error("a late verdict on the first case was taken")
	}
}

func TestAVerdictMayLeadToAnotherAgent(t *testing.T) {
	b := newBot(t)
	second := strings.Replace(flows, "inconclusive: {end: unclear}", "inconclusive: {goto: second}", 1) + `- id: second
  handoff: {priority: urgent}
  say: {zh: 换一位, en: Another agent comes}
  outcomes: {handled: {end: handled}, unavailable: {end: unavailable}}
`
	b.Path = turn.New(b.store, []byte("key"), contentFrom(t, second), slog.New(slog.DiscardHandler))
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	b.act(supportbot.ActOutcome, 2, func(a *supportbot.AgentAct) { a.Verdict = supportbot.Inconclusive })
	for id, want := range map[string]supportbot.CaseState{"1-1": supportbot.CaseDone, "1-2": supportbot.CaseWaiting} {
		if c, err := b.Case(t.Context(), id); err != nil || c.State != want {
			t.Errorf("case %s: %+v, %v", id, c, err)
		}
	}
	b.says("3", "still there") // the conversation is not stuck
}

func TestWhatStandsForASecretIsNoAnswer(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	if got := b.says("2", "4111111111111111"); strings.Contains(got, "An agent comes") {
		t.Errorf("the placeholder was taken for the colour: %q", got)
	}
}

func TestIdsMayNotBeSecrets(t *testing.T) {
	b := newBot(t)
	for _, in := range []supportbot.Inbound{
		{Address: merchant, ID: "4111111111111111"},
		{Address: supportbot.Address{Channel: supportbot.REST, Peer: "6222021234567890128"}, ID: "1"},
	} {
		in.Kind, in.Text = supportbot.InText, "errand"
		if _, err := b.Handle(t.Context(), in, nil); !errors.Is(err, supportbot.ErrInvalid) {
			t.Errorf("%+v: %v", in, err)
		}
	}
	if _, err := b.send("1700000000001", "errand"); err != nil {
		t.Errorf("a time as an id: %v", err)
	}
	number := supportbot.Address{Channel: supportbot.SMS, Peer: "+4508170886111"} // passes for a card
	if _, err := b.Handle(t.Context(), supportbot.Inbound{Address: number, ID: "1", Kind: supportbot.InText, Text: "errand"}, nil); err != nil {
		t.Errorf("a telephone number of which the provider says that it writes: %v", err)
	}
}

func TestWatchersHearOfChanges(t *testing.T) {
	b := newBot(t)
	changed, stop := b.Watch(merchant)
	defer stop()
	cases, stopCases := b.WatchCases()
	defer stopCases()
	b.says("1", "errand")
	select {
	case <-changed:
	default:
		t.Error("the person's channel heard nothing")
	}
	select {
	case <-cases:
		t.Error("the console heard of a conversation without a case")
	default:
	}
	b.says("2", "red")
	select {
	case <-cases:
	default:
		t.Error("the console heard nothing of the new case")
	}
}
