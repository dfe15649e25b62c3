package turn

import (
	"slices"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/privacy"
)

const (
	// meantWithin is how long after a message that was not understood a topic
	// counts as what it meant.
	meantWithin = 10 * time.Minute
	// maxUnclear is how many messages in a row are taken for one wish.
	maxUnclear = 3
	// maxGuesses is how many of the reader's candidates are kept.
	maxGuesses = 3
)

// learn keeps what was said if it was not understood, and what earlier messages
// turned out to mean: q is what was open when it was said. What is said while a
// human is called or has come is none of it.
func (b *build) learn(said string, reading supportbot.Reading, q supportbot.Question) {
	unclear := b.session.Unclear
	if unclear != nil && b.in.At.Sub(unclear.At) > meantWithin {
		unclear = nil
	}
	failed := b.effects.Missed || b.effects.Asked
	switch {
	case q.Queued || b.session.Case != nil:
		unclear = nil
	case failed && b.in.Kind == supportbot.InText && privacy.WithoutMasks(said) != "":
		unclear = b.stillUnclear(unclear)
		if reading.Decision != supportbot.Control { // steering words where there is nothing to steer
			b.commit.Missed = b.missed(said, reading, q)
		}
	case failed:
	case b.effects.Started != "":
		if unclear != nil {
			b.commit.Meant = &supportbot.Meant{Rows: unclear.Rows, Topic: b.effects.Started}
		}
		unclear = nil
	case q.Slot.Name != "" && q.Slot.Type != supportbot.SlotPick: // the person has gone on with what was open
		unclear = nil
	}
	b.session.Unclear = unclear
}

func (b *build) missed(said string, reading supportbot.Reading, q supportbot.Question) *supportbot.Missed {
	m := &supportbot.Missed{
		ID: supportbot.MissedID{Thread: b.thread.ID, Row: b.commit.Seq}, At: b.in.At,
		Text: said, Language: reading.Language, Decision: supportbot.None,
		Guesses: reading.Candidates[:min(len(reading.Candidates), maxGuesses)],
	}
	if b.effects.Asked {
		m.Decision = supportbot.Clarify
	}
	if m.Language == "" {
		m.Language = b.session.Language
	}
	if q.Slot.Name != "" {
		m.Asked = q.Flow + "/" + q.Slot.Name
	}
	return m
}

// stillUnclear adds the message to those that wait for what they mean. The session
// holds on to its row even if that is not kept: it must come out of the log alone.
func (b *build) stillUnclear(u *dialog.Unclear) *dialog.Unclear {
	now := &dialog.Unclear{At: b.in.At}
	if u != nil {
		now.Rows = slices.Clone(u.Rows[max(0, len(u.Rows)-maxUnclear+1):])
	}
	now.Rows = append(now.Rows, b.commit.Seq)
	return now
}
