package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/pressly/goose/v3"

	"supportbot/internal/seal"
)

// stage makes of a backup, in an empty file, a database that this program can go
// on with. The backup is only read, so that it may lie on a disk that cannot be
// written to, and refused if it is none, is damaged, is of a newer program, or is
// sealed by another key.
func stage(ctx context.Context, file, path string, key seal.Place) (sum Summary, err error) {
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		return sum, fmt.Errorf("a part of %s is in %s-wal, so it is a database in use and no backup; make one with supportbot backup", file, file)
	}
	if sum, err = inspect(ctx, file); err != nil {
		return sum, err
	}
	if err := vacuumInto(ctx, file, untouched, path); err != nil {
		return sum, err
	}
	db, err := connect(path, 1, "_synchronous=FULL&_foreign_keys=on&_pragma=secure_delete(on)")
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := bringUp(ctx, goose.DialectSQLite3, db, key); err != nil {
		return sum, err
	}
	for _, statement := range revive {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return sum, fmt.Errorf("prepare it: %w", err)
		}
	}
	return sum, nil
}

// restored is the channel of conversations that only show where a backup was
// put back. Nobody talks on it.
const restored = "restored"

// revive takes out of a backup what must not come to life again, and keeps
// numbers free that were given away after it was made.
var revive = []string{
	// Nobody works on a lane. Who claimed an outbox then does so no more.
	`UPDATE lane SET owner = '', lease_until = 0`,
	`UPDATE outlane SET epoch = epoch + 1000000`,

	// A log-in that was ended later would begin again, and a page that is still
	// open could write into a case that is another's now.
	`DELETE FROM session`,

	// What waited has probably been sent since; its key shows that to a receiver.
	`UPDATE outbox SET unsure = 1 WHERE status IN ('waiting', 'sending')`,
	`UPDATE deskfeed SET unsure = 1, epoch = epoch + 1000000 WHERE status IN ('waiting', 'sending')`,

	// The ids of cases begin with the number of the conversation. The next one
	// gets a number that no conversation after the backup has had.
	`INSERT INTO thread (id, channel, peer) SELECT max(n) + 1000000, '` + restored + `', strftime('%Y-%m-%dT%H:%M:%fZ')
		FROM (SELECT max(id) AS n FROM thread UNION ALL SELECT max(thread_id) FROM erasure) HAVING max(n) > 0`,
	`INSERT INTO lane (thread_id, kind) SELECT id, 'in' FROM thread WHERE channel = '` + restored + `' ON CONFLICT DO NOTHING`,
}
