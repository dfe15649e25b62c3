package supportbot

import (
	"fmt"
	"strings"
	"time"
)

// MissedID names a message that was not understood.
type MissedID struct {
	Thread ThreadID
	Row    int64 // of the inbox
}

// String is how the id is written: THREAD-ROW.
func (id MissedID) String() string { return fmt.Sprintf("%d-%d", id.Thread, id.Row) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *MissedID) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "%d-%d", &id.Thread, &id.Row)
	if err != nil || id.String() != string(text) {
		return fmt.Errorf("%w: %q is not the id of a message, such as 12-3", ErrInvalid, text)
	}
	return nil
}

// Missed is a message that was not understood, or only after the person was
// asked which of several topics is meant. It is kept so that whoever writes the
// content can see what people say.
type Missed struct {
	ID       MissedID    `json:"-"`
	Text     string      `json:"text"`            // masked
	Language Language    `json:"language"`        // of the words, or of the conversation if they do not tell
	Decision Decision    `json:"decision"`        // None or Clarify
	Guesses  []Candidate `json:"guesses"`         // what the reader took it for, best first
	Asked    string      `json:"asked,omitempty"` // the question that was open, as "flow/slot"; "" if none was
	Meant    string      `json:"meant,omitempty"` // the topic that the person then named or chose; "" if none
	At       time.Time   `json:"at"`
}

// Meant is what messages that were not understood turned out to mean.
type Meant struct {
	Rows  []int64 // of the inbox
	Topic string
}

// Alike are messages that were not understood and say much the same.
type Alike struct {
	Messages []Missed // the most typical first
	Label    string   // what they seem to mean, "" if nothing tells
	Chosen   bool     // persons have told what they mean; else Label is the reader's guess
}

// ID names a group: by its most typical message.
func (a Alike) ID() MissedID { return a.Messages[0].ID }

// Phrases are lines for the file phrases/LANGUAGE/LABEL.txt of the content.
type Phrases struct {
	Label    string   `json:"label"`
	Language Language `json:"language"`
	Lines    []string `json:"lines"`
}

// String is a part of a file of phrases: a comment that names the file, then a line
// a phrase.
func (p Phrases) String() string {
	return fmt.Sprintf("# phrases/%s/%s.txt\n%s\n", p.Language, p.Label, strings.Join(p.Lines, "\n"))
}
