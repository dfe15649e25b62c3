package store

import (
	"crypto/rand"

	"supportbot"
)

// pgEnqueue is enqueue as a part of the statement of a turn.
const pgEnqueue = `line AS (
		INSERT INTO outlane AS o (thread_id, channel, tail, ready_at)
		SELECT id, channel, @outgoing::bigint, ` + clock + ` FROM moved WHERE @outgoing::bigint > 0
		ON CONFLICT (thread_id) DO UPDATE SET ` + lengthened + `
		RETURNING o.thread_id, o.tail - @outgoing::bigint AS tail
	), queued AS (
		INSERT INTO outbox (thread_id, seq, message_seq, idem, trace, status, changed_at)
		SELECT line.thread_id, line.tail + q.n, q.message_seq, q.idem, @trace::text, 'waiting', ` + clock + `
		FROM line, unnest(@out_messages::bigint[], @out_keys::text[]) WITH ORDINALITY AS q (message_seq, idem, n)`

func outboxValues(values map[string]any, c supportbot.Commit) {
	messages := outgoing(c)
	keys := make([]string, len(messages))
	for i := range keys {
		keys[i] = rand.Text()
	}
	values["outgoing"], values["out_messages"], values["out_keys"], values["trace"] = int64(len(messages)), messages, keys, c.Trace
}
