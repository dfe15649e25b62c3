package channels

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Webhook posts JSON to another program, signed as https://www.standardwebhooks.com
// asks for.
type Webhook struct {
	url    string
	secret Secret
	client Client
}

// maxWebhookAnswer is how much of an answer is read, which nobody looks at.
const maxWebhookAnswer = 64 << 10

// NewWebhook returns a webhook to a URL.
func NewWebhook(url string, secret Secret) Webhook {
	return Webhook{url, secret, NewClient(0, maxWebhookAnswer)}
}

// Post posts a body under an id; both are the same on every try, the signature is
// not, since it covers the time. An error is a *Failure, as Sender.Send has it.
func (w Webhook) Post(ctx context.Context, id string, body any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return &Failure{Kind: Refused, Err: fmt.Errorf("encode webhook: %w", err)}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(payload))
	if err != nil {
		return &Failure{Kind: Refused, Err: err}
	}
	w.secret.Sign(request.Header, id, time.Now(), payload)
	response, err := w.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// What is read leaves the connection to the next one.
	_, _ = io.Copy(io.Discard, response.Body)
	return judgeWebhook(response, time.Now())
}

// judgeWebhook turns an answer into a failure, nil if the body was taken. An error
// of the server may have come after it took it, unless it is 503. What the receiver
// calls its status is not told: it may repeat what was posted.
func judgeWebhook(r *http.Response, now time.Time) error {
	fail := func(kind FailureKind) error {
		return &Failure{Kind: kind, After: retryAfter(r.Header.Get("Retry-After"), now), Err: fmt.Errorf("the receiver answers %d", r.StatusCode)}
	}
	switch {
	case r.StatusCode/100 == 2:
		return nil
	case r.StatusCode == http.StatusTooManyRequests,
		r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "":
		return fail(Limited)
	case r.StatusCode == http.StatusServiceUnavailable, r.StatusCode == http.StatusRequestTimeout:
		return fail(Absent)
	case r.StatusCode >= 500:
		return fail(Unsure)
	case r.StatusCode == http.StatusGone:
		return fail(Gone)
	default:
		return fail(Refused)
	}
}

// longestPause bounds what a receiver may ask for.
const longestPause = time.Hour

// retryAfter reads seconds or a date, RFC 9110 section 10.2.3; 0 if it cannot.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longestPause)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(0, at.Sub(now)), longestPause)
}
