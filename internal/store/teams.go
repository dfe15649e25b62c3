package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

// Teams lists the names of all teams, in order.
func (s *Store) Teams(ctx context.Context) (names []string, err error) {
	defer wrap(&err, "teams")
	return list(ctx, s.read, scanText, `SELECT name FROM team ORDER BY name`)
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// AddTeam makes a team, in the name of by; ErrInvalid if the name is taken.
func (s *Store) AddTeam(ctx context.Context, name, by string) (err error) {
	defer wrap(&err, "add team %s", name)
	return s.audited(ctx, supportbot.Audited{Actor: by, Action: supportbot.TeamAdded, Subject: name}, func(ctx context.Context, tx conn) error {
		return addTeam(ctx, tx, name)
	})
}

func addTeam(ctx context.Context, tx conn, name string) error {
	n, err := affected(tx.ExecContext(ctx, `INSERT INTO team (name) VALUES ($1) ON CONFLICT (name) DO NOTHING`, name))
	if err == nil && n == 0 {
		return handoff.ErrTaken
	}
	return err
}

// RenameTeam gives a team another name, also in the profiles of its agents, in the
// name of by. ErrNotFound if there is no such team, ErrInvalid if the name is taken.
func (s *Store) RenameTeam(ctx context.Context, name, to, by string) (err error) {
	defer wrap(&err, "rename team %s", name)
	act := supportbot.Audited{Actor: by, Action: supportbot.TeamRenamed, Subject: name, Details: map[string]string{"to": to}}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		if err := dropTeam(ctx, tx, name); err != nil {
			return err
		}
		if err := addTeam(ctx, tx, to); err != nil {
			return err
		}
		return inTeam(ctx, tx, name, func(teams []string, at int) []string {
			teams[at] = to
			return teams
		})
	})
}

// RemoveTeam removes a team, also from the profiles of its agents, in the name of by;
// ErrNotFound if there is no such team.
func (s *Store) RemoveTeam(ctx context.Context, name, by string) (err error) {
	defer wrap(&err, "remove team %s", name)
	return s.audited(ctx, supportbot.Audited{Actor: by, Action: supportbot.TeamRemoved, Subject: name}, func(ctx context.Context, tx conn) error {
		if err := dropTeam(ctx, tx, name); err != nil {
			return err
		}
		return inTeam(ctx, tx, name, func(teams []string, at int) []string { return slices.Delete(teams, at, at+1) })
	})
}

// dropTeam deletes the row of a team, for which who sets a profile waits.
func dropTeam(ctx context.Context, tx conn, name string) error {
	return found(affected(tx.ExecContext(ctx, `DELETE FROM team WHERE name = $1`, name)))
}

// inTeam changes the teams of every agent of a team, whose place among them is at. An
// agent's row is held before it is read: who sets the profile meanwhile is not undone.
func inTeam(ctx context.Context, tx conn, team string, change func(teams []string, at int) []string) error {
	agents, err := list(ctx, tx, scanText, `SELECT name FROM agent ORDER BY name`)
	if err != nil {
		return err
	}
	for _, agent := range agents {
		var text string
		err := row(ctx, tx, `UPDATE agent SET profile = profile WHERE name = $1 RETURNING profile`, agent).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) { // removed meanwhile
			continue
		}
		if err != nil {
			return err
		}
		var p handoff.Profile
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return err
		}
		at := slices.Index(p.Teams, team)
		if at < 0 {
			continue
		}
		p.Teams = change(p.Teams, at)
		changed, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE agent SET profile = $2 WHERE name = $1`, agent, string(changed)); err != nil {
			return err
		}
	}
	return nil
}

// holdTeams keeps teams until the transaction ends; ErrInvalid if one is not there.
func holdTeams(ctx context.Context, tx conn, names []string) error {
	names = slices.Sorted(slices.Values(names))
	for _, name := range names {
		n, err := affected(tx.ExecContext(ctx, `UPDATE team SET name = name WHERE name = $1`, name))
		if err != nil {
			return err
		}
		if n == 0 {
			known, err := list(ctx, tx, scanText, `SELECT name FROM team ORDER BY name`)
			if err != nil {
				return err
			}
			return fmt.Errorf("there is no team %q, make it first; the teams are: %s: %w", name, strings.Join(known, ", "), supportbot.ErrInvalid)
		}
	}
	return nil
}
