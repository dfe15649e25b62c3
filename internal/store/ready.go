package store

import "context"

// Ready tells whether the database answers.
func (s *SQLite) Ready(ctx context.Context) (err error) {
	defer wrap(&err, "ask the database")
	return s.read.PingContext(ctx)
}
