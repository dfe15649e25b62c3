package store

import (
	"context"

	"supportbot"
	"supportbot/channels"
)

// Reach tells whether the person at an address may be written to; ErrNotFound if
// they never wrote. Of a call that goes on in writing it is what came since, and what
// the number there wants: to agree is to write.
func (s *Store) Reach(ctx context.Context, at supportbot.Address) (r channels.Reach, err error) {
	defer wrap(&err, "reach on %s", at.Channel)
	t, err := s.Thread(ctx, at)
	if err != nil {
		return r, err
	}
	var stopped, heard, agreed int64
	err = row(ctx, s.read, `
		SELECT COALESCE((SELECT stopped FROM consent WHERE thread_id = $1 OR thread_id = (
				SELECT t.id FROM onward o JOIN thread t ON t.channel = o.channel AND t.peer = o.place WHERE o.thread_id = $1)
				ORDER BY at DESC LIMIT 1), 0),
			COALESCE((SELECT sent_at FROM message WHERE thread_id = $1 AND sender = 'user'
				AND sent_at > COALESCE((SELECT moved_at FROM onward WHERE thread_id = $1), 0) ORDER BY seq DESC LIMIT 1), 0),
			COALESCE((SELECT agreed FROM onward WHERE thread_id = $1 AND agreed > 1), 0),
			(SELECT COUNT(*) FROM outbox WHERE thread_id = $1 AND status = 'sent' AND changed_at > (SELECT `+clock+` - 86400000000))`,
		t.ID).Scan(&stopped, &heard, &agreed, &r.Sent)
	r.Stopped = stopped != 0
	if heard = max(heard, agreed); heard != 0 {
		r.Heard = fromMicros(heard)
	}
	return r, err
}

// Consent keeps that a person wants to hear nothing more, or again. id is that of
// the message that says so: a repeat changes nothing. ErrNotFound if the person
// never wrote before.
func (s *Store) Consent(ctx context.Context, at supportbot.Address, id string, stopped bool) (err error) {
	defer wrap(&err, "consent on %s", at.Channel)
	t, err := s.Thread(ctx, at)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `
		INSERT INTO consent (thread_id, id, stopped, at) SELECT id, $2, $3, `+clock+` FROM thread WHERE id = $1
		ON CONFLICT (thread_id, id) DO NOTHING`, t.ID, id, number(stopped))
	return err
}

// Spend counts what is paid for today, in UTC by the clock of the database, and
// tells whether it stays within a limit; if not, nothing is counted. What was not
// used after all is counted back as a negative number.
func (s *Store) Spend(ctx context.Context, segments, limit int) (within bool, err error) {
	defer wrap(&err, "count %d segments", segments)
	if segments > limit {
		return false, nil
	}
	n, err := affected(s.exec(ctx, `
		INSERT INTO spending AS s (day, segments) VALUES (`+clock+` / 86400000000, $1)
		ON CONFLICT (day) DO UPDATE SET segments = s.segments + excluded.segments
		WHERE s.segments + excluded.segments <= $2`, segments, limit))
	return n == 1, err
}

// Receipt keeps what a provider says became of a message that was sent: its number
// in the transcript, and a stage, of which only a later one is kept. It tells
// whether it was. What is no longer in the outbox is passed over.
func (s *Store) Receipt(ctx context.Context, at supportbot.Address, message int64, stage, code int) (kept bool, err error) {
	defer wrap(&err, "receipt of message %d on %s", message, at.Channel)
	t, err := s.Thread(ctx, at)
	if err != nil {
		return false, err
	}
	n, err := affected(s.exec(ctx, `
		UPDATE outbox SET receipt = $3, receipt_code = $4 WHERE thread_id = $1 AND message_seq = $2 AND receipt < $3`,
		t.ID, message, stage, code))
	return n > 0, err
}

// Uninvited implements twilio.Ledger.
func (s *Store) Uninvited(ctx context.Context, at supportbot.Address, message int64) (err error) {
	defer wrap(&err, "take back an invitation on %s", at.Channel)
	h, err := s.homeAt(ctx, at)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE outbox SET receipt = 0 WHERE thread_id = $1 AND message_seq = $2 AND receipt = $3`, h.id, message, int(channels.Invited))
	return err
}

// Receipts lists what became of the messages of a conversation that were sent, as far
// as it is known, the newest first; what is no longer tried has failed.
func (s *Store) Receipts(ctx context.Context, id supportbot.ThreadID) (all []channels.Receipt, err error) {
	defer wrap(&err, "receipts of %d", id)
	return list(ctx, s.read, func(row scanner) (r channels.Receipt, err error) {
		var stage int
		err = row.Scan(&r.Message, &stage, &r.Code)
		r.Stage = channels.Stage(stage)
		return r, err
	}, `
		SELECT message_seq, CASE WHEN receipt = 0 THEN $2 ELSE receipt END, receipt_code FROM outbox
		WHERE thread_id = $1 AND (receipt > 0 OR status = 'parked') ORDER BY seq DESC LIMIT $3`, id, int(channels.Failed), mostReceipts)
}

// mostReceipts are more than an agent reads.
const mostReceipts = 500

// Wake has what waits for a person tried soon, and not at the end of its pause,
// unless it is being sent.
func (s *Store) Wake(ctx context.Context, at supportbot.Address) (err error) {
	defer wrap(&err, "wake the outbox on %s", at.Channel)
	t, err := s.Thread(ctx, at)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `
		UPDATE outlane SET ready_at = `+clock+`
		WHERE thread_id = $1 AND tail > head AND ready_at > `+clock+` AND EXISTS (
			SELECT 1 FROM outbox o WHERE o.thread_id = outlane.thread_id AND o.seq = head + 1 AND o.status = 'waiting' AND o.tries > 0)`, t.ID)
	return err
}
