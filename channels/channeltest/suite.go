// Package channeltest is the suite that every channel passes, and what else tests of
// channels share.
package channeltest

import (
	"testing"

	"supportbot"
)

// Suite is what a channel is held to. A part that is nil must be among the
// exemptions, and one that is exempt must be nil.
type Suite struct {
	Channel supportbot.Channel
	Receive *Receiver
	Send    *Sending
	Shown   Shown
}

// Part is a part of the suite.
type Part string

// The parts.
const (
	Receives Part = "receiving"
	Sends    Part = "sending"
	Shows    Part = "rendering"
)

// exempt tells which channel cannot be held to a part, and why.
var exempt = map[supportbot.Channel]map[Part]string{
	supportbot.Web: {
		Sends: "there is no provider: what is said is fetched over the connection that the person's own page opens, and again when it was cut",
	},
	supportbot.Voice: {
		Sends: "what is said is the answer to a webhook, which Twilio fetches",
	},
}

// Run holds a channel to the suite.
func Run(t *testing.T, s Suite) {
	for _, part := range []struct {
		name Part
		is   bool
		run  func(*testing.T)
	}{
		{Receives, s.Receive != nil, func(t *testing.T) { receive(t, *s.Receive) }},
		{Sends, s.Send != nil, func(t *testing.T) { Send(t, *s.Send) }},
		{Shows, s.Shown != nil, func(t *testing.T) { render(t, s.Channel, s.Shown) }},
	} {
		why, free := exempt[s.Channel][part.name]
		switch {
		case part.is && free:
			t.Errorf("%s is exempt from %s, since %s; take that out of channels/channeltest/suite.go", s.Channel, part.name, why)
		case part.is:
			t.Run(string(part.name), part.run)
		case !free:
			t.Errorf("%s is not held to %s; fill that part in, or say in channels/channeltest/suite.go why it cannot be", s.Channel, part.name)
		}
	}
}
