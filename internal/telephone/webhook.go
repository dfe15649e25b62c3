package telephone

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"supportbot/channels/twilio"
)

// webhook is where the call goes next; no path ends it.
type webhook struct {
	path string
	form url.Values
}

func (t *Telephone) fetch(ctx context.Context, h webhook) (tag, error) {
	body, err := t.post(ctx, h)
	if err != nil {
		return tag{}, err
	}
	var document tag
	if err := xml.Unmarshal(body, &document); err != nil || document.XMLName.Local != "Response" {
		return tag{}, fmt.Errorf("call: %s answers with what is no TwiML: %.200s", h.path, body)
	}
	return document, nil
}

func (t *Telephone) direction() string {
	if t.away {
		return "outbound-api"
	}
	return "inbound"
}

// webhookLimit is how long Twilio waits for an answer.
const webhookLimit = 15 * time.Second

// post makes a signed request, as Twilio does.
func (t *Telephone) post(ctx context.Context, h webhook) ([]byte, error) {
	form := url.Values{
		"CallSid": {t.sid}, "From": {t.From}, "To": {t.To}, "Direction": {t.direction()}, "CallStatus": {"in-progress"}, "ApiVersion": {"2010-04-01"},
	}
	for name, values := range h.form {
		form[name] = values
	}
	return postSigned(ctx, t.Server, t.Token, webhook{h.path, form})
}

// postSigned makes a webhook as Twilio signs it.
func postSigned(ctx context.Context, server, token string, h webhook) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, webhookLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server+h.path, strings.NewReader(h.form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(twilio.SignatureHeader, twilio.Sign(token, server+h.path, h.form))
	return do(r)
}

// do makes a request, and returns what it is answered with.
func do(r *http.Request) ([]byte, error) {
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("call: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("call: %s: %w", r.URL.Path, err)
	}
	switch res.StatusCode {
	case http.StatusOK, http.StatusNoContent:
		return body, nil
	case http.StatusForbidden:
		return nil, errors.New("call: the server refuses the signature; it may have been started again, or --url is not its --public-url")
	}
	return nil, fmt.Errorf("call: %s: %s: %.200s", r.URL.Path, res.Status, body)
}
