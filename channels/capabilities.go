package channels

import (
	"time"

	"supportbot"
)

// Capabilities is what can be done on a channel.
type Capabilities struct {
	Limits
	Buttons  bool          // answers are pressed; elsewhere they are numbered, or keys of the telephone
	Markdown bool          // lists, emphasis and links are shown; elsewhere PlainText takes the marks out
	Voice    bool          // what is said is heard, not read
	Push     bool          // the person hears from us while they write nothing
	Window   time.Duration // Push so long after the person wrote; 0 for ever
}

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

// capabilities are those of every channel; docs/channels/README.md shows them. What
// is not listed has no limits and can do nothing.
var capabilities = map[supportbot.Channel]Capabilities{
	supportbot.Web: {
		Limits: Limits{Label: labels}, Buttons: true, Markdown: true, Push: true,
	},
	supportbot.REST: {Buttons: true, Markdown: true, Push: true}, // all as it is, for a program that shows it
	supportbot.Telegram: {
		// Bot API, sendMessage: 4,096 characters after entities are parsed;
		// InlineKeyboardButton: callback_data of 1 to 64 bytes.
		Limits:  Limits{Text: 4096, Label: labels, Value: 64},
		Buttons: true, Markdown: true, Push: true,
	},
	supportbot.SMS: {
		// Three are paid for and read; carriers drop long ones oftener. What an agent
		// writes may be longer, but Twilio takes no more in one message: error 21617.
		Limits: Limits{Segments: 3, Text: 1600}, Push: true,
	},
	supportbot.WhatsApp: {
		// As for SMS. The window is that of
		// https://www.twilio.com/docs/whatsapp/key-concepts#the-24-hour-window.
		Limits: Limits{Text: 1600}, Push: true, Window: 24 * time.Hour,
	},
	supportbot.Voice: {
		// Who listens longer has forgotten the beginning. Keys 1 to 8 answer: 0
		// is the agent, 9 repeats.
		Limits: Limits{Speech: 15 * time.Second, Choices: 8}, Voice: true,
	},
}

// CapabilitiesOf returns what can be done on a channel.
func CapabilitiesOf(c supportbot.Channel) Capabilities { return capabilities[c] }

// LimitsOf returns the limits of a channel. Content that breaks one is refused
// when it is loaded.
func LimitsOf(c supportbot.Channel) Limits { return capabilities[c].Limits }
