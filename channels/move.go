package channels

import (
	"time"

	"supportbot"
)

// Move is a call that goes on in writing.
type Move struct {
	Call   supportbot.Address
	To     supportbot.Address // by SMS or on WhatsApp
	By     string             // the number that called, where the caller keyed in another one; else ""
	Agreed bool               // whoever is at To wants it, which is asked where the number was keyed in
	Since  time.Time          // as the store keeps it
}
