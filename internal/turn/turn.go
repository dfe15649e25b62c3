package turn

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
)

// Reader understands one message against the open question. It must be safe
// for concurrent use and answer any text.
type Reader interface {
	Read(text string, q supportbot.Question) supportbot.Reading
}

// Second is asked about what a reader was not sure of. It takes time, must return
// before ctx ends, and gives a reading that is as good: at worst the same.
type Second interface {
	Reread(ctx context.Context, from supportbot.Address, text string, q supportbot.Question, r Reader, first supportbot.Reading) supportbot.Reading
}

// Content is what the bot knows: one version of it.
type Content struct {
	Book   *dialog.Book
	Reader Reader
	Checks handoff.Checklists
	Codes  []handoff.Code   // what agents may say that a case came to
	Desk   *supportbot.Desk // how it stands at the turn; nil if nobody knows, as in the terminal
}

// For makes a single version a library.
func (c Content) For(context.Context, string) (Content, error) { return c, nil }

// How long things may take.
const (
	// WaitLimit is how long a case waits for an agent before the person is told
	// that none is available.
	WaitLimit = 24 * time.Hour
	// LeaseLimit is how long an agent who is not heard of keeps a case, before
	// there is a while to come back in.
	LeaseLimit = handoff.LeaseLimit
)

// A person who waits in a chat is told so every few minutes, and after a while
// that nothing more is told until somebody comes.
const (
	noticeEvery = 3 * time.Minute
	quietAfter  = time.Hour
)

// notices is when a person who waits is told so. A text message costs and
// rings, and on the phone the line says it, so there are few of them.
func notices(channel supportbot.Channel) (after []time.Duration) {
	if channel.IsVoice() || channel == supportbot.SMS || channel == supportbot.WhatsApp {
		return []time.Duration{noticeEvery, 5 * noticeEvery, quietAfter}
	}
	for at := noticeEvery; at <= quietAfter; at += noticeEvery {
		after = append(after, at)
	}
	return after
}

// Turn computes what one inbox row changes in its conversation. It is pure: all
// that it knows is in its arguments.
func (c Content) Turn(t supportbot.Thread, row Row) (supportbot.Commit, error) {
	s, err := sessionOf(t)
	if err != nil {
		return supportbot.Commit{}, err
	}
	commit, _, err := c.turn(t, s, row)
	return commit, err
}

// Full is Turn where an agent has as many cases as may be: who wants another, or
// is to be offered one, is refused.
func (c Content) Full(t supportbot.Thread, row Row) (supportbot.Commit, error) {
	s, err := sessionOf(t)
	if err != nil {
		return supportbot.Commit{}, err
	}
	b := c.build(t, row, Began{Full: true})
	return b.run(s)
}

// turn is Turn with the session of t, and returns the next one.
func (c Content) turn(t supportbot.Thread, s dialog.Session, row Row) (supportbot.Commit, dialog.Session, error) {
	b := c.build(t, row, Began{})
	commit, err := b.run(s)
	return commit, b.session, err
}

// run takes the row through its turn.
func (b *build) run(s dialog.Session) (supportbot.Commit, error) {
	b.session = dialog.Adapt(b.content.Book, s)
	if b.session.Channel == "" {
		b.session.Channel, b.session.Language = b.in.Channel, b.in.Language
	}
	switch b.in.Kind {
	case supportbot.InAgent:
		b.agent(*b.in.Agent)
	case supportbot.InTimer:
		b.timer(*b.in.Timer)
	default:
		if b.in.Code != "" {
			b.typed()
			break
		}
		b.person()
	}
	if b.err != nil {
		return b.commit, b.err
	}
	return b.finish()
}

// sessionOf reads the session of a conversation, an empty one before the first
// turn.
func sessionOf(t supportbot.Thread) (s dialog.Session, err error) {
	if len(t.Session) > 0 {
		if err = s.UnmarshalJSON(t.Session); err != nil { // json.Unmarshal would read it twice
			err = fmt.Errorf("turn: read session of %d: %w", t.ID, err)
		}
	}
	return s, err
}

// Anew is the turn for when Turn failed: what was said is kept, a live case is
// given up, and the conversation begins again in the language it had.
func (c Content) Anew(t supportbot.Thread, row Row) (supportbot.Commit, error) {
	b := c.build(t, row, Began{Anew: true})
	var old dialog.Session
	if json.Unmarshal(t.Session, &old) != nil || old.Language == "" {
		old.Language = row.Inbound.Language
	}
	b.session = dialog.Session{Channel: t.Address.Channel, Language: old.Language, Cases: old.Cases}
	if t.Case != nil { // no id is ever used twice, also if the session could not be read
		_, ordinal, _ := strings.Cut(t.Case.ID, "-")
		n, _ := strconv.Atoi(ordinal)
		b.session.Cases = max(old.Cases, n)
	}
	if row.Inbound.Text != "" {
		b.say(supportbot.Message{From: supportbot.FromUser, Text: row.Inbound.Text, ReplyTo: row.Inbound.ID})
	}
	if t.Case != nil && t.Case.State.Live() {
		b.apply(supportbot.AgentAct{Kind: supportbot.ActLeave})
	}
	b.step(dialog.Event{Kind: dialog.Opened})
	return b.finish()
}

// Began is the first entry of a turn in the log.
type Began struct {
	Row     int64            `json:"row"`     // of the inbox
	Content string           `json:"content"` // the version that the turn ran on
	Anew    bool             `json:"anew,omitempty"`
	Full    bool             `json:"full,omitempty"`    // an agent had as many cases as may be
	Desk    *supportbot.Desk `json:"desk,omitempty"`    // if the turn depended on how it stood
	Version int64            `json:"version,omitempty"` // of the conversation, if it moved on without turns
}

// The types of entries in the log that others read.
const (
	LogTurn  = "turn"  // Began
	LogModel = "model" // what a language model said: a list of supportbot.ModelSaid
)

func (c Content) build(t supportbot.Thread, row Row, began Began) *build {
	b := &build{
		content: c,
		thread:  t,
		in:      row.Inbound,
		commit:  supportbot.Commit{Thread: t.ID, Seq: row.Seq, Version: t.Version},
		full:    began.Full,
	}
	began.Row, began.Content = row.Seq, c.Book.Version
	if t.Version >= row.Seq { // Remask
		began.Version = t.Version
	}
	b.began = began
	b.log(LogTurn, began)
	return b
}

// build gathers one Commit.
type build struct {
	content Content
	thread  supportbot.Thread
	in      supportbot.Inbound
	session dialog.Session
	commit  supportbot.Commit
	effects dialog.Effects // of the last step
	stepped bool
	began   Began
	full    bool             // an agent has as many cases as may be
	owned   *supportbot.Case // the case as this turn leaves it
	err     error
}

// step runs the engine on an event, and logs it.
func (b *build) step(e dialog.Event) {
	e.At = b.in.At
	if e.Desk == nil {
		e.Desk = b.content.Desk
	}
	b.log("dialog", e)
	b.stepped = true
	b.session, b.effects = dialog.Step(b.content.Book, b.session, e)
	b.log("steps", b.effects.Visited)
	if b.effects.Desk && e.Desk == b.content.Desk { // of an act it is in the act
		b.began.Desk = e.Desk
	}
	for _, r := range b.effects.Replies {
		b.say(supportbot.Message{From: supportbot.FromBot, Text: r.Text, Spoken: r.Spoken, Choices: r.Choices, Notice: r.Notice, Keys: r.Keys})
	}
	if b.effects.Leave { // before a new case takes the place of the old one
		b.apply(supportbot.AgentAct{Kind: supportbot.ActLeave})
	}
	effects := b.effects // what follows may take steps of its own
	if open := effects.Open; open != nil {
		b.open(*open)
	}
	if c := b.now(); effects.Score > 0 && c != nil {
		b.commit.Score = &supportbot.Score{Case: c.ID, Score: effects.Score}
	}
	if effects.Contact != "" {
		b.apply(supportbot.AgentAct{Kind: supportbot.ActContact, Text: effects.Contact})
	}
	if effects.Call {
		b.apply(supportbot.AgentAct{Kind: supportbot.ActCallback})
	}
}

// say adds a message to the transcript.
func (b *build) say(m supportbot.Message) {
	m.Seq = b.thread.LastSeq + int64(len(b.commit.Messages)) + 1
	m.At = b.in.At
	b.commit.Messages = append(b.commit.Messages, m)
}

func (b *build) log(kind string, what any) {
	payload, err := json.Marshal(what)
	if err != nil {
		b.err = fmt.Errorf("turn: log %s of %d: %w", kind, b.thread.ID, err)
		return
	}
	b.commit.Events = append(b.commit.Events, supportbot.LogEvent{Type: kind, Payload: payload})
}

// finish records the session, the timers and the outcome.
func (b *build) finish() (supportbot.Commit, error) {
	session, err := json.Marshal(b.session)
	if err != nil {
		return b.commit, fmt.Errorf("turn: write session of %d: %w", b.thread.ID, err)
	}
	b.commit.Session, b.commit.Content = session, b.session.Version
	if b.began.Desk != nil {
		if b.commit.Events[0].Payload, err = json.Marshal(b.began); err != nil {
			return b.commit, fmt.Errorf("turn: log turn of %d: %w", b.thread.ID, err)
		}
	}
	b.commit.Case = b.owned
	b.commit.Send = b.session.Channel != b.thread.Address.Channel || b.mails()
	b.setTimers()

	out := &b.commit.Outcome
	for _, m := range b.commit.Messages {
		switch m.From {
		case supportbot.FromUser:
			out.Seq = m.Seq
		case supportbot.FromBot:
			out.Replies = append(out.Replies, m)
		}
	}
	out.Flow, out.Step = b.session.At()
	out.Topic = b.effects.Topic
	out.Ended = b.session.Ended
	out.Language = b.session.Language
	if c := b.now(); c != nil && (c.State.Live() || b.owned != nil) {
		out.Case = c.Ref()
	}
	c := b.now()
	b.commit.Contained = out.Ended && b.in.Kind != supportbot.InHangup && (c == nil || b.in.At.Sub(c.EndedAt) > errandLimit)
	return b.commit, nil
}

// mails tells whether what was said is for somebody who has left an e-mail address,
// and may have gone: an agent's words, and what comes of the case. What the person
// does they do on the page.
func (b *build) mails() bool {
	was := b.thread.Case
	if was == nil || !was.State.Live() || was.Packet.Email == "" || b.in.Kind != supportbot.InAgent && b.in.Kind != supportbot.InTimer {
		return false
	}
	is := b.now()
	return is.ID != was.ID || !is.State.Live() || slices.ContainsFunc(b.commit.Messages, func(m supportbot.Message) bool { return m.From == supportbot.FromAgent })
}

// errandLimit is how long after its case the end of an errand is still counted as
// brought about by the agent: also that of the question for a mark, which may
// be open for two hours.
const errandLimit = 3 * time.Hour

// now is the latest case of the conversation as this turn leaves it.
func (b *build) now() *supportbot.Case {
	if b.owned != nil {
		return b.owned
	}
	return b.thread.Case
}
