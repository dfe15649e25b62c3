package twilio

import (
	"supportbot"
	"supportbot/channels"
)

// reassure is how many hops in silence go by until a caller who waits hears that
// the line is not dead: half a minute.
const reassure = 3

// farewell is how often a caller for whom nobody will come on this call is told so,
// before the call is ended.
const farewell = 2

// stands returns what a caller hears of how the case stands, when that has changed
// or nothing was said for a while, and how the call listens then. Where nobody will
// come on this call, ends is the last word.
func (p *place) stands(status channels.Status, asks *asked) (words []element, ends wording) {
	state, was := status.Case.State, p.told
	switch p.told = state; state {
	case supportbot.CaseRinging, supportbot.CaseGrace, supportbot.CaseCallback, supportbot.CaseDeferred:
	default:
		p.told = ""
	}
	if was != p.told {
		p.polls = 0
	}
	p.polls++
	asks.timeout = waitTime
	tells := func(w wording) { words = append(words, say(p.lang, w[p.lang])) }
	switch state {
	case supportbot.CaseWaiting, supportbot.CaseOffered:
		looksOn := was == supportbot.CaseRinging
		if looksOn {
			tells(lookingOn)
		}
		if looksOn || p.polls%reassure == 0 || asks.hints != "" { // of the keys
			words = append(words, say(p.lang, queueing(p.lang, status.Ahead)))
			if p.texts {
				tells(orText)
			}
		}
	case supportbot.CaseRinging:
		if p.polls%reassure == 1 {
			tells(agentRings)
		}
	case supportbot.CaseGrace:
		if asks.timeout = agentTime; p.polls%reassure == 1 {
			tells(agentAway)
		}
	case supportbot.CaseCallback, supportbot.CaseDeferred:
		w := nobodyNow(status)
		if asks.hints == "" || state == supportbot.CaseCallback {
			tells(w.now)
		}
		if p.polls >= farewell {
			ends = w.last
		}
	default: // an agent is there
		asks.keys, asks.timeout = 0, agentTime
	}
	return words, ends
}

// later is what a caller hears who will be called, or will not.
type later struct{ now, last wording }

func nobodyNow(status channels.Status) later {
	switch {
	case status.Contact:
		return later{willBeCalled, calledLater}
	case status.Case.State == supportbot.CaseDeferred:
		return later{deskShut, notCalled}
	}
	return later{noNumberYet, notCalled}
}

// lets tells whether a key stands for going back to the bot that the conversation
// would else take for something said to the agent.
func (p place) lets(digits string) bool {
	return digits == "2" && (p.told == supportbot.CaseRinging || p.told == supportbot.CaseGrace)
}
