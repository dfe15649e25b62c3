package channels

import "time"

// Reach tells whether a person may be written to.
type Reach struct {
	Stopped bool      // the person wants to hear nothing more
	Heard   time.Time // when the person last wrote; zero if never
	Sent    int       // messages that they were sent in the last 24 hours
}

// WhatsAppWindow is how long after a person wrote they may be answered in free
// words: https://www.twilio.com/docs/whatsapp/key-concepts#the-24-hour-window.
const WhatsAppWindow = 24 * time.Hour
