package supportbot

// Language is a language that the bot speaks.
type Language string

// The languages that all content must have.
const (
	Chinese Language = "zh" // Simplified Chinese, mainland usage
	English Language = "en"
)

// Languages lists them in the order in which errors name them.
var Languages = []Language{Chinese, English}

// Valid tells whether the bot speaks l.
func (l Language) Valid() bool { return l == Chinese || l == English }

// Text is something the bot says, in every language. Written is Markdown: bold,
// links, numbered and bulleted lists. Spoken is the shorter form for the phone;
// where it is empty the written form is spoken.
type Text struct {
	Written map[Language]string
	Spoken  map[Language]string
}

// In returns the text in language l.
func (t Text) In(l Language) (written, spoken string) {
	return t.Written[l], t.Spoken[l]
}

// IsZero tells whether there is nothing to say.
func (t Text) IsZero() bool { return len(t.Written) == 0 && len(t.Spoken) == 0 }

// Channel names a way in which people reach the bot.
type Channel string

// The channels. A channel without credentials is off.
const (
	Web      Channel = "web"
	REST     Channel = "rest"
	Terminal Channel = "terminal"
	Telegram Channel = "telegram"
	SMS      Channel = "sms"
	WhatsApp Channel = "whatsapp"
	Voice    Channel = "voice"
)

// Channels are those on which people reach a server: all but the terminal. Each has a
// row in channels.CapabilitiesOf.
var Channels = []Channel{Web, REST, Telegram, SMS, WhatsApp, Voice}

// IsVoice tells whether the channel is a phone call, where silence is counted
// in seconds and menus are spoken; everywhere else it is a chat, where silence
// is counted in hours.
func (c Channel) IsVoice() bool { return c == Voice }

// HasButtons tells whether a choice can be pressed long after it was offered. On
// the phone and in plain messages a choice is a number, which means something
// only as the answer to an open question.
func (c Channel) HasButtons() bool { return c != Voice && c != SMS && c != WhatsApp }
