package rest

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"supportbot"
	"supportbot/channels/throttle"
)

// reply is something the bot said in the turn.
type reply struct {
	Seq     int64    `json:"seq"`
	Text    string   `json:"text"`
	Choices []choice `json:"choices,omitempty"`
}

// entry is one message of the transcript.
type entry struct {
	Seq     int64             `json:"seq"`
	From    supportbot.Sender `json:"from"`
	Author  string            `json:"author,omitempty"`
	Text    string            `json:"text"`
	Choices []choice          `json:"choices,omitempty"`
}

type choice struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

func choicesOf(m supportbot.Message) []choice {
	shown := make([]choice, len(m.Choices))
	for i, c := range m.Choices {
		shown[i] = choice{c.Label, c.Value}
	}
	return shown
}

// fail answers for a call to the bot that went wrong. Unless the request was at
// fault, it may be sent again as it is.
func (c *Channel) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, supportbot.ErrConflict):
		writeError(w, http.StatusConflict, "id: was used before with another body; send a new message under a new id")
	case errors.Is(err, supportbot.ErrInvalid):
		writeError(w, http.StatusBadRequest, err.Error())
	default:
		if r.Context().Err() == nil && !errors.Is(err, supportbot.ErrBusy) { // else the client went away, or it is counted
			c.log.ErrorContext(r.Context(), "REST request failed", slog.String("route", r.Pattern), slog.Any("error", err))
		}
		w.Header().Set("Retry-After", "1")
		writeError(w, http.StatusServiceUnavailable, "not available at the moment; send the same request again")
	}
}

// tooMany answers what a limit refuses.
func (c *Channel) tooMany(w http.ResponseWriter, limit string, wait time.Duration, message string) {
	c.refused(limit)
	w.Header().Set("Retry-After", strconv.Itoa(throttle.Seconds(wait)))
	writeError(w, http.StatusTooManyRequests, message)
}

func writeError(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, struct {
		Error string `json:"error"`
	}{message})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away reads no answer
}
