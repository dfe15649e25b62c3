package supportbot

import "time"

// ThreadID identifies a conversation in the store. It is never shown to the
// person; the person is addressed by channel and peer.
type ThreadID int64

// Address names one person on one channel. There is one conversation per
// address, for ever.
type Address struct {
	Channel Channel `json:"channel"`
	Peer    string  `json:"peer"` // opaque: a chat id, a phone number, a key made by a channel
}

// InboundKind tells what came in.
type InboundKind string

// What can come in. Agent actions and due timers come in like messages and take
// the same way, so that a conversation is serial.
const (
	InText    InboundKind = "text"    // typed or spoken words
	InChoice  InboundKind = "choice"  // a button, by its value
	InDigits  InboundKind = "digits"  // keys pressed on a phone
	InOpen    InboundKind = "open"    // the person opened the chat or the call was answered
	InUnseen  InboundKind = "unseen"  // nothing but what the bot cannot see, such as a picture
	InSilence InboundKind = "silence" // nothing came while the phone listened
	InHangup  InboundKind = "hangup"  // the call or chat ended
	InMove    InboundKind = "move"    // the caller goes on in writing, see Inbound.To
	InAgent   InboundKind = "agent"   // an agent acted on the case of this conversation
	InTimer   InboundKind = "timer"   // a timer of this conversation is due
)

// Inbound is one thing that came in for a conversation. Whoever makes one has
// verified the sender; secrets are masked before it is stored.
type Inbound struct {
	Address
	ID       string      `json:"id"` // unique within the conversation and kind of sender; a repeat is answered with the recorded outcome
	Kind     InboundKind `json:"kind"`
	Text     string      `json:"text,omitempty"`
	Choice   string      `json:"choice,omitempty"` // of InChoice; of InOpen: what the person comes for, as a button would say it
	Digits   string      `json:"digits,omitempty"`
	To       Channel     `json:"to,omitempty"`       // of InMove: SMS or WhatsApp; "" is SMS
	Keyed    bool        `json:"keyed,omitempty"`    // of InMove: at a number that the caller keyed in, and not the one that calls
	Code     string      `json:"code,omitempty"`     // keyed hash of a one-time code that was typed
	Unseen   Unseen      `json:"unseen,omitempty"`   // what came that the bot cannot see, by itself or with Text
	Language Language    `json:"language,omitempty"` // the language asked for by the person's device or switch; "" if unknown
	Masked   []string    `json:"masked,omitempty"`   // kinds of secrets that were removed from Text or Digits
	Remasked bool        `json:"remasked,omitempty"` // a later message showed that it held a part of a secret, which was removed then
	Agent    *AgentAct   `json:"agent,omitempty"`
	Timer    *Timer      `json:"timer,omitempty"`
	At       time.Time   `json:"at"`
}

// Unseen is a kind of thing that people send and the bot cannot see. It says so,
// and what to send instead.
type Unseen string

// What the bot cannot see.
const (
	Picture   Unseen = "picture"
	Photo     Unseen = "photo"     // a picture that an agent is shown
	Sound     Unseen = "sound"     // a voice message, a film
	Edit      Unseen = "edit"      // an earlier message, changed to Text; what was read stays read
	Group     Unseen = "group"     // a conversation that others read
	Something Unseen = "something" // a sticker, a place, a file

	LostPicture Unseen = "lost-picture" // a Photo that came some time ago and cannot be shown after all; nobody has said anything
)

// Choice is one of the answers offered with a reply.
type Choice struct {
	Label string `json:"label"`
	Value string `json:"value"`         // what comes back as Inbound.Choice
	Key   string `json:"key,omitempty"` // the phone key, "1" to "8"; 0 is the agent, 9 repeats
}

// Reply is something the bot says, neutral of channel and in one language. A
// pure function per channel renders it into buttons, numbered lines or TwiML.
type Reply struct {
	Text    string   `json:"text"`             // Markdown
	Spoken  string   `json:"spoken,omitempty"` // for the phone, where it differs
	Choices []Choice `json:"choices,omitempty"`
	Notice  bool     `json:"notice,omitempty"` // must be heard: not interruptible on the phone
	Keys    int      `json:"keys,omitempty"`   // of a question that is answered with a number: its digits at most
}

// Sender tells who wrote a message.
type Sender string

// The senders.
const (
	FromUser  Sender = "user"
	FromBot   Sender = "bot"
	FromAgent Sender = "agent"
)

// Message is one entry of a conversation's transcript. Seq is dense within the
// conversation: 1, 2, 3 …
type Message struct {
	Seq     int64     `json:"seq"`
	From    Sender    `json:"from"`
	Author  string    `json:"author,omitempty"` // the agent's name
	Text    string    `json:"text"`
	Spoken  string    `json:"spoken,omitempty"`
	Choices []Choice  `json:"choices,omitempty"`
	Notice  bool      `json:"notice,omitempty"`   // as Reply has it
	Keys    int       `json:"keys,omitempty"`     // as Reply has it
	ReplyTo string    `json:"reply_to,omitempty"` // of a user's message: Inbound.ID, so that a client recognises its own
	At      time.Time `json:"at"`
}

// Outcome is what a turn answered, recorded with the inbound message, so that a
// repeated request gets the identical answer.
type Outcome struct {
	Seq     int64     `json:"seq"`     // of the person's own message in the transcript; 0 if it left none
	Replies []Message `json:"replies"` // what the bot said in this turn
	Flow    string    `json:"flow"`    // the open flow and step after the turn; "" if none
	Step    string    `json:"step"`
	Topic   string    `json:"topic"` // of the open flow or of the article just given
	Case    *CaseRef  `json:"case"`  // the live case, or the one that this turn ended
	Ended   bool      `json:"ended"` // nothing is open any more; a new message starts anew

	Language Language `json:"language,omitempty"` // of the conversation after the turn

	Agent *AgentResult `json:"agent,omitempty"` // of an agent's action
}
