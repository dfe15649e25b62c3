package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// Export is all that is kept of a conversation, masked as it is kept.
type Export struct {
	Conversation supportbot.ThreadID  `json:"conversation"`
	Address      supportbot.Address   `json:"address"`
	Session      json.RawMessage      `json:"session"` // what the bot remembers
	Messages     []supportbot.Message `json:"messages"`
	Inbox        []ExportedRow        `json:"inbox"`
	Cases        []supportbot.Case    `json:"cases"`
	Ended        []supportbot.Ended   `json:"ended"`  // of the cases, what reports count
	Drafts       []ExportedDraft      `json:"drafts"` // what agents have begun to write
	Timers       []supportbot.Timer   `json:"timers"`
	Outbox       []ExportedSending    `json:"outbox"`
	Lines        []handoff.Line       `json:"lines"`  // calls with agents
	Missed       []supportbot.Missed  `json:"missed"` // what was not understood
	Consent      []ExportedConsent    `json:"consent"`
	GoesOn       []channels.Move      `json:"goes_on"` // where a call goes on in writing
	Pictures     []ExportedPicture    `json:"pictures"`
	DeskFeed     []ExportedEvent      `json:"desk_feed"`
}

// ExportedRow is what came in, and what became of it.
type ExportedRow struct {
	Seq        int64           `json:"seq"`
	Sender     string          `json:"sender"` // person, agent, timer
	AcceptedAt time.Time       `json:"accepted_at"`
	Inbound    json.RawMessage `json:"inbound"`
	Result     json.RawMessage `json:"result"` // supportbot.Outcome with the log of the turn; null while it is unhandled
	Failure    string          `json:"failure,omitempty"`
}

// ExportedSending is a message that had to be sent.
type ExportedSending struct {
	Seq       int64     `json:"seq"`
	Message   int64     `json:"message"` // in Messages
	Status    string    `json:"status"`
	Error     string    `json:"error,omitempty"` // of the last try
	ChangedAt time.Time `json:"changed_at"`
	Receipt   int       `json:"receipt,omitempty"` // what the provider said became of it, see package channels/twilio
}

// ExportedEvent is what another desk was told, or is to be.
type ExportedEvent struct {
	Seq       int64           `json:"seq"`
	Event     json.RawMessage `json:"event"` // supportbot.CaseEvent; the words are in Messages
	Status    string          `json:"status"`
	Error     string          `json:"error,omitempty"` // of the last try
	ChangedAt time.Time       `json:"changed_at"`
}

// ExportedDraft is what an agent who looked at a case has begun to write in it.
type ExportedDraft struct {
	Case  string           `json:"case"`
	Agent string           `json:"agent"`
	Draft supportbot.Draft `json:"draft"`
}

// ExportedConsent is what the person said about being written to.
type ExportedConsent struct {
	Stopped bool      `json:"stopped"`
	At      time.Time `json:"at"`
}

// Export reads all that is kept of a conversation, as of one moment, and puts that
// into the audit log; ErrNotFound if there is none.
func (s *Store) Export(ctx context.Context, id supportbot.ThreadID) (e Export, err error) {
	defer wrap(&err, "export conversation %d", id)
	err = s.view(ctx, func(tx conn) error {
		st, err := s.thread(ctx, tx, threadByID, id)
		if err != nil {
			return err
		}
		h := st.home
		e = Export{Conversation: id, Address: st.Address, Session: st.Session, Timers: st.Timers}
		if e.Messages, err = list(ctx, tx, h.scanMessage, selectMessages+` ORDER BY seq`, id); err != nil {
			return err
		}
		e.Inbox, err = list(ctx, tx, h.scanExported, `
			SELECT seq, sender, ext_id, accepted_at, payload, result, failure FROM inbox WHERE thread_id = $1 ORDER BY seq`, id)
		if err != nil {
			return err
		}
		e.Cases, err = list(ctx, tx, func(row scanner) (supportbot.Case, error) {
			c, _, err := s.openCase(row)
			return c, err
		}, selectCases+`WHERE t.id = $1 ORDER BY c.opened, c.id`, id)
		if err != nil {
			return err
		}
		if e.Lines, err = list(ctx, tx, s.scanLine, selectLines+`WHERE t.id = $1 ORDER BY l.case_id, l.fence, l.try`, id); err != nil {
			return err
		}
		if e.Ended, err = list(ctx, tx, scanEnded, selectEnded+`WHERE thread_id = $1 ORDER BY ended_at, id`, id); err != nil {
			return err
		}
		if e.Drafts, err = list(ctx, tx, h.scanDraft, `SELECT case_id, agent, draft FROM seat WHERE thread_id = $1 ORDER BY case_id, agent`, id); err != nil {
			return err
		}
		if e.Missed, err = list(ctx, tx, s.scanMissed, selectMissed+`WHERE t.id = $1 ORDER BY m.seq`, id); err != nil {
			return err
		}
		e.Outbox, err = list(ctx, tx, func(row scanner) (o ExportedSending, err error) {
			var at int64
			err = row.Scan(&o.Seq, &o.Message, &o.Status, &o.Error, &at, &o.Receipt)
			o.ChangedAt = fromMicros(at)
			return o, err
		}, `SELECT seq, message_seq, status, error, changed_at, receipt FROM outbox WHERE thread_id = $1 ORDER BY seq`, id)
		if err != nil {
			return err
		}
		e.DeskFeed, err = list(ctx, tx, func(row scanner) (d ExportedEvent, err error) {
			var at int64
			var text string
			err = row.Scan(&d.Seq, &text, &d.Status, &d.Error, &at)
			d.Event, d.ChangedAt = json.RawMessage(text), fromMicros(at)
			return d, err
		}, `SELECT seq, event, status, error, changed_at FROM deskfeed WHERE thread_id = $1 ORDER BY seq`, id)
		if err != nil {
			return err
		}
		e.Consent, err = list(ctx, tx, func(row scanner) (c ExportedConsent, err error) {
			var at, stopped int64
			err = row.Scan(&stopped, &at)
			c.Stopped, c.At = stopped != 0, fromMicros(at)
			return c, err
		}, `SELECT stopped, at FROM consent WHERE thread_id = $1 ORDER BY at`, id)
		if err != nil {
			return err
		}
		if e.GoesOn, err = list(ctx, tx, h.scanOnward, selectOnward, id); err != nil {
			return err
		}
		e.Pictures, err = list(ctx, tx, h.scanExportedPicture, `
			SELECT id, sent_at, state, jpeg FROM picture WHERE thread_id = $1 ORDER BY sent_at, id`, id)
		return err
	})
	if err != nil {
		return Export{}, err
	}
	return e, s.Audit(ctx, supportbot.Audited{Action: supportbot.Exported, Subject: fmt.Sprint(id)})
}

func (h home) scanDraft(row scanner) (d ExportedDraft, err error) {
	var data []byte
	if err = row.Scan(&d.Case, &d.Agent, &data); err != nil || data == nil {
		return d, err
	}
	return d, openJSON(h.key, data, draftName(d.Case, d.Agent), &d.Draft)
}

func (h home) scanExported(row scanner) (r ExportedRow, err error) {
	var id string
	var at int64
	var payload, result []byte
	var failure sql.NullString
	if err = row.Scan(&r.Seq, &r.Sender, &id, &at, &payload, &result, &failure); err != nil {
		return r, err
	}
	r.AcceptedAt, r.Failure = fromMicros(at), failure.String
	if r.Inbound, err = h.key.Open(payload, payloadName(r.Sender, id)); err != nil || result == nil {
		return r, err
	}
	r.Result, err = h.key.Open(result, resultName(r.Seq))
	return r, err
}
