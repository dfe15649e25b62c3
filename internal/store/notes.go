package store

import (
	"context"

	"supportbot"
)

// AddNote keeps what an agent tells colleagues about a case, and puts into the
// audit log that there is a note; a note with an ID that is there already changes
// nothing. ErrNotFound if there is no such case.
func (s *Store) AddNote(ctx context.Context, caseID string, n supportbot.Note) (err error) {
	defer wrap(&err, "note on case %s", caseID)
	h, err := s.homeOfCase(ctx, caseID)
	if err != nil {
		return err
	}
	data, err := sealJSON(h.key, n, noteName(n.ID))
	if err != nil {
		return err
	}
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		added, err := affected(tx.ExecContext(ctx, `
			INSERT INTO note (thread_id, id, case_id, at, data) SELECT t.id, $2, $3, `+clock+`, $4 FROM thread t WHERE t.id = $1
			ON CONFLICT (thread_id, id) DO NOTHING`, h.id, n.ID, caseID, data))
		if err != nil || added == 0 {
			return err
		}
		return s.audit.add(ctx, tx, supportbot.Audited{Actor: n.Author, Action: supportbot.CaseNoted, Subject: caseID})
	})
}

// Notes lists the notes on a case, the oldest first.
func (s *Store) Notes(ctx context.Context, caseID string) (notes []supportbot.Note, err error) {
	defer wrap(&err, "notes on case %s", caseID)
	return list(ctx, s.read, s.scanNote, selectNotes+`WHERE n.case_id = $1 ORDER BY n.at, n.id`, caseID)
}

// selectNotes is for scanNote.
const selectNotes = `SELECT ` + columns + `, n.id, n.at, n.data FROM note n JOIN thread t ON t.id = n.thread_id `

func (s *Store) scanNote(row scanner) (n supportbot.Note, err error) {
	var h home
	var id string
	var at int64
	var data []byte
	if err := row.Scan(h.fields(&id, &at, &data)...); err != nil {
		return n, err
	}
	if err := s.vault.open(&h); err != nil {
		return n, err
	}
	err = openJSON(h.key, data, noteName(id), &n)
	n.At = fromMicros(at)
	return n, err
}

// homeOfCase finds the key of the conversation that a case is of, sql.ErrNoRows
// if there is none.
func (s *Store) homeOfCase(ctx context.Context, caseID string) (home, error) {
	var id supportbot.ThreadID
	if err := row(ctx, s.read, `SELECT thread_id FROM cases WHERE id = $1`, caseID).Scan(&id); err != nil {
		return home{}, err
	}
	return s.homeOf(ctx, s.read, id)
}
