package turn

import (
	"time"

	"supportbot"
)

// Feeds has what happens to cases kept for another desk, in the commit of its turn;
// hint is told the conversation afterwards and must not block. Call it before the
// first message.
func (p *Path) Feeds(hint func(supportbot.ThreadID)) { p.feeds = hint }

// feed is what another desk is told of a turn: first what the person wrote to the
// case that the turn found, since that may have ended it; then what became of that
// case; then of the one that the turn opened. The words by which somebody asks for an
// agent come before the case, and stand in its transcript.
func feed(found *supportbot.Case, c supportbot.Commit, at time.Time) (events []supportbot.CaseEvent) {
	var was supportbot.CaseNews
	if found != nil {
		was = found.News()
	}
	for _, m := range c.Messages {
		if m.From == supportbot.FromUser && found != nil && found.State.Live() {
			events = append(events, supportbot.CaseEvent{Kind: supportbot.EventMessage, At: at, Message: m.Seq, Case: was})
		}
	}
	for _, after := range []*supportbot.Case{c.Ended, c.Case} {
		if after == nil || after.News() == was {
			continue
		}
		kind := supportbot.EventChanged
		if !after.State.Live() {
			kind = supportbot.EventEnded
		}
		if after.ID != was.ID {
			kind = supportbot.EventOpened
		}
		events = append(events, supportbot.CaseEvent{Kind: kind, At: at, Case: after.News()})
	}
	return events
}
