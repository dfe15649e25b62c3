package twilio

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"supportbot"
	"supportbot/channels"
)

// stages are what Twilio calls them, as the ledger keeps them:
// https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks.
var stages = map[string]channels.Stage{
	"accepted": channels.Queued, "scheduled": channels.Queued, "queued": channels.Queued, "sending": channels.Queued,
	"sent":   channels.Sent,
	"failed": channels.Failed, "undelivered": channels.Failed, "canceled": channels.Failed,
	"delivered": channels.Delivered,
	"read":      channels.Read,
}

// status takes what became of a message that was sent: its number in the transcript
// stands in the URL that was given with it.
func (m *Messages) status(w http.ResponseWriter, r *http.Request) {
	form := r.PostForm
	at := supportbot.Address{Channel: supportbot.SMS, Peer: form.Get("To")}
	if peer, ok := strings.CutPrefix(at.Peer, whatsApp); ok {
		at = supportbot.Address{Channel: supportbot.WhatsApp, Peer: peer}
	}
	message, err := strconv.ParseInt(r.URL.Query().Get("message"), 10, 64)
	if err != nil || !e164Form.MatchString(at.Peer) {
		http.Error(w, "a status needs To, and the number of a message in the URL", http.StatusBadRequest)
		return
	}
	stage := stages[form.Get("MessageStatus")]
	if stage == 0 { // one that Twilio has thought of since
		w.WriteHeader(http.StatusNoContent)
		return
	}
	code, _ := strconv.Atoi(form.Get("ErrorCode")) // there is one only of what failed
	if call := r.URL.Query().Get("call"); call != "" {
		at = supportbot.Address{Channel: supportbot.Voice, Peer: call}
	}
	kept, err := m.ledger.Receipt(r.Context(), at, message, int(stage), code)
	switch {
	case errors.Is(err, supportbot.ErrNotFound): // erased since
	case err != nil:
		m.log.Error("a status was not kept", "channel", string(at.Channel), "error", err)
		http.Error(w, "try again", http.StatusInternalServerError)
		return
	case kept && stage == channels.Failed:
		m.log.Warn("message did not arrive", "channel", string(at.Channel), "message", message, "code", code)
	}
	w.WriteHeader(http.StatusNoContent)
}
