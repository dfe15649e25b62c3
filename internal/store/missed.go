package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"supportbot"
)

// maxMissed is how many messages that were not understood are kept at most.
const maxMissed = 10_000

// learned is what a turn adds to what was not understood, as it is kept.
type learned struct {
	missed []byte   // Commit.Missed, sealed; nil if there is none
	meant  [][]byte // Commit.Meant.Topic, sealed for each of its rows
}

func sealLearned(h home, c supportbot.Commit) (l learned, err error) {
	if c.Missed != nil {
		if l.missed, err = sealJSON(h.key, c.Missed, missedName(strconv.FormatInt(c.Missed.ID.Row, 10))); err != nil {
			return l, err
		}
	}
	if c.Meant == nil {
		return l, nil
	}
	for _, seq := range c.Meant.Rows {
		topic, err := h.key.Seal([]byte(c.Meant.Topic), meantName(seq))
		if err != nil {
			return l, err
		}
		l.meant = append(l.meant, topic)
	}
	return l, nil
}

// putLearned writes what most turns have none of.
func putLearned(ctx context.Context, tx conn, c *kept) error {
	if c.Missed != nil {
		_, err := tx.ExecContext(ctx, `INSERT INTO missed (thread_id, seq, missed_at, data) VALUES ($1, $2, $3, $4)`,
			c.Thread, c.Missed.ID.Row, c.Missed.At.UnixMicro(), c.missed)
		if err != nil {
			return err
		}
	}
	for i, topic := range c.meant {
		_, err := tx.ExecContext(ctx, `UPDATE missed SET meant = $3 WHERE thread_id = $1 AND seq = $2`, c.Thread, c.Meant.Rows[i], topic)
		if err != nil {
			return err
		}
	}
	return nil
}

// pgLearned is putLearned as a part of the statement of a turn.
const pgLearned = `
	), missing AS (
		INSERT INTO missed (thread_id, seq, missed_at, data)
		SELECT moved.id, @missed_seq::bigint, @missed_at::bigint, @missed::bytea FROM moved WHERE @missed::bytea IS NOT NULL
	), resolved AS (
		UPDATE missed SET meant = n.meant
		FROM moved, unnest(@meant_rows::bigint[], @meants::bytea[]) AS n (seq, meant)
		WHERE missed.thread_id = moved.id AND missed.seq = n.seq`

func learnedValues(values map[string]any, c *kept) {
	var seq, at int64
	if c.Missed != nil {
		seq, at = c.Missed.ID.Row, c.Missed.At.UnixMicro()
	}
	var rows []int64
	if c.Meant != nil {
		rows = c.Meant.Rows
	}
	values["missed_seq"], values["missed_at"], values["missed"] = seq, at, c.missed
	values["meant_rows"], values["meants"] = rows, c.meant
}

// Missed lists messages that were not understood, the newest first.
func (s *Store) Missed(ctx context.Context, limit int) (all []supportbot.Missed, err error) {
	defer wrap(&err, "what was not understood")
	return list(ctx, s.read, s.scanMissed, selectMissed+`ORDER BY m.missed_at DESC, m.thread_id, m.seq LIMIT $1`, limit)
}

// selectMissed is for scanMissed.
const selectMissed = `
	SELECT ` + columns + `, m.seq, m.data, m.meant FROM missed m JOIN thread t ON t.id = m.thread_id `

func (s *Store) scanMissed(row scanner) (m supportbot.Missed, err error) {
	var h home
	var seq int64
	var data, meant []byte
	if err := row.Scan(h.fields(&seq, &data, &meant)...); err != nil {
		return m, err
	}
	if err := s.vault.open(&h); err != nil {
		return m, err
	}
	if err := openJSON(h.key, data, missedName(strconv.FormatInt(seq, 10)), &m); err != nil {
		return m, err
	}
	m.ID = supportbot.MissedID{Thread: h.id, Row: seq}
	if meant != nil {
		topic, err := h.key.Open(meant, meantName(seq))
		if err != nil {
			return m, err
		}
		m.Meant = string(topic)
	}
	return m, nil
}

// Dismiss deletes messages that teach nothing from what was not understood; the
// conversations stay as they are. Those that are gone already are passed over.
func (s *Store) Dismiss(ctx context.Context, all []supportbot.MissedID, by string) (err error) {
	defer wrap(&err, "dismiss %d messages", len(all))
	act := supportbot.Audited{Actor: by, Action: supportbot.MissedDismissed, Subject: strconv.Itoa(len(all))}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		for _, id := range all {
			if _, err := tx.ExecContext(ctx, `DELETE FROM missed WHERE thread_id = $1 AND seq = $2`, id.Thread, id.Row); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropMissed deletes messages that were not understood before a time, and those
// that are too many, the oldest first and so many at a time. It returns how many
// it deleted: fewer than limit when it is done.
func (s *Store) DropMissed(ctx context.Context, before time.Time, limit int) (dropped int, err error) {
	defer wrap(&err, "drop what was not understood")
	cut := before.UnixMicro()
	var last int64 // of those that may stay, if there are too many
	err = row(ctx, s.read, `SELECT missed_at FROM missed ORDER BY missed_at DESC, thread_id DESC, seq DESC LIMIT 1 OFFSET $1`, maxMissed).Scan(&last)
	switch {
	case err == nil:
		cut = max(cut, last+1)
	case !errors.Is(err, sql.ErrNoRows):
		return 0, err
	}
	n, err := affected(s.exec(ctx, `
		DELETE FROM missed WHERE (thread_id, seq) IN (
			SELECT thread_id, seq FROM missed WHERE missed_at < $1 ORDER BY missed_at, thread_id, seq LIMIT $2)`, cut, limit))
	return int(n), err
}
