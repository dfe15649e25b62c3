package twilio

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
)

// memory is a bot and its ledger, kept in memory: it says back what it hears.
type memory struct {
	mu      sync.Mutex
	threads map[supportbot.Address]*thread
	spent   int
	woken   int
	fault   error // of every call
	album   album
	moved   map[supportbot.Address]channels.Move
}

type thread struct {
	raws     map[string][]byte // by id
	heard    []supportbot.Inbound
	last     time.Time
	consents map[string]bool
	stopped  bool
	sent     int
	receipts map[int64]int
	status   channels.Status
}

func newMemory() *memory { return &memory{threads: map[supportbot.Address]*thread{}} }

// has returns a conversation, which it begins.
func (m *memory) has(at supportbot.Address) *thread {
	if m.threads[at] == nil {
		m.threads[at] = &thread{raws: map[string][]byte{}, consents: map[string]bool{}, receipts: map[int64]int{}, last: time.Now()}
	}
	return m.threads[at]
}

func (m *memory) Handle(_ context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != nil {
		return supportbot.Outcome{}, m.fault
	}
	t := m.has(in.Address)
	if before, ok := t.raws[in.ID]; ok {
		if !bytes.Equal(before, raw) {
			return supportbot.Outcome{}, supportbot.ErrConflict
		}
		return supportbot.Outcome{}, nil
	}
	t.raws[in.ID] = raw
	t.heard = append(t.heard, in)
	return supportbot.Outcome{}, nil
}

func (m *memory) Messages(context.Context, supportbot.Address, int64, int) ([]supportbot.Message, error) {
	return nil, nil
}

func (m *memory) Status(_ context.Context, at supportbot.Address) (channels.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.threads[at]; t != nil {
		return t.status, nil
	}
	return channels.Status{}, nil
}

func (m *memory) Watch(supportbot.Address) (<-chan struct{}, func()) { return nil, func() {} }

func (m *memory) Reach(_ context.Context, at supportbot.Address) (channels.Reach, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.threads[at]
	if t == nil {
		return channels.Reach{}, supportbot.ErrNotFound
	}
	return channels.Reach{Stopped: t.stopped, Heard: t.last, Sent: t.sent}, m.fault
}

func (m *memory) Consent(_ context.Context, at supportbot.Address, id string, stopped bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.threads[at]
	if t == nil {
		return supportbot.ErrNotFound
	}
	if !t.consents[id] {
		t.consents[id], t.stopped = true, stopped
	}
	return m.fault
}

func (m *memory) Spend(_ context.Context, segments, limit int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.spent+segments > limit {
		return false, m.fault
	}
	m.spent += segments
	return true, m.fault
}

func (m *memory) Receipt(_ context.Context, at supportbot.Address, message int64, stage, _ int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.threads[at]
	if t == nil {
		return false, supportbot.ErrNotFound
	}
	later := stage > t.receipts[message]
	if later {
		t.receipts[message] = stage
	}
	return later, m.fault
}

func (m *memory) Uninvited(_ context.Context, at supportbot.Address, message int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.threads[at]; t.receipts[message] == int(channels.Invited) {
		t.receipts[message] = 0
	}
	return m.fault
}

func (m *memory) Wake(context.Context, supportbot.Address) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.woken++
	return m.fault
}

// newMessages returns the channels before a memory.
func newMessages(change func(*Config)) (*memory, *Messages) {
	m, config := newMemory(), account
	config.DailySegments = 1000
	change(&config)
	return m, NewMessages(m, m, &m.album, config, slog.New(slog.DiscardHandler))
}

func asIs(*Config) {}

// sms is the form of a message.
func sms(sid, from, body string) url.Values {
	return url.Values{
		"ToCountry": {"US"}, "ToState": {"CA"}, "SmsMessageSid": {sid}, "NumMedia": {"0"}, "ToCity": {""}, "FromZip": {""}, "SmsSid": {sid},
		"FromState": {""}, "SmsStatus": {"received"}, "FromCity": {""}, "Body": {body}, "FromCountry": {"CN"}, "To": {account.From},
		"NumSegments": {"1"}, "MessageSid": {sid}, "AccountSid": {account.AccountSID}, "From": {from}, "ApiVersion": {"2010-04-01"},
	}
}

// whatsAppMessage is the form of a message there.
func whatsAppMessage(sid, from, body string) url.Values {
	form := sms(sid, whatsApp+from, body)
	form.Set("To", whatsApp+account.WhatsAppFrom)
	form.Set("ProfileName", "小王")
	form.Set("WaId", from[1:])
	form.Set("MessageType", "text")
	return form
}

func (m *memory) GoOn(_ context.Context, move channels.Move, most int) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.moved == nil {
		m.moved = map[supportbot.Address]channels.Move{}
	}
	there, by := 0, 0
	for call, other := range m.moved {
		if call != move.Call && other.To == move.To {
			there++
		}
		if call != move.Call && move.By != "" && other.By == move.By {
			by++
		}
	}
	if m.fault != nil || there >= most || by >= most {
		return false, m.fault
	}
	if _, again := m.moved[move.Call]; !again {
		move.Since = time.Now()
		m.moved[move.Call] = move
	}
	return true, nil
}

func (m *memory) GoesOn(_ context.Context, call supportbot.Address) (channels.Move, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	move, ok := m.moved[call]
	if !ok && m.fault == nil {
		return move, supportbot.ErrNotFound
	}
	return move, m.fault
}

func (m *memory) Moved(_ context.Context, to supportbot.Address, agreed bool) (channels.Move, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, move := range m.moved {
		if move.To == to && move.Agreed == agreed {
			return move, m.fault
		}
	}
	if m.fault != nil {
		return channels.Move{}, m.fault
	}
	return channels.Move{}, supportbot.ErrNotFound
}

func (m *memory) Agree(_ context.Context, call supportbot.Address) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	move := m.moved[call]
	move.Agreed = true
	m.moved[call] = move
	m.has(call).last = time.Now()
	return m.fault
}
