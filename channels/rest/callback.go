package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"supportbot"
	"supportbot/channels"
)

// Callback posts what the bot and agents say to a program, signed as
// https://www.standardwebhooks.com asks for.
type Callback struct {
	url    string
	secret channels.Secret
	client channels.Client
}

// maxAnswer is how much of an answer is read, which nobody looks at.
const maxAnswer = 64 << 10

// NewCallback returns a callback to a URL. secret is "whsec_" and the base64 of
// 24 to 64 random bytes, as the receiver has it too.
func NewCallback(to, secret string) (*Callback, error) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("--rest-callback %q must be a URL such as https://shop.example.com/bot, without a password", to)
	}
	key, err := channels.ParseSecret(secret)
	if err != nil {
		return nil, fmt.Errorf("--rest-callback-secret %w", err)
	}
	return &Callback{url: to, secret: key, client: channels.NewClient(0, maxAnswer)}, nil
}

// said is the body of a callback.
type said struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Conversation string `json:"conversation"`
		entry
	} `json:"data"`
}

// Send implements channels.Sender. The body is the same on every try, the
// signature is not, since it covers the time.
func (c *Callback) Send(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error {
	body := said{Type: "message.created", Timestamp: m.At}
	body.Data.Conversation = to.Peer
	body.Data.entry = entry{m.Seq, m.From, m.Author, m.Text, choicesOf(m)}
	payload, err := json.Marshal(body)
	if err != nil {
		return &channels.Failure{Kind: channels.Refused, Err: fmt.Errorf("rest: encode message %d: %w", m.Seq, err)}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(payload))
	if err != nil {
		return &channels.Failure{Kind: channels.Refused, Err: err}
	}
	c.secret.Sign(request.Header, key, time.Now(), payload)
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// What is read leaves the connection to the next message.
	_, _ = io.Copy(io.Discard, response.Body)
	return judge(response, time.Now())
}

// judge turns an answer into a failure, nil if the message was taken. An error
// of the server may have come after it took the message, unless it is 503. What the
// receiver calls its status is not told: it may repeat the message.
func judge(r *http.Response, now time.Time) error {
	fail := func(kind channels.FailureKind) error {
		return &channels.Failure{Kind: kind, After: retryAfter(r.Header.Get("Retry-After"), now), Err: fmt.Errorf("the receiver answers %d", r.StatusCode)}
	}
	switch {
	case r.StatusCode/100 == 2:
		return nil
	case r.StatusCode == http.StatusTooManyRequests,
		r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "":
		return fail(channels.Limited)
	case r.StatusCode == http.StatusServiceUnavailable, r.StatusCode == http.StatusRequestTimeout:
		return fail(channels.Absent)
	case r.StatusCode >= 500:
		return fail(channels.Unsure)
	case r.StatusCode == http.StatusGone:
		return fail(channels.Gone)
	default:
		return fail(channels.Refused)
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
