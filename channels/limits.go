package channels

import (
	"time"

	"supportbot"
)

// Limits is what one message may hold on a channel. Zero is no limit.
type Limits struct {
	Text     int                         // characters of the text, as UTF-16 counts them
	Segments int                         // SMS that the message is sent in
	Speech   time.Duration               // of the spoken text, without its choices
	Choices  int                         // answers offered at once
	Label    map[supportbot.Language]int // characters of a choice's label
	Value    int                         // bytes of a choice's value
}

// labels are cut off beyond this on the buttons of a phone's screen.
var labels = map[supportbot.Language]int{supportbot.Chinese: 20, supportbot.English: 40}

// LimitsOf returns the limits of a channel. Content that breaks one is refused
// when it is loaded.
func LimitsOf(c supportbot.Channel) Limits {
	switch c {
	case supportbot.Web:
		return Limits{Label: labels}
	case supportbot.Telegram:
		// Bot API, sendMessage: 4,096 characters after entities are parsed;
		// InlineKeyboardButton: callback_data of 1 to 64 bytes.
		return Limits{Text: 4096, Label: labels, Value: 64}
	case supportbot.SMS:
		// Three are paid for and read; carriers drop long ones oftener.
		return Limits{Segments: 3}
	case supportbot.WhatsApp:
		// Twilio takes no more in one message: error 21617.
		return Limits{Text: 1600}
	case supportbot.Voice:
		// Who listens longer has forgotten the beginning. Keys 1 to 8 answer: 0
		// is the agent, 9 repeats.
		return Limits{Speech: 15 * time.Second, Choices: 8}
	}
	return Limits{}
}
