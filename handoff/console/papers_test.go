package console_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"supportbot"
	"supportbot/channels"
)

// Papers, in memory.

func (m *memory) Draft(_ context.Context, id, agent string) (supportbot.Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.drafts[[2]string{id, agent}], m.down
}

func (m *memory) SetDraft(_ context.Context, id, agent string, d supportbot.Draft) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down == nil {
		m.drafts[[2]string{id, agent}] = d
	}
	return m.down
}

func (m *memory) Sit(_ context.Context, id, agent string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.ContainsFunc(m.seats[id], func(s supportbot.Seat) bool { return s.Agent == agent }) {
		m.seats[id] = append(m.seats[id], supportbot.Seat{Agent: agent})
	}
	return m.down
}

func (m *memory) Seats(_ context.Context, id string) ([]supportbot.Seat, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.seats[id]), m.down
}

func (m *memory) Receipts(context.Context, supportbot.ThreadID) ([]channels.Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.receipts, m.down
}

const card = "6217998800001234567"

// masked stands for the real mask, which the tests of the whole program use.
func masked(text string) string { return strings.ReplaceAll(text, card, "[card]") }

func TestADraftIsKeptUntilItIsSent(t *testing.T) {
	d := newDesk(t)
	d.post(t, "li", "/17-1/claim", "", 200)
	d.put(t, "li", "/17-1/draft", `{"text":"您的卡`+card+`","note":"再打一次"}`, 200)
	kept := d.drafts[[2]string{"17-1", "li"}]
	if strings.Contains(kept.Text, card) || kept.Note != "再打一次" {
		t.Errorf("kept is %+v", kept)
	}
	d.put(t, "li", "/17-1/draft", `{"text":"`+strings.Repeat("长", 4001)+`"}`, 400)
	d.post(t, "li", "/17-1/messages", `{"fence":2,"text":"您好"}`, 200)
	if left := d.drafts[[2]string{"17-1", "li"}]; left != (supportbot.Draft{Note: "再打一次"}) {
		t.Errorf("left is %+v", left)
	}
}

func (d *desk) post(t *testing.T, agent, path, body string, want int) {
	t.Helper()
	d.wants(t, agent, "POST", path, body, want)
}

func (d *desk) put(t *testing.T, agent, path, body string, want int) {
	t.Helper()
	d.wants(t, agent, "PUT", path, body, want)
}

func (d *desk) wants(t *testing.T, agent, method, path, body string, want int) {
	t.Helper()
	if status, answer := d.call(t, agent, method, "/api/cases"+path, body); status != want {
		t.Errorf("%s %s %.80s: %d %v, want %d", method, path, body, status, answer, want)
	}
}

// TestWhatBecameOfAMessageIsShown to who reads the case.
func TestWhatBecameOfAMessageIsShown(t *testing.T) {
	d := newDesk(t)
	d.receipts = []channels.Receipt{{Message: 3, Stage: channels.Failed, Code: 30005}, {Message: 2, Stage: channels.Delivered}}
	_, shown := d.call(t, "li", "GET", "/api/cases/17-1", "")
	if got, want := fmt.Sprint(shown["receipts"]), "[map[code:30005 seq:3 stage:failed] map[seq:2 stage:delivered]]"; got != want {
		t.Errorf("receipts are %s, want %s", got, want)
	}
}
