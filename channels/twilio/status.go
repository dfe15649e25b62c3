package twilio

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"supportbot"
)

// The stages of a message, as the ledger keeps them: only a later one takes the
// place of another, since Twilio's calls come in any order and more than once. A
// message that was tried twice has arrived if one of them has, so that delivered is
// after failed: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks.
const (
	stageInvited   = iota + 1 // not sent: a template has asked the person to write
	stageQueued               // by Twilio
	stageSent                 // to the carrier
	stageFailed               // by the carrier, or at the person's end
	stageDelivered            //
	stageRead                 // on WhatsApp
)

var stages = map[string]int{
	"accepted": stageQueued, "scheduled": stageQueued, "queued": stageQueued, "sending": stageQueued,
	"sent":   stageSent,
	"failed": stageFailed, "undelivered": stageFailed, "canceled": stageFailed,
	"delivered": stageDelivered,
	"read":      stageRead,
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
	kept, err := m.ledger.Receipt(r.Context(), at, message, stage, code)
	switch {
	case errors.Is(err, supportbot.ErrNotFound): // erased since
	case err != nil:
		m.log.Error("a status was not kept", "channel", string(at.Channel), "error", err)
		http.Error(w, "try again", http.StatusInternalServerError)
		return
	case kept && stage == stageFailed:
		m.log.Warn("message did not arrive", "channel", string(at.Channel), "message", message, "code", code)
	}
	w.WriteHeader(http.StatusNoContent)
}
