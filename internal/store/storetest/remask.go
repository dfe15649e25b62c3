package storetest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/internal/turn"
)

// testLately asks for what a person said: handled or not, not what agents did,
// not more than is asked for.
func testLately(t *testing.T, s Store) {
	id := play(t, s, "mei", func(*supportbot.Commit) {})
	play(t, s, "other", func(*supportbot.Commit) {})
	act := says("mei", "act", "")
	act.Kind, act.Agent = supportbot.InAgent, &supportbot.AgentAct{Kind: supportbot.ActClaim}
	accept(t, s, act)
	for range 25 {
		accept(t, s, says("mei", time.Now().String(), "again"))
	}
	rows, err := s.Lately(t.Context(), id, time.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 20 || rows[0].Seq != 8 || rows[19].Seq != 27 || rows[19].Inbound.Text != "again" {
		t.Errorf("got %d rows, from %+v", len(rows), rows)
	}
	if rows, err := s.Lately(t.Context(), id, time.Now().Add(time.Minute)); err != nil || len(rows) > 0 {
		t.Errorf("of the future: %v, %v", rows, err)
	}
}

// testRemask takes a part of a card number out of a conversation, after it went
// into all that is kept, and of one that still waits.
func testRemask(t *testing.T, s Store) {
	const part = "6228 4804"
	r := accept(t, s, says("mei", "1", "卡是"+part))
	other := accept(t, s, says("other", "1", part))
	c := answer(t, s, r.Thread)
	c.Session = json.RawMessage(`{"b": 62284804, "a":"62284804","said":"<卡是6228 4804>", "id":"62284804-1"}`)
	c.Events = []supportbot.LogEvent{{Type: "said", Payload: json.RawMessage(`{"v":"6228 4804"}`)}, {Type: "answered"}}
	c.Case = &supportbot.Case{ID: "1-1", Thread: r.Thread, State: supportbot.CaseWaiting, Reason: "the card is 62284804", QueuedAt: noon}
	c.Missed = &supportbot.Missed{ID: supportbot.MissedID{Thread: r.Thread, Row: r.Seq}, Text: "卡是" + part, At: noon}
	commit(t, s, c)
	accept(t, s, says("mei", "2", part))
	before := answer(t, s, r.Thread)

	err := s.Remask(t.Context(), r.Thread, []turn.Remask{
		{Seq: 1, Was: "卡是" + part, Now: "卡是[card]"},
		{Seq: 2, Was: part, Now: "[card]"},
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Log(t.Context(), r.Thread)
	if err != nil {
		t.Fatal(err)
	}
	all, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(all), part) {
		t.Errorf("the part is still in %s", all)
	}
	// What is a number, or an id, is not what was said.
	if got, want := string(l.Thread.Session), `{"b": 62284804, "a":"[card]","said":"\u003c卡是[card]\u003e", "id":"62284804-1"}`; got != want {
		t.Errorf("session %s\nwant %s", got, want)
	}
	var texts []string
	for _, m := range l.Messages {
		texts = append(texts, m.Text)
	}
	if diff := cmp.Diff([]string{"卡是[card]", "answer to 卡是[card]"}, texts); diff != "" {
		t.Errorf("transcript (-want +got):\n%s", diff)
	}
	if l.Thread.Case.Reason != "the card is [card]" {
		t.Errorf("case: %s", l.Thread.Case.Reason)
	}
	if missed := missedOf(t, s); len(missed) != 1 || missed[0].Text != "卡是[card]" {
		t.Errorf("what was not understood: %+v", missed)
	}
	if err := s.Commit(t.Context(), before); !errors.Is(err, supportbot.ErrFenced) {
		t.Errorf("a turn that knows the old words: %v, want ErrFenced", err)
	}
	_, next, err := s.Next(t.Context(), r.Thread)
	if err != nil || next.Inbound.Text != "[card]" || !next.Inbound.Remasked {
		t.Errorf("what waits: %+v, %v", next, err)
	}
	if _, next, err = s.Next(t.Context(), other.Thread); err != nil || next.Inbound.Text != part {
		t.Errorf("another conversation: %+v, %v", next, err)
	}
}
