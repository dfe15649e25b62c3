package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"supportbot"
)

// Limits of a request, in characters where not in bytes.
const (
	maxBody   = 64 << 10 // bytes
	maxName   = 128      // of a conversation or an id
	maxText   = 2000
	maxChoice = 200
)

// message is the body of a posted message. Fields that it does not know are
// ignored, so that a client may be ahead of us.
type message struct {
	Conversation string              `json:"conversation"`
	ID           string              `json:"id"`
	Text         *string             `json:"text,omitempty"`
	Choice       *string             `json:"choice,omitempty"`
	Language     supportbot.Language `json:"language,omitempty"`
}

// readMessage reads and checks a body. Its errors are for the client.
func readMessage(w http.ResponseWriter, r *http.Request) (message, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return message{}, fmt.Errorf("body: %w", err)
	}
	var m message
	var wrong *json.UnmarshalTypeError
	switch err := json.Unmarshal(body, &m); {
	case errors.As(err, &wrong) && wrong.Field != "":
		return message{}, fmt.Errorf("%s: must be a string, not a JSON %s", wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return message{}, fmt.Errorf("body: must be a JSON object, not a JSON %s", wrong.Value)
	case err != nil:
		return message{}, fmt.Errorf("body: must be a JSON object: %w", err)
	}
	return m, m.check()
}

func (m message) check() error {
	if err := checkName("conversation", m.Conversation); err != nil {
		return err
	}
	if err := checkName("id", m.ID); err != nil {
		return err
	}
	if (m.Text == nil) == (m.Choice == nil) {
		return errors.New("text, choice: send exactly one of them")
	}
	if m.Text != nil {
		if err := checkLength("text", *m.Text, maxText); err != nil {
			return err
		}
	} else if err := checkLength("choice", *m.Choice, maxChoice); err != nil {
		return err
	}
	if m.Language != "" && !m.Language.Valid() {
		return errors.New("language: must be zh or en, or left out")
	}
	return nil
}

func checkName(field, name string) error {
	if err := checkLength(field, name, maxName); err != nil {
		return err
	}
	for _, r := range name {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return fmt.Errorf("%s: must be printable characters; %U is not", field, r)
		}
	}
	return nil
}

func checkLength(field, value string, limit int) error {
	if strings.TrimSpace(value) == "" {
		return fmt.Errorf("%s: is missing or blank", field)
	}
	if n := utf8.RuneCountInString(value); n > limit {
		return fmt.Errorf("%s: must be at most %d characters, not %d", field, limit, n)
	}
	return nil
}
