package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

// emailMark and subjectMark are what stand in the database for an agent's e-mail
// address, and for who the company's log-in says somebody is.
func (v *vault) emailMark(email string) string {
	return v.placeOf(supportbot.Address{Channel: "agent-email", Peer: strings.ToLower(email)})
}

func (v *vault) subjectMark(who handoff.Identity) string {
	return v.placeOf(supportbot.Address{Channel: "agent-subject", Peer: who.Issuer + "\x00" + who.Subject})
}

// SetEmail lets an agent log in by the company's log-in: whoever comes first with
// this address, which the provider must have verified, is the agent from then on.
// "" takes that away again. It ends the agent's sessions. ErrNotFound if there is no
// such agent, ErrInvalid if the address is another agent's.
func (s *Store) SetEmail(ctx context.Context, name, email, by string) (err error) {
	defer wrap(&err, "set e-mail of %s", name)
	act := supportbot.Audited{Actor: by, Action: supportbot.EmailChanged, Subject: name}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		if err := endSessions(ctx, tx, name); err != nil {
			return err
		}
		var mark sql.NullString
		if email != "" {
			mark = sql.NullString{String: s.vault.emailMark(email), Valid: true}
			var other string
			err := row(ctx, tx, `SELECT name FROM agent WHERE email = $1 AND name <> $2`, mark, name).Scan(&other)
			if err == nil {
				return fmt.Errorf("%w: the address is that of %s", supportbot.ErrInvalid, other)
			}
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE agent SET email = $2, subject = NULL WHERE name = $1`, name, mark)
		return err
	})
}

// AgentByIdentity returns whom the company's log-in means; ErrNotFound if it is
// nobody here. Who comes for the first time, and is not disabled, is known by the
// e-mail address, which is worth nothing from then on.
func (s *Store) AgentByIdentity(ctx context.Context, who handoff.Identity) (a handoff.Agent, err error) {
	defer wrap(&err, "agent by the company's log-in")
	subject := s.vault.subjectMark(who)
	bound := func() (handoff.Agent, error) {
		return s.scanAgent(row(ctx, s.read, `SELECT `+agentColumns+` FROM agent a WHERE a.subject = $1`, subject))
	}
	a, err = bound()
	if !errors.Is(err, sql.ErrNoRows) || who.Email == "" {
		return a, err
	}
	// Between two looks another window of the same person may have been quicker: what
	// is not found by the address may be bound by now.
	err = s.bindIdentity(ctx, s.vault.emailMark(who.Email), subject)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, err
	}
	return bound()
}

// bindIdentity has the agent of an e-mail address be known by the subject from now
// on; sql.ErrNoRows if the address is nobody's, any longer or at all.
func (s *Store) bindIdentity(ctx context.Context, email, subject string) error {
	var name string
	if err := row(ctx, s.read, `SELECT name FROM agent WHERE email = $1 AND disabled = 0`, email).Scan(&name); err != nil {
		return err
	}
	return s.audited(ctx, supportbot.Audited{Actor: name, Action: supportbot.IdentityBound, Subject: name}, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE agent SET subject = $3, email = NULL WHERE name = $1 AND email = $2`, name, email, subject))
		if err == nil && n == 0 {
			return sql.ErrNoRows
		}
		return err
	})
}
