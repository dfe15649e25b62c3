package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"supportbot"
)

// turnTimeout is how long a client waits for a turn. A turn that takes longer
// is not lost: the same request again gets its outcome.
const turnTimeout = 30 * time.Second

// post takes one message and answers with what the bot said to it. The answer
// holds nothing but the recorded outcome, so a repeat gets the same bytes.
func (c *Channel) post(w http.ResponseWriter, r *http.Request) {
	m, err := readMessage(w, r)
	if tooBig := (*http.MaxBytesError)(nil); errors.As(err, &tooBig) {
		writeError(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("body: at most %d bytes", maxBody))
		return
	}
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	if wait := c.messages.Take(m.Conversation); wait > 0 {
		c.tooMany(w, "rest", wait, "too many messages in this conversation; send it again after Retry-After seconds")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), turnTimeout)
	defer cancel()
	outcome, err := c.handle(ctx, m)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer := struct {
		Replies []reply             `json:"replies"`
		Case    *supportbot.CaseRef `json:"case"`
		Ended   bool                `json:"ended"`
	}{make([]reply, len(outcome.Replies)), outcome.Case, outcome.Ended}
	for i, said := range outcome.Replies {
		answer.Replies[i] = reply{said.Seq, said.Text, choicesOf(said)}
	}
	writeJSON(w, http.StatusOK, answer)
}

func (c *Channel) handle(ctx context.Context, m message) (supportbot.Outcome, error) {
	in := supportbot.Inbound{
		Address:  address(m.Conversation),
		ID:       m.ID,
		Language: m.Language,
		At:       time.Now(),
	}
	if m.Text != nil {
		in.Kind, in.Text = supportbot.InText, *m.Text
	} else {
		in.Kind, in.Choice = supportbot.InChoice, *m.Choice
	}
	// Two bodies are the same message if they mean the same, however they are
	// written: white space, order and unknown fields do not count.
	raw, err := json.Marshal(m)
	if err != nil {
		return supportbot.Outcome{}, fmt.Errorf("rest: encode what defines a message: %w", err)
	}
	return c.conv.Handle(ctx, in, raw)
}

func address(conversation string) supportbot.Address {
	return supportbot.Address{Channel: supportbot.REST, Peer: conversation}
}
