package supportbot

// Question is what the conversation is waiting for. Understanding reads a
// message against it, and the engine checks every command against it again.
type Question struct {
	Slot     Slot     // what is asked; the zero Slot if nothing is
	Answered []Slot   // earlier answers of the same flow, which the person may correct
	Flow     string   // the open flow; "" if none
	Topics   []string // the topics of the open flow: naming one again starts nothing
	Language Language // the language of the conversation so far; "" if unknown
	Queued   bool     // the person waits for an agent or talks to one

	// Begins lists, by topic, the slots that the very words that start its flow may
	// fill: "the screen says not enough money" starts one and tells the cause.
	Begins map[string][]Slot

	Below *Question // what is asked below a passing one, such as "which of these do you mean?"; nil if nothing is
}

// SlotType is the kind of value that a slot holds.
type SlotType string

// The slot types.
const (
	SlotEnum   SlotType = "enum"   // one of Options
	SlotBool   SlotType = "bool"   // "yes" or "no"; Options hold the labels
	SlotText   SlotType = "text"   // free words, up to Max characters
	SlotDigits SlotType = "digits" // Min to Max digits
	SlotPhone  SlotType = "phone"  // a telephone number to be called back at
	SlotPick   SlotType = "pick"   // one of candidates that the engine fills in: topics or open flows
)

// Slot describes a slot to those who read answers to it.
type Slot struct {
	Name    string
	Type    SlotType
	Options []Option // of digits, phone and text: answers beside the typed one, such as "I do not know"
	Mail    bool     // of a phone: an e-mail address is an answer as well
	Firm    bool     // of a yes/no about a result: a mere "all right" is no answer, and "not yet" is no "no"
	Min     int      // characters or digits; 0 = no limit
	Max     int      // characters or digits; 0 = no limit
	Value   string   // for an answered slot: the present value
}

// Option is one value of a slot.
type Option struct {
	Value string
	Key   string                // the phone key
	Label map[Language]string   // what the button says
	Also  map[Language][]string // other words for it
}

// CommandKind tells what a Command does.
type CommandKind string

// The commands that understanding may give. A batch is applied in the order of
// agent, cancel, correct, fill, start; see dialog.Step.
const (
	CmdAgent    CommandKind = "agent"    // bring a human
	CmdCancel   CommandKind = "cancel"   // stop what is open
	CmdBack     CommandKind = "back"     // to the question before
	CmdRepeat   CommandKind = "repeat"   // say it again
	CmdMenu     CommandKind = "menu"     // what can you do
	CmdGreet    CommandKind = "greet"    //
	CmdThanks   CommandKind = "thanks"   //
	CmdGoodbye  CommandKind = "goodbye"  //
	CmdLanguage CommandKind = "language" // speak Value from now on
	CmdFill     CommandKind = "fill"     // the open Slot is Value
	CmdCorrect  CommandKind = "correct"  // an answered Slot should have been Value
	CmdStart    CommandKind = "start"    // Topic: its flow or its article
	CmdClarify  CommandKind = "clarify"  // one of Topics, best first
	CmdWait     CommandKind = "wait"     // the person needs time: hold on, not yet
	CmdQuote    CommandKind = "quote"    // say Passages of the guide, which answer a question
)

// Command is what understanding makes of words: never an answer, always
// something that the engine may refuse.
type Command struct {
	Kind   CommandKind `json:"kind"`
	Topic  string      `json:"topic,omitempty"`
	Topics []string    `json:"topics,omitempty"`
	Slot   string      `json:"slot,omitempty"`
	Value  string      `json:"value,omitempty"`

	Fill map[string]string `json:"fill,omitempty"` // of a start: answers that its words hold, by slot

	Passages []Passage `json:"passages,omitempty"` // of a quote, in the order of the guide
}

// Passage is a sentence of an article, or the same said more simply.
type Passage struct {
	Topic string `json:"topic"` // whose article it is
	Text  string `json:"text"`
}

// Decision is how sure a reading is.
type Decision string

// The decisions.
const (
	Answer  Decision = "answer"  // a topic
	Clarify Decision = "clarify" // one of several topics
	None    Decision = "none"    // out of scope
	Control Decision = "control" // steering words: yes, back, agent …
)

// Candidate is a topic or control with the reader's confidence in it, 0 to 1.
type Candidate struct {
	Topic string  `json:"topic"`
	Score float64 `json:"score"`
}

// Reading is what a reader made of one message. No Commands means that nothing
// in it was understood.
type Reading struct {
	Language   Language    `json:"language"` // "" when the words do not tell
	Decision   Decision    `json:"decision"`
	Topic      string      `json:"topic"` // best candidate (a control's id for Control), "" for None
	Candidates []Candidate `json:"candidates"`
	Commands   []Command   `json:"commands,omitempty"`

	Model []ModelSaid `json:"model,omitempty"` // what a language model was asked about it
}

// ModelSaid is one answer of a language model, kept with the turn so that nobody
// need ask again.
type ModelSaid struct {
	Use   string `json:"use"`             // what it was asked for: "read", "answer"
	Model string `json:"model"`           // its name
	Said  string `json:"said,omitempty"`  // its words, masked; "" if none came
	Taken string `json:"taken,omitempty"` // what was made of them; "" if nothing was
	Why   string `json:"why,omitempty"`   // why nothing was
}
