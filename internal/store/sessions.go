package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"supportbot/internal/seal"
)

// Sessions returns where the console keeps its web sessions. A token is kept as
// it is given; scs hashes it first if HashTokenInStore is set. What a session holds
// is sealed for its token, so that nobody makes one up by writing to the database.
func (s *Store) Sessions() scs.CtxStore { return sessions{s} }

type sessions struct{ *Store }

// FindCtx implements scs.CtxStore.
func (s sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	defer wrap(&err, "find session")
	err = row(ctx, s.read, `SELECT data FROM session WHERE token = $1 AND expires_at > `+clock, token).Scan(&data)
	if err == nil {
		data, err = s.vault.ring.Unwrap(data, sessionDataName(token))
	}
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, seal.ErrWrongKey) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CutSessions deletes log-ins that have run out, at most so many, and returns how
// many.
func (s *Store) CutSessions(ctx context.Context, limit int) (n int, err error) {
	defer wrap(&err, "cut old sessions")
	deleted, err := affected(s.exec(ctx, `
		DELETE FROM session WHERE token IN (SELECT token FROM session WHERE expires_at <= (SELECT `+clock+`) ORDER BY expires_at LIMIT $1)`, limit))
	return int(deleted), err
}

// CommitCtx implements scs.CtxStore.
func (s sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) (err error) {
	defer wrap(&err, "commit session")
	sealed, err := s.vault.ring.Wrap(data, sessionDataName(token))
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `
		INSERT INTO session (token, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
		token, sealed, expiry.UnixMicro())
	return err
}

// DeleteCtx implements scs.CtxStore.
func (s sessions) DeleteCtx(ctx context.Context, token string) (err error) {
	defer wrap(&err, "delete session")
	_, err = s.exec(ctx, `DELETE FROM session WHERE token = $1`, token)
	return err
}

// Find implements scs.Store, which scs.CtxStore includes.
func (s sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (s sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store.
func (s sessions) Delete(token string) error {
	return s.DeleteCtx(context.Background(), token)
}

func sessionDataName(token string) string { return "session.data " + token }
