package console_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/pictures"
	"supportbot/handoff"
	"supportbot/handoff/console"
)

// memory is a desk and its accounts in memory, with the real rules of cases.
type memory struct {
	hours    handoff.Hours
	mu       sync.Mutex
	cases    []supportbot.Case
	said     map[string][]supportbot.Message
	agents   []handoff.Agent
	tokens   map[[32]byte]string
	beats    map[string]int
	watchers map[chan struct{}]bool
	notice   string
	steps    map[string]int64 // of second factors
	recovery map[[32]byte]string
	audited  []string
	reach    channels.Reach
	receipts []channels.Receipt
	pictures []pictures.Picture
	drafts   map[[2]string]supportbot.Draft // by case and agent
	seats    map[string][]supportbot.Seat
	presence map[string]handoff.Presence
	profiles map[string]handoff.Profile
	teams    []string
	unheard  error             // what Audit returns, if not nil
	emails   map[string]string // of agents who have not yet come by the company's log-in, in small letters
	subjects map[string]string // of those who have
	down     error             // what every call returns, if not nil
}

func (m *memory) Cases(_ context.Context, state supportbot.CaseState, owner string) (found []supportbot.Case, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.cases {
		if (state == "" || c.State == state) && (owner == "" || c.Owner == owner) {
			found = append(found, c)
		}
	}
	return found, m.down
}

func (m *memory) Mine(_ context.Context, agent string) (found []supportbot.Case, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.cases {
		if c.State.Live() && (c.Owner == agent || c.Asked == agent) {
			found = append(found, c)
		}
	}
	return found, m.down
}

func (m *memory) Staff(context.Context) (staff []handoff.Staff, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.agents {
		staff = append(staff, handoff.Staff{Name: a.Name, Role: a.Role, Presence: m.presence[a.Name], Profile: m.profiles[a.Name], Disabled: a.Disabled})
	}
	return staff, m.down
}

func (m *memory) SetPresence(_ context.Context, agent string, p handoff.Presence) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.presence[agent] = p
	return m.down
}

func (m *memory) Hours(context.Context) (handoff.Hours, error) { return m.hours, nil }

func (m *memory) SetHours(_ context.Context, h handoff.Hours, _ string) error {
	m.hours = h
	return nil
}

func (m *memory) SetProfile(_ context.Context, name string, p handoff.Profile, _ string) error {
	if _, err := m.Agent(context.Background(), name); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.profiles[name] = p
	return m.down
}

func (m *memory) at(id string) int {
	return slices.IndexFunc(m.cases, func(c supportbot.Case) bool { return c.ID == id })
}

func (m *memory) Case(_ context.Context, id string) (supportbot.Case, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.at(id)
	if i < 0 {
		return supportbot.Case{}, supportbot.ErrNotFound
	}
	return m.cases[i], m.down
}

func (m *memory) Transcript(_ context.Context, id string, after int64) ([]supportbot.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.said[id][min(int(after), len(m.said[id])):], m.down
}

func (m *memory) Pictures(context.Context, supportbot.ThreadID) ([]pictures.Picture, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pictures, m.down
}

func (m *memory) Picture(_ context.Context, _ supportbot.ThreadID, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.pictures {
		if p.ID == id && p.State == pictures.Here {
			return []byte("jpeg of " + id), m.down
		}
	}
	return nil, supportbot.ErrNotFound
}

func (m *memory) Reach(context.Context, string) (channels.Reach, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reach, m.down
}

func (m *memory) Act(_ context.Context, act supportbot.AgentAct) (supportbot.AgentResult, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.at(act.Case)
	if i < 0 {
		return supportbot.AgentResult{}, supportbot.ErrNotFound
	}
	if m.down != nil {
		return supportbot.AgentResult{}, m.down
	}
	act.At = time.Now()
	next, result, err := handoff.Step(m.cases[i], act)
	if err != nil {
		return result, err
	}
	m.cases[i] = next
	if act.Kind == supportbot.ActMessage && !result.Refused {
		m.say(act.Case, supportbot.FromAgent, act.Agent, act.Text)
	}
	m.hint()
	return result, nil
}

// say appends to a transcript; the caller holds the lock.
func (m *memory) say(id string, from supportbot.Sender, author, text string) {
	m.said[id] = append(m.said[id], supportbot.Message{
		Seq: int64(len(m.said[id]) + 1), From: from, Author: author, Text: text, At: time.Now(),
	})
}

// hint wakes the watchers; the caller holds the lock.
func (m *memory) hint() {
	for changed := range m.watchers {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
}

// merchantSays is what the person on the other side writes.
func (m *memory) merchantSays(id, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.say(id, supportbot.FromUser, "", text)
	m.hint()
}

// setDown makes every call fail with err, or work again.
func (m *memory) setDown(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = err
	m.hint()
}

func (m *memory) SealCode(id, code string) string { return id + code }

func (m *memory) Heartbeat(_ context.Context, agent string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.beats[agent]++
	return m.down
}

func (m *memory) WatchCases() (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := make(chan struct{}, 1)
	m.watchers[changed] = true
	return changed, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.watchers, changed)
	}
}

func (m *memory) watching() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.watchers)
}

func (m *memory) Notice() string { return m.notice }

func (m *memory) Agent(_ context.Context, name string) (handoff.Agent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, agent := range m.agents {
		if agent.Name == name {
			return agent, nil
		}
	}
	return handoff.Agent{}, supportbot.ErrNotFound
}

func (m *memory) AgentByIdentity(ctx context.Context, who handoff.Identity) (handoff.Agent, error) {
	m.mu.Lock()
	email := strings.ToLower(who.Email)
	if name := m.emails[email]; name != "" && m.subjects[who.Subject] == "" {
		m.subjects[who.Subject] = name
		delete(m.emails, email)
	}
	name := m.subjects[who.Subject]
	m.mu.Unlock()
	return m.Agent(ctx, name)
}

func (m *memory) AgentByToken(ctx context.Context, sum [32]byte) (handoff.Agent, error) {
	m.mu.Lock()
	name := m.tokens[sum]
	m.mu.Unlock()
	return m.Agent(ctx, name)
}

// change changes an agent and ends the agent's sessions.
func (m *memory) change(name string, f func(*handoff.Agent)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.agents {
		if m.agents[i].Name == name {
			f(&m.agents[i])
			m.agents[i].Stamp = rand.Text()
			return m.down
		}
	}
	return supportbot.ErrNotFound
}

func (m *memory) SetPassword(_ context.Context, name, phc, _ string) error {
	return m.change(name, func(a *handoff.Agent) { a.Password = phc })
}

func (m *memory) SetTOTP(_ context.Context, name, key string, step int64, recovery [][32]byte) error {
	return m.change(name, func(a *handoff.Agent) {
		a.TOTP, m.steps[name] = key, step
		maps.DeleteFunc(m.recovery, func(_ [32]byte, whose string) bool { return whose == name })
		for _, sum := range recovery {
			m.recovery[sum] = name
		}
	})
}

func (m *memory) UseTOTP(_ context.Context, name string, step int64) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	first := step > m.steps[name]
	m.steps[name] = max(step, m.steps[name])
	return first, m.down
}

func (m *memory) UseRecovery(_ context.Context, name string, sum [32]byte) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	there := m.recovery[sum] == name
	delete(m.recovery, sum)
	return there, m.down
}

func (m *memory) Audit(_ context.Context, act supportbot.Audited) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unheard != nil {
		return m.unheard
	}
	m.audited = append(m.audited, fmt.Sprint(act.Actor, " ", act.Action, " ", act.Subject, " ", act.Details))
	return m.down
}

func (m *memory) setAuditDown(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unheard = err
}

// sessions gives scs's store in memory the methods with a context.
type sessions struct{ *memstore.MemStore }

func (s sessions) DeleteCtx(_ context.Context, token string) error { return s.Delete(token) }
func (s sessions) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	return s.Find(token)
}
func (s sessions) CommitCtx(_ context.Context, token string, b []byte, expiry time.Time) error {
	return s.Commit(token, b, expiry)
}

const password = "three kettles"

// Hashed once, because a hash is slow on purpose.
var passwordHash = sync.OnceValue(func() string { return handoff.HashPassword(password) })

// desk serves a console over case 17-1, which waits; li and wang are agents,
// each with a token, and li has a password.
type desk struct {
	*memory
	*httptest.Server
	console *console.Console
	token   map[string]string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{
		memory: &memory{
			cases: []supportbot.Case{{
				ID: "17-1", State: supportbot.CaseWaiting, Fence: 1,
				Reason: "forgot-password", Priority: supportbot.Urgent, Channel: supportbot.Web, Language: supportbot.Chinese,
				QueuedAt: time.Now().Add(-3 * time.Minute).UTC().Truncate(time.Second),
				Packet: supportbot.Packet{
					Goal: "忘记终端登录密码", Flow: "forgot-password", Step: "verify", Verifies: "identity",
					Slots: []supportbot.PacketSlot{{Name: "terminal", Label: "拉卡拉", Value: "lakala"}},
					Tried: []string{"试过手机银行重置，还是不行"},
					Next: map[supportbot.Verdict]string{
						supportbot.Verified:     "核实已通过，银行会为您重置密码。",
						supportbot.Failed:       "这次没有核实成功，请带身份证到网点办理。",
						supportbot.Inconclusive: "暂时无法核实，请拨打银行客服电话。",
						supportbot.Refused:      "好的，不核实就不能重置，您可以到网点办理。",
					},
				},
			}},
			said:     map[string][]supportbot.Message{},
			agents:   []handoff.Agent{{Name: "li", Role: handoff.RoleAgent, Password: passwordHash()}, {Name: "wang", Role: handoff.RoleAgent}},
			tokens:   map[[32]byte]string{},
			beats:    map[string]int{},
			presence: map[string]handoff.Presence{},
			profiles: map[string]handoff.Profile{},
			watchers: map[chan struct{}]bool{},
			steps:    map[string]int64{},
			drafts:   map[[2]string]supportbot.Draft{},
			seats:    map[string][]supportbot.Seat{},
			recovery: map[[32]byte]string{},
			emails:   map[string]string{"lin@shop.example": "li"},
			subjects: map[string]string{},
		},
		token: map[string]string{},
	}
	d.say("17-1", supportbot.FromUser, "", "POS机密码忘了")
	d.say("17-1", supportbot.FromBot, "", "请选择您的**终端品牌**：")
	for _, agent := range d.agents {
		token, sum := handoff.NewToken()
		d.token[agent.Name], d.tokens[sum] = token, agent.Name
	}
	d.console = newConsole(d.memory, false)
	d.Server = serve(t, d.console)
	return d
}

// client takes every request for one of the same network.
func client(*http.Request) string { return "203.0.113.9/32" }

var discard = slog.New(slog.DiscardHandler)

func newConsole(m *memory, secure bool) *console.Console {
	return console.New(m, m, console.Options{
		Papers: m, Knowledge: handbook{}, Mask: masked, Sessions: newSessions(),
		Key: []byte("key"), Client: client,
		Secure: secure,
		Log:    discard,
	})
}

func newSessions() scs.CtxStore { return sessions{memstore.NewWithCleanupInterval(0)} }

func mux(c *console.Console) *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range c.Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	return mux
}

func serve(t *testing.T, c *console.Console) *httptest.Server {
	server := httptest.NewServer(mux(c))
	t.Cleanup(server.Close)
	return server
}
