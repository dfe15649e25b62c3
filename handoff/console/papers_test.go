package console_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
)

// Papers, in memory.

func (m *memory) AddNote(_ context.Context, id string, n supportbot.Note) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at(id) < 0 {
		return supportbot.ErrNotFound
	}
	if !slices.ContainsFunc(m.notes[id], func(old supportbot.Note) bool { return old.ID == n.ID }) {
		n.At = time.Now()
		m.notes[id] = append(m.notes[id], n)
	}
	return m.down
}

func (m *memory) Notes(_ context.Context, id string) ([]supportbot.Note, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.notes[id]), m.down
}

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

const card = "6217998800001234567"

// masked stands for the real mask, which the tests of the whole program use.
func masked(text string) string { return strings.ReplaceAll(text, card, "[card]") }

func TestNotesAreForColleagues(t *testing.T) {
	d := newDesk(t)
	d.post(t, "li", "/17-1/notes", `{"text":" 店里网络不好 ","id":"1"}`, 200)
	d.post(t, "li", "/17-1/notes", `{"text":"a repeat","id":"1"}`, 200)
	d.post(t, "wang", "/17-1/notes", `{"text":"他的卡是`+card+`"}`, 200)
	d.post(t, "li", "/17-1/notes", `{"text":" "}`, 400)
	d.post(t, "li", "/17-1/notes", `{"text":"`+strings.Repeat("长", 4001)+`"}`, 400)
	d.post(t, "li", "/99-1/notes", `{"text":"x"}`, 404)
	notes := d.notes["17-1"]
	if len(notes) != 2 || notes[0].Text != "店里网络不好" || notes[0].Author != "li" || notes[1].Author != "wang" || strings.Contains(notes[1].Text, card) {
		t.Errorf("the notes are %+v", notes)
	}
	if n := len(d.said["17-1"]); n != 2 {
		t.Errorf("the merchant's conversation has %d messages, want the 2 of before", n)
	}
}

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
