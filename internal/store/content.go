package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"supportbot"
)

// maxDrafts is how many versions that were never put in force are kept.
const maxDrafts = 20

// AddContent keeps a version of the content, as an archive of its files, and
// tells whether it is new; one that is known already stays as it is. Of v the ID,
// AddedAt, Source, Flows and Topics are kept. Of the versions that were never put
// in force the oldest give way.
func (s *Store) AddContent(ctx context.Context, v supportbot.ContentVersion, archive []byte) (added bool, err error) {
	defer wrap(&err, "add content %s", v.ID)
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `
			INSERT INTO content_version (id, added_at, source, flows, topics) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO NOTHING`, v.ID, v.AddedAt.UnixMicro(), v.Source, v.Flows, v.Topics))
		if err != nil || n == 0 {
			return err
		}
		added = true
		if _, err := tx.ExecContext(ctx, `INSERT INTO content_files (version, archive) VALUES ($1, $2)`, v.ID, archive); err != nil {
			return err
		}
		return dropDrafts(ctx, tx)
	})
	return added, err
}

func dropDrafts(ctx context.Context, tx conn) error {
	const drafts = `
		SELECT id FROM content_version
		WHERE id NOT IN (SELECT version FROM content_publication) AND id NOT IN (SELECT content FROM thread WHERE content <> '')
		ORDER BY added_at DESC, id LIMIT 1000 OFFSET $1`
	for _, statement := range []string{
		`DELETE FROM content_files WHERE version IN (` + drafts + `)`,
		`DELETE FROM content_version WHERE id IN (` + drafts + `)`,
	} {
		if _, err := tx.ExecContext(ctx, statement, maxDrafts); err != nil {
			return err
		}
	}
	return nil
}

// SeenContent notes what a source holds now. It returns what it held when it was
// last looked at, and which source that was last looked at before, "" if none.
func (s *Store) SeenContent(ctx context.Context, source, version string, at time.Time) (before, lastSource string, err error) {
	defer wrap(&err, "content of %s", source)
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		if before, err = firstText(ctx, tx, `SELECT version FROM content_source WHERE name = $1`, source); err != nil {
			return err
		}
		if lastSource, err = firstText(ctx, tx, `SELECT name FROM content_source ORDER BY seen_at DESC LIMIT 1`); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO content_source (name, version, seen_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at`, source, version, at.UnixMicro())
		return err
	})
	return before, lastSource, err
}

// ContentFiles returns the archive of a version, ErrNotFound if there is none.
func (s *Store) ContentFiles(ctx context.Context, id string) (archive []byte, err error) {
	defer wrap(&err, "files of content %s", id)
	err = row(ctx, s.read, `SELECT archive FROM content_files WHERE version = $1`, id).Scan(&archive)
	return archive, err
}

// ContentVersions lists all versions, the newest first.
func (s *Store) ContentVersions(ctx context.Context) (versions []supportbot.ContentVersion, err error) {
	defer wrap(&err, "content versions")
	return list(ctx, s.read, scanContentVersion, `
		SELECT v.id, v.added_at, v.source, v.flows, v.topics, v.retired <> 0, p.published_at, p.agent,
		       coalesce(p.seq = (SELECT max(seq) FROM content_publication), false),
		       (SELECT count(*) FROM thread t WHERE t.content = v.id AND t.content <> '')
		FROM content_version v
		LEFT JOIN content_publication p ON p.seq = (SELECT max(seq) FROM content_publication WHERE version = v.id)
		ORDER BY v.added_at DESC, v.id`)
}

func scanContentVersion(row scanner) (v supportbot.ContentVersion, err error) {
	var added int64
	var published sql.NullInt64
	var by sql.NullString
	err = row.Scan(&v.ID, &added, &v.Source, &v.Flows, &v.Topics, &v.Retired, &published, &by, &v.Current, &v.Open)
	v.AddedAt = fromMicros(added)
	if published.Valid {
		v.PublishedAt, v.PublishedBy = fromMicros(published.Int64), by.String
	}
	return v, err
}

// PublishContent puts a version in force; by is the agent who did so, "" if its
// source did so by itself. A retired version is in use again. ErrNotFound if
// there is no such version.
func (s *Store) PublishContent(ctx context.Context, id, by string, at time.Time) (err error) {
	defer wrap(&err, "publish content %s", id)
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE content_version SET retired = 0 WHERE id = $1`, id))
		if err != nil {
			return err
		}
		if n == 0 {
			return supportbot.ErrNotFound
		}
		act := supportbot.Audited{Actor: by, Action: supportbot.Published, Subject: id}
		before, err := firstText(ctx, tx, `SELECT version FROM content_publication WHERE version = $1 LIMIT 1`, id)
		if err != nil {
			return err
		}
		if before != "" {
			act.Action = supportbot.RolledBack
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO content_publication (version, published_at, agent) VALUES ($1, $2, $3)`, id, at.UnixMicro(), by)
		if err != nil {
			return err
		}
		return s.audit.add(ctx, tx, act)
	})
}

// RetireContent takes a version out of use in the name of an agent: ErrNotFound
// if there is no such version, ErrInvalid if it is in force.
func (s *Store) RetireContent(ctx context.Context, id, by string) (err error) {
	defer wrap(&err, "retire content %s", id)
	act := supportbot.Audited{Actor: by, Action: supportbot.Retired, Subject: id}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		// The row is held first, so that nobody publishes the version meanwhile.
		n, err := affected(tx.ExecContext(ctx, `UPDATE content_version SET retired = 1 WHERE id = $1`, id))
		if err != nil {
			return err
		}
		if n == 0 {
			return supportbot.ErrNotFound
		}
		current, err := firstText(ctx, tx, inForce)
		if err == nil && current == id {
			return fmt.Errorf("it is in force; publish another version first: %w", supportbot.ErrInvalid)
		}
		return err
	})
}

// ContentState returns the version in force, "" if there is none, and those that
// are retired.
func (s *Store) ContentState(ctx context.Context) (current string, retired []string, err error) {
	defer wrap(&err, "state of content")
	err = s.view(ctx, func(tx conn) error {
		if current, err = firstText(ctx, tx, inForce); err != nil {
			return err
		}
		retired, err = list(ctx, tx, func(row scanner) (id string, err error) {
			err = row.Scan(&id)
			return id, err
		}, `SELECT id FROM content_version WHERE retired = 1 ORDER BY id`)
		return err
	})
	return current, retired, err
}

const inForce = `SELECT version FROM content_publication ORDER BY seq DESC LIMIT 1`

// firstText is the first column of the first row, "" if there is none.
func firstText(ctx context.Context, tx conn, query string, args ...any) (text string, err error) {
	err = row(ctx, tx, query, args...).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, err
}

// OpenSessions returns the sessions of the conversations that are in the middle
// of a flow of a version.
func (s *Store) OpenSessions(ctx context.Context, version string) (sessions []json.RawMessage, err error) {
	defer wrap(&err, "open sessions of content %s", version)
	return list(ctx, s.read, func(row scanner) (session json.RawMessage, err error) {
		var h home
		var version int64
		var sealed []byte
		if err = row.Scan(h.fields(&version, &sealed)...); err != nil {
			return nil, err
		}
		if err = s.vault.open(&h); err != nil {
			return nil, err
		}
		return h.key.Open(sealed, sessionName(version))
	}, `SELECT `+columns+`, version, session FROM thread t WHERE content = $1 AND content <> '' AND session IS NOT NULL`, version)
}
