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

// AddContent keeps a version of the content; one that is known already stays as
// it is. Of v the ID, AddedAt, Source, Flows and Topics are kept.
func (s *SQLite) AddContent(ctx context.Context, v supportbot.ContentVersion, files []byte) (err error) {
	defer wrap(&err, "add content %s", v.ID)
	_, err = s.write.ExecContext(ctx, `
		INSERT INTO content_version (id, added_at, source, flows, topics, files) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO NOTHING`, v.ID, v.AddedAt.UnixMicro(), v.Source, v.Flows, v.Topics, files)
	return err
}

// ContentFiles returns the archive of a version, ErrNotFound if there is none.
func (s *SQLite) ContentFiles(ctx context.Context, id string) (files []byte, err error) {
	defer wrap(&err, "files of content %s", id)
	err = s.read.QueryRowContext(ctx, `SELECT files FROM content_version WHERE id = ?`, id).Scan(&files)
	return files, err
}

// ContentVersions lists all versions, the newest first.
func (s *SQLite) ContentVersions(ctx context.Context) (versions []supportbot.ContentVersion, err error) {
	defer wrap(&err, "content versions")
	return list(ctx, s.read, scanContentVersion, `
		SELECT v.id, v.added_at, v.source, v.flows, v.topics, v.retired, p.published_at, p.agent,
		       coalesce(p.seq = (SELECT max(seq) FROM content_publication), 0),
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
func (s *SQLite) PublishContent(ctx context.Context, id, by string, at time.Time) (err error) {
	defer wrap(&err, "publish content %s", id)
	return s.update(ctx, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE content_version SET retired = 0 WHERE id = ?`, id))
		if err != nil {
			return err
		}
		if n == 0 {
			return supportbot.ErrNotFound
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO content_publication (version, published_at, agent) VALUES (?, ?, ?)`, id, at.UnixMicro(), by)
		return err
	})
}

// RetireContent takes a version out of use: ErrNotFound if there is no such
// version, ErrInvalid if it is in force.
func (s *SQLite) RetireContent(ctx context.Context, id string) (err error) {
	defer wrap(&err, "retire content %s", id)
	return s.update(ctx, func(tx *sql.Tx) error {
		current, err := lastPublished(ctx, tx, `SELECT version FROM content_publication ORDER BY seq DESC LIMIT 1`)
		if err != nil {
			return err
		}
		if current == id {
			return fmt.Errorf("it is in force; publish another version first: %w", supportbot.ErrInvalid)
		}
		n, err := affected(tx.ExecContext(ctx, `UPDATE content_version SET retired = 1 WHERE id = ?`, id))
		if err == nil && n == 0 {
			return supportbot.ErrNotFound
		}
		return err
	})
}

// PublishedContent returns the version in force, and the last one that a source
// put in force by itself; "" if there is none.
func (s *SQLite) PublishedContent(ctx context.Context) (current, bySource string, err error) {
	defer wrap(&err, "published content")
	err = s.view(ctx, func(tx *sql.Tx) error {
		if current, err = lastPublished(ctx, tx, `SELECT version FROM content_publication ORDER BY seq DESC LIMIT 1`); err != nil {
			return err
		}
		bySource, err = lastPublished(ctx, tx, `SELECT version FROM content_publication WHERE agent = '' ORDER BY seq DESC LIMIT 1`)
		return err
	})
	return current, bySource, err
}

func lastPublished(ctx context.Context, tx *sql.Tx, query string) (version string, err error) {
	err = tx.QueryRowContext(ctx, query).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return version, err
}

// OpenSessions returns the sessions of the conversations that are in the middle
// of a flow of a version.
func (s *SQLite) OpenSessions(ctx context.Context, version string) (sessions []json.RawMessage, err error) {
	defer wrap(&err, "open sessions of content %s", version)
	return list(ctx, s.read, func(row scanner) (session json.RawMessage, err error) {
		var text []byte
		err = row.Scan(&text)
		return text, err
	}, `SELECT session FROM thread WHERE content = ? AND content <> '' AND session IS NOT NULL`, version)
}
