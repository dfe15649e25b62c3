package handoff

import (
	"time"

	"supportbot"
)

// How long a case may stay in a state that ends by itself. Where a call is held
// on the line, time is shorter.
const (
	offerLimit     = 45 * time.Second
	voiceOffer     = 20 * time.Second
	connectLimit   = 45 * time.Second // until the owner's telephone is answered: it rings for 20 s, and then asks twice for a key
	graceLimit     = time.Minute
	voiceGrace     = 20 * time.Second
	transferLimit  = offerLimit
	consultLimit   = 30 * time.Second // until the first word of who is consulted
	callSoonAfter  = 5 * time.Minute  // while waiting, asked for by the person
	tryAgainAfter  = 15 * time.Minute // when the queue was full
	callAgainAfter = 15 * time.Minute // unless the agent names another time
	callBusyAfter  = 3 * time.Minute  // who was on the telephone is near it
)

// PutOff is until when a case is put off that the desk does not take now.
func PutOff(d supportbot.Desk, now time.Time) time.Time {
	if d.OpensAt.After(now) {
		return d.OpensAt.UTC()
	}
	return now.Add(tryAgainAfter)
}

// LeaseLimit is how long an owner need not be heard of: four missed heartbeats
// of the console. Then the case is in grace.
const LeaseLimit = 45 * time.Second

// MaxCalls is how often a person is called back before the case expires.
const MaxCalls = 3

// until is when the state of c ends that it enters at a moment; zero if it does
// not end by itself, or at a time that the act names.
func until(c supportbot.Case, at time.Time) time.Time {
	limit := map[supportbot.CaseState]time.Duration{
		supportbot.CaseOffered:  offerLimit,
		supportbot.CaseRinging:  connectLimit,
		supportbot.CaseGrace:    graceLimit,
		supportbot.CaseTransfer: transferLimit,
		supportbot.CaseConsult:  consultLimit,
	}[c.State]
	if c.Channel.IsVoice() {
		switch c.State {
		case supportbot.CaseOffered:
			limit = voiceOffer
		case supportbot.CaseGrace:
			limit = voiceGrace
		}
	}
	if limit == 0 {
		return time.Time{}
	}
	return at.Add(limit)
}
