package console_test

import (
	"context"
	"slices"

	"supportbot"
	"supportbot/handoff"
)

// What admins change, by the rules of the store.
func (m *memory) Roster(ctx context.Context) (roster []handoff.Account, err error) {
	staff, err := m.Staff(ctx)
	for i, s := range staff {
		roster = append(roster, handoff.Account{Staff: s, SecondFactor: m.agents[i].TOTP != ""})
	}
	return roster, err
}

func (m *memory) AddAgent(_ context.Context, a handoff.Agent) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.agents, func(other handoff.Agent) bool { return other.Name == a.Name }) {
		return handoff.ErrTaken
	}
	m.agents = append(m.agents, a)
	m.audited = append(m.audited, a.AddedBy+" agent-added "+a.Name)
	return m.down
}

// lastAdmin tells whether nobody but an agent is an admin who can log in.
func (m *memory) lastAdmin(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !slices.ContainsFunc(m.agents, func(a handoff.Agent) bool {
		return a.Name != name && a.Role == handoff.RoleAdmin && !a.Disabled
	})
}

func (m *memory) SetRole(_ context.Context, name string, role handoff.Role, _ string) error {
	if role != handoff.RoleAdmin && m.lastAdmin(name) {
		return handoff.ErrLastAdmin
	}
	return m.change(name, func(a *handoff.Agent) { a.Role = role })
}

func (m *memory) SetDisabled(_ context.Context, name string, disabled bool, _ string) error {
	if disabled && m.lastAdmin(name) {
		return handoff.ErrLastAdmin
	}
	return m.change(name, func(a *handoff.Agent) { a.Disabled = disabled })
}

func (m *memory) RemoveAgent(_ context.Context, name, _ string) error {
	if m.lastAdmin(name) {
		return handoff.ErrLastAdmin
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	before := len(m.agents)
	m.agents = slices.DeleteFunc(m.agents, func(a handoff.Agent) bool { return a.Name == name })
	if len(m.agents) == before {
		return supportbot.ErrNotFound
	}
	return m.down
}

func (m *memory) Teams(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(slices.Values(m.teams)), m.down
}

func (m *memory) AddTeam(_ context.Context, name, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.Contains(m.teams, name) {
		return handoff.ErrTaken
	}
	m.teams = append(m.teams, name)
	return m.down
}

func (m *memory) RenameTeam(ctx context.Context, name, to, by string) error {
	if err := m.RemoveTeam(ctx, name, by); err != nil {
		return err
	}
	return m.AddTeam(ctx, to, by)
}

func (m *memory) RemoveTeam(_ context.Context, name, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.Index(m.teams, name)
	if i < 0 {
		return supportbot.ErrNotFound
	}
	m.teams = slices.Delete(m.teams, i, i+1)
	return m.down
}
