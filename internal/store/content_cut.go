package store

import (
	"context"
	"time"
)

// CutContent deletes versions of the content that were neither in force nor added
// within an age, and on which no conversation is: at most so many, the oldest
// first. It returns how many.
func (s *Store) CutContent(ctx context.Context, age time.Duration, limit int) (n int, err error) {
	defer wrap(&err, "cut old content")
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		old, err := list(ctx, tx, func(row scanner) (id string, err error) {
			err = row.Scan(&id)
			return id, err
		}, `
			SELECT v.id FROM content_version v
			WHERE v.added_at < (SELECT `+clock+` - $1) AND v.id <> coalesce((`+inForce+`), '')
				AND NOT EXISTS (SELECT 1 FROM thread t WHERE t.content = v.id AND t.content <> '')
				AND NOT EXISTS (
					SELECT 1 FROM content_publication p JOIN content_publication later ON later.seq =
						(SELECT min(seq) FROM content_publication WHERE seq > p.seq)
					WHERE p.version = v.id AND later.published_at >= (SELECT `+clock+` - $1))
			ORDER BY v.added_at, v.id LIMIT $2`, age.Microseconds(), limit)
		if err != nil {
			return err
		}
		n = len(old)
		for _, id := range old {
			for _, statement := range []string{
				`DELETE FROM content_publication WHERE version = $1`,
				`DELETE FROM content_files WHERE version = $1`,
				`DELETE FROM content_version WHERE id = $1`,
			} {
				if _, err := tx.ExecContext(ctx, statement, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return n, err
}
