package replay_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/replay"
	"supportbot/internal/seal"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

// flows are an errand that asks for a colour, then for an agent.
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
  say: {zh: 请告诉我，您要哪一种颜色的机器？, en: Which colour do you need}
  no_match: [{end: lost}]
  no_input: {voice: [{end: lost}], chat: [{after: 20m, say: {zh: 您还在吗, en: Still there}}, {after: 1h, end: lost}]}
- id: tell
  say: {zh: 好的, en: All right}
- id: agent
  handoff: {verifies: identity, priority: urgent}
  say: {zh: 转人工, en: An agent comes}
  outcomes:
    verified: {say: {zh: 核实好了, en: Verified}, end: good}
    failed: {say: {zh: 没核实, en: Not verified}, end: bad}
    inconclusive: {end: unclear}
    refused: {end: refused}
    unavailable: {say: {zh: 没人, en: Nobody came}, end: unavailable}
`

// words is a reader that takes any word for the answer, and "errand" for the
// topic.
type words struct{}

func (words) Read(text string, q supportbot.Question) supportbot.Reading {
	r := supportbot.Reading{Language: supportbot.Chinese}
	switch {
	case text == "errand":
		r.Commands = []supportbot.Command{{Kind: supportbot.CmdStart, Topic: "errand"}}
	case q.Slot.Name != "":
		r.Commands = []supportbot.Command{{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: text}}
	}
	return r
}

// contentWith is the flows with one text replaced by another.
func contentWith(t *testing.T, old, now string) turn.Content {
	t.Helper()
	if strings.Count(flows, old) != 1 {
		t.Fatalf("%q stands %d times in the flows", old, strings.Count(flows, old))
	}
	files := fstest.MapFS{"flows/test.yaml": {Data: []byte(strings.Replace(flows, old, now, 1))}}
	book, err := dialog.Load(files, dialog.Guide{
		Topics: map[string]supportbot.Text{"errand": {Written: map[supportbot.Language]string{supportbot.Chinese: "办事", supportbot.English: "Errand"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return turn.Content{Book: book, Reader: words{}}
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// played is a conversation on the flows: words of the person, "@ACT" of the
// agent Lin, and times to wait.
func played(t *testing.T, s turn.Store, content turn.Content, what ...string) replay.Log {
	t.Helper()
	path := turn.New(s, []byte("key"), content, slog.New(slog.DiscardHandler))
	at := supportbot.Address{Channel: supportbot.Web, Peer: "mei"}
	now := time.Now()
	for i, one := range what {
		var err error
		kind, isAct := strings.CutPrefix(one, "@")
		wait, notTime := time.ParseDuration(one)
		switch {
		case isAct:
			var c supportbot.Case
			if c, err = path.Case(t.Context(), "1-1"); err != nil {
				break
			}
			kind, verdict, _ := strings.Cut(kind, " ")
			_, err = path.Act(t.Context(), supportbot.AgentAct{
				Case: c.ID, Kind: supportbot.ActKind(kind), Agent: "Lin", Fence: c.Fence, Verdict: supportbot.Verdict(verdict),
			})
		case notTime == nil:
			now = now.Add(wait)
			err = path.Sweep(t.Context(), now.UTC())
		default:
			_, err = path.Handle(t.Context(), supportbot.Inbound{Address: at, ID: fmt.Sprint(i), Kind: supportbot.InText, Text: one}, []byte(one))
		}
		if err != nil {
			t.Fatalf("%s: %v", one, err)
		}
	}
	l, err := logs(s).Log(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// logs is the store behind what a test has put before it.
func logs(s turn.Store) *store.Store {
	if b, ok := s.(*beating); ok {
		return b.Store
	}
	return s.(*store.Store)
}

// only knows one version.
func only(content turn.Content) replay.Versions {
	return func(version string) (turn.Content, error) {
		if version != content.Book.Version {
			return turn.Content{}, fmt.Errorf("no content version %q", version)
		}
		return content, nil
	}
}

// TestOneSentenceChanged: the report shows exactly that.
func TestOneSentenceChanged(t *testing.T) {
	const sentence, other = "您要哪一种颜色的机器？", "您要什么颜色？"
	content := contentWith(t, sentence, sentence)
	l := played(t, openStore(t), content, "errand", "红", "@claim", "@outcome verified")
	c, err := replay.Compare(l, contentWith(t, sentence, other))
	if err != nil {
		t.Fatal(err)
	}
	want := replay.Turn{
		Seq: 1, Person: "errand",
		Before: replay.Said{Text: "请告诉我，" + sentence, At: "errand/colour"},
		Now:    replay.Said{Text: "请告诉我，" + other, At: "errand/colour"},
	}
	if c.First != 0 || c.Flow != "errand" || len(c.Lost)+len(c.New) > 0 {
		t.Fatalf("%+v", c)
	}
	if diff := cmp.Diff(want, c.Turns[0]); diff != "" {
		t.Errorf("first difference (-want +got):\n%s", diff)
	}
	for _, one := range c.Turns[1:] {
		if one.Before != one.Now {
			t.Errorf("turn %d differs as well: %+v", one.Seq, one)
		}
	}
	var summary replay.Summary
	summary.Add(c)
	summary.Done()
	if summary.Turns != 4 || summary.Different != 1 || len(summary.Steps) > 0 || !slices.Contains(summary.Flows, replay.FlowSummary{Flow: "errand", Conversations: 1, Different: 1}) {
		t.Errorf("summary %+v", summary)
	}
}

func TestACaseThatIsNotOpenedAnyMore(t *testing.T) {
	content := contentWith(t, "- id: tell", "- id: tell")
	l := played(t, openStore(t), content, "errand", "红", "@claim", "@outcome verified")
	c, err := replay.Compare(l, contentWith(t, "  say: {zh: 好的, en: All right}", "  say: {zh: 好的, en: All right}\n- if: [{slot: colour, is: 红, end: sold-out}]\n  else: {goto: agent}"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []replay.Case{{Turn: 2, Reason: "errand", Priority: supportbot.Urgent}}; !slices.Equal(c.Lost, want) || len(c.New) > 0 {
		t.Errorf("lost %v, new %v; want %v and none", c.Lost, c.New, want)
	}
	if c.Turns[3].Now.Text != "" {
		t.Errorf("a verdict on no case is answered: %+v", c.Turns[3])
	}
	var summary replay.Summary
	summary.Add(c)
	summary.Done()
	if want := []replay.StepSummary{{"errand/agent", 1}, {"pattern-joined/1", 1}, {"pattern-joined/done", 1}}; summary.Lost != 1 || !slices.Equal(summary.Steps, want) {
		t.Errorf("summary %+v, want the lost steps %v", summary, want)
	}
}

// TestTimersAreAsTheyWere: who was silent then is silent now, though the new
// content would have waited longer.
func TestTimersAreAsTheyWere(t *testing.T) {
	content := contentWith(t, "after: 20m", "after: 20m")
	l := played(t, openStore(t), content, "errand", "21m", "红")
	if err := replay.Verify(l, only(content)); err != nil {
		t.Fatal(err)
	}
	c, err := replay.Compare(l, contentWith(t, "after: 20m", "after: 40m"))
	if err != nil || !c.Same() {
		t.Errorf("%v, %+v", err, c)
	}
}

// beating is a store in which a heartbeat comes between the look at the due
// timers and the turn that one of them brings.
type beating struct{ *store.Store }

func (s *beating) Due(ctx context.Context, now time.Time, limit int) ([]turn.Due, error) {
	due, err := s.Store.Due(ctx, now, limit)
	if err != nil {
		return nil, err
	}
	return due, s.RenewLeases(ctx, "Lin", now.Add(turn.LeaseLimit))
}

// A heartbeat is not in the log, and yet it decides whether a lease has ended.
func TestALeaseThatWasRenewedInTime(t *testing.T) {
	content := contentWith(t, "- id: tell", "- id: tell")
	l := played(t, &beating{openStore(t)}, content, "errand", "红", "@claim", "2m", "@outcome verified")
	if len(l.Rows) != 5 {
		t.Fatalf("%d turns; the lease was to be found due", len(l.Rows))
	}
	if err := replay.Verify(l, only(content)); err != nil {
		t.Error(err)
	}
	if c, err := replay.Compare(l, content); err != nil || !c.Same() {
		t.Errorf("%v, %+v", err, c)
	}
}

func TestAFaultNamesTurnAndPlace(t *testing.T) {
	content := contentWith(t, "- id: tell", "- id: tell")
	whole := played(t, openStore(t), content, "errand", "红", "谢谢")
	for _, c := range []struct {
		name   string
		damage func(l *replay.Log)
		want   string
	}{
		{"a message", func(l *replay.Log) { l.Messages[1].Text = "请告诉我，您要哪一种颜色的机子？" }, `turn 1: message 2 differs: logged …`},
		{"what the person said", func(l *replay.Log) {
			l.Rows[1].Inbound = []byte(strings.Replace(string(l.Rows[1].Inbound), "红", "黄", 1))
		}, "turn 2: message 3"},
		{"a log entry", func(l *replay.Log) { l.Events[2].Payload = []byte(`["errand/color"]`) }, "turn 1: log entry 3"},
		{"an entry too many", func(l *replay.Log) { l.Events = append(l.Events, l.Events[1]) }, "turn 3: log entry"},
		{"a turn that is gone", func(l *replay.Log) { l.Rows = l.Rows[:2] }, "log differs"},
		{"the session", func(l *replay.Log) { l.Thread.Session = []byte(`{}`) }, "after the last turn: session"},
		{"the case", func(l *replay.Log) { l.Case = nil }, "after the last turn: case"},
		{"a timer", func(l *replay.Log) { l.Thread.Timers = nil }, "after the last turn: timers"},
		{"an older log", func(l *replay.Log) { l.Events = l.Events[1:] }, "turn 1: log"},
		{"broken JSON", func(l *replay.Log) { l.Rows[2].Inbound = []byte(`{`) }, "turn 3: the inbox row is damaged"},
	} {
		l := whole
		l.Rows, l.Events, l.Messages = slices.Clone(l.Rows), slices.Clone(l.Events), slices.Clone(l.Messages)
		c.damage(&l)
		if err := replay.Verify(l, only(content)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	err := replay.Verify(whole, only(contentWith(t, "All right", "Good")))
	if err == nil || !strings.Contains(err.Error(), "turn 1: no content version") {
		t.Errorf("without its content: %v", err)
	}
}

func TestExcerptsShowTheDifference(t *testing.T) {
	same := strings.Repeat("同样的话，", 30)
	turn := replay.Turn{Before: replay.Said{Text: same + "旧\n的一句"}, Now: replay.Said{Text: same + "新\n的一句"}}
	before, now := turn.Excerpts()
	if want := "…" + "，同样的话，同样的话，同样的话，"; before != want+"旧⏎的一句" || now != want+"新⏎的一句" {
		t.Errorf("%s\n%s", before, now)
	}
	turn.Now.Text = ""
	if _, now := turn.Excerpts(); now != "(nothing)" {
		t.Errorf("silence: %s", now)
	}
}
