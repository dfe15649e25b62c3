package store

import (
	"context"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/email"
)

// mostInLetter is how many messages a mail holds; what is more comes with the next.
const mostInLetter = 20

// Letter implements email.Ledger.
func (s *Store) Letter(ctx context.Context, at supportbot.Address, first int64) (l email.Letter, err error) {
	defer wrap(&err, "letter from message %d on", first)
	t, err := s.Thread(ctx, at)
	if err != nil || t.Case == nil {
		return l, err
	}
	l.To, l.Language = t.Case.Packet.Email, t.Case.Language
	h, err := s.homeOf(ctx, s.read, t.ID)
	if err != nil {
		return l, err
	}
	l.Messages, err = list(ctx, s.read, h.scanMessage, selectMessages+` AND seq IN (
		SELECT message_seq FROM outbox WHERE thread_id = $1 AND message_seq >= $2 AND status IN ('waiting', 'sending') AND receipt = 0)
		ORDER BY seq LIMIT $3`, t.ID, first, mostInLetter)
	if len(l.Messages) > 0 && l.Messages[0].Seq != first {
		l.Messages = nil
	}
	return l, err
}

// Mailed implements email.Ledger.
func (s *Store) Mailed(ctx context.Context, at supportbot.Address, last int64) error {
	return s.upTo(ctx, at, last, channels.Sent)
}

// Seen keeps that the person's page has shown the messages of a conversation up to
// one.
func (s *Store) Seen(ctx context.Context, at supportbot.Address, last int64) error {
	return s.upTo(ctx, at, last, channels.Read)
}

// upTo gives what is still to be sent in a conversation, up to a message, a stage.
func (s *Store) upTo(ctx context.Context, at supportbot.Address, last int64, stage channels.Stage) (err error) {
	defer wrap(&err, "%d up to message %d on %s", stage, last, at.Channel)
	h, err := s.homeAt(ctx, at)
	if err != nil || h.id == 0 {
		return err
	}
	waits, err := list(ctx, s.read, scanThreadID, `SELECT thread_id FROM outlane WHERE thread_id = $1 AND tail > head`, h.id)
	if err != nil || len(waits) == 0 {
		return err
	}
	_, err = s.exec(ctx, `
		UPDATE outbox SET receipt = $3 WHERE thread_id = $1 AND message_seq <= $2 AND receipt < $3 AND status IN ('waiting', 'sending')`, h.id, last, int(stage))
	return err
}
