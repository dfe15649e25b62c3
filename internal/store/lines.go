package store

import (
	"context"
	"fmt"

	"supportbot"
	"supportbot/handoff"
)

func lineName(id handoff.LineID) string { return "line.data " + id.String() }

// AddLine keeps a new line of a case and tells whether it is the first of its
// name; ErrNotFound if there is no such case.
func (s *Store) AddLine(ctx context.Context, l handoff.Line) (first bool, err error) {
	defer wrap(&err, "add line %s", l.LineID)
	c, _, err := s.Case(ctx, l.Case)
	if err != nil {
		return false, err
	}
	h, err := s.homeOf(ctx, s.read, c.Thread)
	if err != nil {
		return false, err
	}
	data, err := sealJSON(h.key, l, lineName(l.LineID))
	if err != nil {
		return false, err
	}
	n, err := affected(s.exec(ctx, `
		INSERT INTO line (thread_id, case_id, fence, try, live, version, data)
		SELECT thread_id, id, $3, $4, $5, 1, $6 FROM cases WHERE thread_id = $1 AND id = $2
		ON CONFLICT (thread_id, case_id, fence, try) DO NOTHING`, h.id, l.Case, l.Fence, l.Try, number(!l.Over), data))
	return n == 1, err
}

// PutLine replaces a line that nobody has changed since it was read, else
// ErrFenced.
func (s *Store) PutLine(ctx context.Context, l handoff.Line) (err error) {
	defer wrap(&err, "line %s", l.LineID)
	var h home
	if err := row(ctx, s.read, `SELECT `+columns+` FROM cases c JOIN thread t ON t.id = c.thread_id WHERE c.id = $1`, l.Case).Scan(h.fields()...); err != nil {
		return err
	}
	if err := s.vault.open(&h); err != nil {
		return err
	}
	data, err := sealJSON(h.key, l, lineName(l.LineID))
	if err != nil {
		return err
	}
	n, err := affected(s.exec(ctx, `
		UPDATE line SET live = $5, version = version + 1, data = $6
		WHERE thread_id = $1 AND case_id = $2 AND fence = $3 AND try = $4 AND version = $7`,
		h.id, l.Case, l.Fence, l.Try, number(!l.Over), data, l.Version))
	if err == nil && n == 0 {
		return supportbot.ErrFenced
	}
	return err
}

const selectLines = `
	SELECT ` + columns + `, l.case_id, l.fence, l.try, l.version, l.data FROM line l JOIN thread t ON t.id = l.thread_id `

func (s *Store) scanLine(row scanner) (l handoff.Line, err error) {
	var h home
	var id handoff.LineID
	var version int64
	var data []byte
	if err := row.Scan(h.fields(&id.Case, &id.Fence, &id.Try, &version, &data)...); err != nil {
		return l, err
	}
	if err := s.vault.open(&h); err != nil {
		return l, err
	}
	if err := openJSON(h.key, data, lineName(id), &l); err != nil {
		return l, fmt.Errorf("%s: %w", id, err)
	}
	l.Version = version
	return l, nil
}

// Line returns a line by its name, ErrNotFound if there is none.
func (s *Store) Line(ctx context.Context, id handoff.LineID) (l handoff.Line, err error) {
	defer wrap(&err, "line %s", id)
	return s.scanLine(row(ctx, s.read, selectLines+`
		JOIN cases c ON c.id = l.case_id AND c.thread_id = l.thread_id WHERE c.id = $1 AND l.fence = $2 AND l.try = $3`, id.Case, id.Fence, id.Try))
}

// LastLine returns the latest line of a case, ErrNotFound if there is none.
func (s *Store) LastLine(ctx context.Context, caseID string) (l handoff.Line, err error) {
	defer wrap(&err, "last line of case %q", caseID)
	return s.scanLine(row(ctx, s.read, selectLines+`
		JOIN cases c ON c.id = l.case_id AND c.thread_id = l.thread_id WHERE c.id = $1 ORDER BY l.fence DESC, l.try DESC LIMIT 1`, caseID))
}

// LiveLines lists the lines for which something is to be done yet.
func (s *Store) LiveLines(ctx context.Context, limit int) (lines []handoff.Line, err error) {
	defer wrap(&err, "live lines")
	return list(ctx, s.read, s.scanLine, selectLines+`WHERE l.live = 1 ORDER BY l.thread_id, l.case_id, l.fence, l.try LIMIT $1`, limit)
}
