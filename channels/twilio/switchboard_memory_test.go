package twilio

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"supportbot"
	"supportbot/handoff"
)

// lineBook keeps lines of one case in memory.
type lineBook struct {
	mu    sync.Mutex
	c     supportbot.Case
	at    supportbot.Address
	lines []handoff.Line
	acts  []supportbot.AgentAct
}

const (
	deskCall   = "CA00000000000000000000000000000de5"
	backCall   = "CA0000000000000000000000000000bac0"
	agentPhone = "+8613900139000"
)

func newLineBook() *lineBook {
	return &lineBook{
		at: supportbot.Address{Channel: supportbot.Voice, Peer: strings.Map(lettered, sid)},
		c: supportbot.Case{
			ID: "17-1", State: supportbot.CaseActive, Owner: "Lin", Fence: 2, Channel: supportbot.Voice, Language: supportbot.Chinese,
			Packet: supportbot.Packet{Goal: "重设密码", Slots: []supportbot.PacketSlot{
				{Name: "way", Title: "方式", Label: "手机银行", Value: "app"}, {Name: "merchant", Title: "商户号", Label: "898110012345678", Value: "898110012345678"},
			}},
		},
	}
}

func (b *lineBook) AddLine(_ context.Context, l handoff.Line) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l.Version = 1
	b.lines = append(b.lines, l)
	return true, nil
}

func (b *lineBook) PutLine(_ context.Context, l handoff.Line) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, before := range b.lines {
		if before.LineID == l.LineID && before.Version == l.Version {
			l.Version++
			b.lines[i] = l
			return nil
		}
	}
	return supportbot.ErrFenced
}

func (b *lineBook) Line(_ context.Context, id handoff.LineID) (handoff.Line, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lines {
		if l.LineID == id {
			return l, nil
		}
	}
	return handoff.Line{}, supportbot.ErrNotFound
}

func (b *lineBook) LastLine(context.Context, string) (handoff.Line, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.lines) == 0 {
		return handoff.Line{}, supportbot.ErrNotFound
	}
	return b.lines[len(b.lines)-1], nil
}

func (b *lineBook) LiveLines(context.Context, int) ([]handoff.Line, error) { return nil, nil }

func (b *lineBook) Case(_ context.Context, id string) (supportbot.Case, supportbot.Address, error) {
	if id != b.c.ID {
		return supportbot.Case{}, supportbot.Address{}, supportbot.ErrNotFound
	}
	return b.c, b.at, nil
}

func (b *lineBook) Cases(_ context.Context, state supportbot.CaseState, _ string, _ int) ([]supportbot.Case, error) {
	if b.c.State != state {
		return nil, nil
	}
	return []supportbot.Case{b.c}, nil
}

func (b *lineBook) Phone(context.Context, string) (string, error) { return agentPhone, nil }

func (b *lineBook) SetPhone(context.Context, string, string, string) error {
	return errors.New("not here")
}

func (b *lineBook) Act(_ context.Context, act supportbot.AgentAct) (supportbot.AgentResult, error) {
	b.acts = append(b.acts, act)
	return supportbot.AgentResult{}, nil
}

func (b *lineBook) Heartbeat(context.Context, string) error { return nil }

// board is a switchboard with one line, as far as it has come.
type board struct {
	testing.TB
	*Switchboard
	book    *lineBook
	handler http.Handler
}

func newBoard(t testing.TB, server string, l handoff.Line) *board {
	book, config := newLineBook(), account
	config.Server = server
	l.LineID, l.Agent = handoff.LineID{Case: "17-1", Fence: 2, Try: 1}, "Lin"
	if _, err := book.AddLine(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	b := &board{t, NewSwitchboard(newLineBot(), book, book, config, slog.New(slog.DiscardHandler)), book, nil}
	mux := http.NewServeMux()
	for _, route := range b.Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	b.handler = mux
	return b
}

func (b *board) line() handoff.Line {
	b.Helper()
	l, err := b.book.LastLine(b.Context(), "17-1")
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// post makes a signed webhook of the line, with fields as name and value in turn.
func (b *board) post(path string, query []string, fields ...string) string {
	b.Helper()
	target := strings.TrimPrefix(b.at(path, handoff.LineID{Case: "17-1", Fence: 2, Try: 1}, query...), public)
	form := url.Values{"AccountSid": {account.AccountSID}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", formKind)
	r.Header.Set(SignatureHeader, Sign(token, public+target, form))
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	return w.Body.String()
}
