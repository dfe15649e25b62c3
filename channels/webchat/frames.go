package webchat

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"supportbot"
	"supportbot/channels/throttle"
)

// What a client may send at most.
const (
	maxFrame = 16 << 10 // bytes
	maxText  = 2000     // characters
	maxName  = 200      // characters of an id or a choice
)

// Codes of error frames. The first three and the last are the client's fault and
// count towards the end of the connection.
const (
	codeMalformed   = "malformed"
	codeTooLong     = "too_long"
	codeOutOfOrder  = "out_of_order"
	codeConflict    = "conflict"    // the id was used for another message
	codeInvalid     = "invalid"     // the bot refuses this message for good
	codeUnavailable = "unavailable" // the message was not taken: send it again later
	codeSlowDown    = "slow_down"   // nothing was taken: send it again after retry_after
)

// fromClient is any frame of a client: hello, which comes first, or message.
type fromClient struct {
	Type string `json:"type"`

	Token    string              `json:"token"`
	After    int64               `json:"after"` // seq of the last message that the client has
	Language supportbot.Language `json:"language"`

	ID     string `json:"id"`
	Text   string `json:"text"`
	Choice string `json:"choice"`
}

// welcome answers hello. The messages after After follow; the client drops what
// it has beyond that, since the conversation does not.
type welcome struct {
	Type  string `json:"type"`
	Token string `json:"token"`
	After int64  `json:"after"`
	state
}

// state is what the person is told of the conversation as a whole.
type state struct {
	Language supportbot.Language `json:"language"`
	Case     *supportbot.CaseRef `json:"case"`
	Agent    string              `json:"agent"`
}

type statusFrame struct {
	Type string `json:"type"`
	state
}

type messagesFrame struct {
	Type     string    `json:"type"`
	Messages []message `json:"messages"`
}

// message is one entry of the transcript: HTML from the bot, else text.
type message struct {
	Seq     int64             `json:"seq"`
	From    supportbot.Sender `json:"from"`
	Author  string            `json:"author,omitempty"`
	HTML    string            `json:"html,omitempty"`
	Text    string            `json:"text,omitempty"`
	Choices []choice          `json:"choices,omitempty"`
	ReplyTo string            `json:"reply_to,omitempty"`
	At      time.Time         `json:"at"`
}

type choice struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

type typingFrame struct {
	Type string `json:"type"`
	On   bool   `json:"on"`
}

// draftFrame shows what the bot is writing, each time all of it, and "" takes it away;
// so does the message that it becomes. Only the connection that asked gets it.
type draftFrame struct {
	Type string `json:"type"`
	HTML string `json:"html"`
}

// doneFrame tells that a message and its outcome are durable. What the bot said
// to it was sent before.
type doneFrame struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Seq  int64  `json:"seq"` // 0: the message left no entry in the transcript
}

// fault is an error frame.
type fault struct {
	Type    string `json:"type"`
	Code    string `json:"code"`
	Message string `json:"message"`
	ID      string `json:"id,omitempty"`
	After   int    `json:"retry_after,omitempty"` // seconds
}

func slowDown(id string, wait time.Duration) *fault {
	f := faultf(codeSlowDown, id, "too much at once: send it again, unchanged, after retry_after seconds")
	f.After = throttle.Seconds(wait)
	return f
}

func faultf(code, id, format string, args ...any) *fault {
	return &fault{Type: "error", Code: code, ID: id, Message: fmt.Sprintf(format, args...)}
}

// decode reads a frame and refuses one that no turn could be made of.
func decode(data []byte) (fromClient, *fault) {
	var f fromClient
	if !utf8.Valid(data) {
		return f, faultf(codeMalformed, "", "the frame is not UTF-8")
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, faultf(codeMalformed, "", "the frame is not the JSON of a hello or a message: %v", err)
	}
	switch f.Type {
	case "hello":
		return f, f.checkHello()
	case "message":
		return f, f.checkMessage()
	default:
		return f, faultf(codeMalformed, "", `type is %.20q: send "hello" or "message"`, f.Type)
	}
}

func (f fromClient) checkHello() *fault {
	switch {
	case f.After < 0:
		return faultf(codeMalformed, "", "after is %d: send 0 or the seq of a message", f.After)
	case f.Language != "" && !f.Language.Valid():
		return faultf(codeMalformed, "", `language is %.20q: send "zh" or "en"`, f.Language)
	}
	return nil
}

func (f fromClient) checkMessage() *fault {
	switch {
	case f.ID == "":
		return faultf(codeMalformed, "", "id is missing: give every message its own")
	case utf8.RuneCountInString(f.ID) > maxName:
		return faultf(codeTooLong, "", "id has more than %d characters", maxName)
	case utf8.RuneCountInString(f.Choice) > maxName:
		return faultf(codeTooLong, f.ID, "choice has more than %d characters", maxName)
	case utf8.RuneCountInString(f.Text) > maxText:
		return faultf(codeTooLong, f.ID, "text has more than %d characters: send it in parts", maxText)
	case f.Choice == "" && strings.TrimSpace(f.Text) == "":
		return faultf(codeMalformed, f.ID, "text and choice are both empty: send one of them")
	case f.Choice != "" && f.Text != "":
		return faultf(codeMalformed, f.ID, "text and choice are both set: send one of them")
	}
	return nil
}
