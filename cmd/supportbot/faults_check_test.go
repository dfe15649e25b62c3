package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"supportbot"
	"supportbot/internal/replay"
	"supportbot/internal/store"
)

// drainLimit is how long all that is left may take once the faults are over: a
// lease, a call that is never answered, and the pauses after a few failures.
const drainLimit = 45 * time.Second

// drained waits until nothing is left in any lane.
func (w *world) drained(ctx context.Context, db *sql.DB) {
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		var left int
		err := db.QueryRowContext(ctx, `
			SELECT (SELECT count(*) FROM lane WHERE tail > head) + (SELECT count(*) FROM outlane WHERE tail > head)`).Scan(&left)
		if err == nil && left == 0 {
			w.add("seconds until nothing was left", int(time.Since(begun).Seconds()))
			return
		}
		if time.Since(begun) > drainLimit {
			w.violated("drained", "%s later there are %d lanes with something left, %v", drainLimit, left, err)
			return
		}
	}
}

// check holds what is in the database, what the receiver took and what persons
// saw to the invariants.
func (w *world) check(ctx context.Context) {
	db, err := sql.Open(w.dsn())
	if err != nil {
		w.violated("trial", "open the database: %v", err)
		return
	}
	defer db.Close()
	w.drained(ctx, db)
	w.checkNumbers(ctx, db)
	logs := w.logs(ctx)
	w.checkInbox(logs)
	for id, said := range transcripts(logs) {
		w.checkOutbox(id, said)
		for _, d := range w.talks {
			if d.id == id {
				d.check(said)
			}
		}
	}
	w.checkRepeats()
	for _, p := range w.chats {
		p.check()
	}
}

// rows calls scan for each row of a query.
func (w *world) rows(ctx context.Context, db *sql.DB, query string, scan func(*sql.Rows) error) {
	rows, err := db.QueryContext(ctx, query)
	if err == nil {
		defer rows.Close()
		for err == nil && rows.Next() {
			err = scan(rows)
		}
	}
	if err != nil || rows.Err() != nil {
		w.violated("trial", "read the database: %v", err)
	}
}

// checkNumbers finds each conversation's rows numbered 1, 2, 3 … as far as its
// counter says.
func (w *world) checkNumbers(ctx context.Context, db *sql.DB) {
	for what, query := range map[string]string{
		"messages":   `SELECT t.id, t.last_seq, count(r.seq), coalesce(max(r.seq), 0) FROM thread t LEFT JOIN message r ON r.thread_id = t.id GROUP BY t.id, t.last_seq`,
		"inbox rows": `SELECT t.id, l.tail, count(r.seq), coalesce(max(r.seq), 0) FROM thread t JOIN lane l ON l.thread_id = t.id LEFT JOIN inbox r ON r.thread_id = t.id GROUP BY t.id, l.tail`,
		"sendings":   `SELECT t.id, l.tail, count(r.seq), coalesce(max(r.seq), 0) FROM thread t JOIN outlane l ON l.thread_id = t.id LEFT JOIN outbox r ON r.thread_id = t.id GROUP BY t.id, l.tail`,
	} {
		w.rows(ctx, db, query, func(row *sql.Rows) error {
			var id int64
			var last, count, most int64
			err := row.Scan(&id, &last, &count, &most)
			if last != count || last != most {
				w.violated("numbers", "conversation %d has %d %s up to number %d, and should have %d", id, count, what, most, last)
			}
			return err
		})
	}
	w.rows(ctx, db, `SELECT t.id, o.seq, o.status FROM outbox o JOIN thread t ON t.id = o.thread_id WHERE o.status <> 'sent'`, func(row *sql.Rows) error {
		var id int64
		var status string
		var seq int64
		err := row.Scan(&id, &seq, &status)
		w.violated("outbox", "conversation %d: sending %d is %s", id, seq, status)
		return err
	})
}

// checkInbox finds what persons have sent, once each and with an outcome, and
// nothing else.
func (w *world) checkInbox(logs []replay.Log) {
	want, got := map[string]bool{}, map[string]int{}
	for _, d := range w.talks {
		for id := range d.said {
			want[id] = true
		}
	}
	for _, p := range w.chats {
		for _, id := range p.ids {
			want[id] = true
		}
	}
	for _, l := range logs {
		for _, r := range l.Rows {
			var in supportbot.Inbound
			if err := json.Unmarshal(r.Inbound, &in); err != nil {
				w.violated("inbox", "%s: %v", r.ID, err)
			}
			if in.Kind == supportbot.InOpen || in.Agent != nil || in.Timer != nil {
				continue
			}
			if got[in.ID]++; !want[in.ID] || got[in.ID] > 1 {
				w.violated("inbox", "%s is there %d times, was sent: %t", in.ID, got[in.ID], want[in.ID])
			}
		}
	}
	for id := range want {
		if got[id] == 0 {
			w.violated("inbox", "%s is lost", id)
		}
	}
	w.add("messages in the inbox", len(got))
}

// utterance is a row of the transcript.
type utterance struct {
	entry
	replyTo string
}

// logs are those of all conversations, opened.
func (w *world) logs(ctx context.Context) (all []replay.Log) {
	s, err := store.Open(ctx, w.place, testKey())
	if err != nil {
		w.violated("trial", "open the database: %v", err)
		return nil
	}
	defer s.Close()
	ids, err := s.Conversations(ctx, 0, 1000)
	if err != nil {
		w.violated("trial", "read the database: %v", err)
	}
	for _, id := range ids {
		l, err := s.Log(ctx, id)
		if err != nil {
			w.violated("trial", "read the database: %v", err)
		}
		all = append(all, l)
	}
	return all
}

// transcripts are those of the REST channel.
func transcripts(logs []replay.Log) map[string][]utterance {
	all := map[string][]utterance{}
	for _, l := range logs {
		at := l.Thread.Address
		if at.Channel != supportbot.REST {
			continue
		}
		for _, m := range l.Messages {
			all[at.Peer] = append(all[at.Peer], utterance{entry{Seq: m.Seq, From: string(m.From), Text: m.Text}, m.ReplyTo})
		}
	}
	return all
}

// checkOutbox finds that the receiver took all that was said to it, first in the
// order in which it was said.
func (w *world) checkOutbox(id string, said []utterance) {
	w.receiver.mu.Lock()
	defer w.receiver.mu.Unlock()
	var want []int64
	for _, m := range said {
		if m.From != "user" {
			want = append(want, m.Seq)
		}
	}
	w.add("messages to be sent", len(want))
	got := w.receiver.first[id]
	if !slices.Equal(got, want) {
		invariant := "order"
		if len(got) < len(want) {
			invariant = "outbox"
		}
		w.violated(invariant, "%s: the receiver took %v, want %v", id, got, want)
	}
}

// check finds what the person said in the order in which they said it, and that
// a reader saw what is there.
func (d *dialogue) check(said []utterance) {
	shown := map[string]int{}
	for _, m := range said {
		if m.From == "user" {
			shown[m.replyTo]++
		}
	}
	for id := range d.said {
		if shown[id] != 1 {
			d.violated("inbox", "%s: %s is in the transcript %d times", d.id, id, shown[id])
		}
	}
	at := 0
	for _, step := range d.steps {
		var got []string
		for ; at < len(said) && len(got) < len(step); at++ {
			if said[at].From == "user" {
				got = append(got, said[at].replyTo)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, slices.Sorted(slices.Values(step))) {
			d.violated("order", "%s: there is %q where %q was said", d.id, got, step)
			break
		}
	}
	if len(d.read) > len(said) || int64(len(d.read)) < d.top {
		d.violated("streams", "%s: a reader saw %d messages, %d were answered, %d are there", d.id, len(d.read), d.top, len(said))
		return
	}
	for i, m := range d.read {
		if said[i].entry != m {
			d.violated("streams", "%s: a reader saw %+v, but there is %+v", d.id, m, said[i])
		}
	}
}

// ambiguity is how long after an answer its result may not be kept yet.
const ambiguity = 2 * time.Second

// checkRepeats finds that a message which was taken came again only if the node
// could not know that it was: nobody told it, or it or the database was in
// trouble before the result was kept.
func (w *world) checkRepeats() {
	w.receiver.mu.Lock()
	defer w.receiver.mu.Unlock()
	for id, l := range w.receiver.letters {
		w.add("messages to be sent: tries", len(l.tries))
		var last *try
		for _, t := range l.tries {
			if !t.taken {
				continue
			}
			if last != nil {
				w.count("messages that came again")
				switch {
				case !last.told:
					w.count("messages that came again: nobody had told that they came")
				case w.troubled(last.node, span{last.from, last.to.Add(ambiguity)}):
					w.count("messages that came again: node or database failed first")
				default:
					w.violated("repeats", "%s: message %d came again under %s: %s, then %s", l.Conversation, l.Seq, id, last, t)
				}
			}
			last = t
		}
	}
}
