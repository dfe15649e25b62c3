package telegram

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-telegram/bot"

	"supportbot/channels"
)

const (
	callLimit   = 10 * time.Second
	maxAnswer   = 16 << 20 // bytes: a page of updates, each as large as they come
	longestWait = time.Hour
	badToken    = "Telegram does not know the token; see --telegram-token"
)

// client calls the Bot API. It follows no redirects, reads answers of bounded
// size, and its errors leave out the URL, in which the token stands.
type client struct{ *http.Client }

func newClient() client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64 // all go to one host
	return client{&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do implements bot.HttpClient.
func (c client) Do(r *http.Request) (*http.Response, error) {
	response, err := c.Client.Do(r)
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		return nil, &networkError{outer.Err}
	}
	if err != nil {
		return nil, &networkError{err}
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxAnswer), response.Body}
	return response, nil
}

// networkError is one whose words may be shown: they are the network's.
type networkError struct{ error }

func (e *networkError) Unwrap() error { return e.error }

// resultRead takes an answer for what it is: the library fails also where
// Telegram has done what was asked but tells of it in a form that is new.
func resultRead(err error) error {
	if err != nil && strings.Contains(err.Error(), "error decode response result") {
		return nil
	}
	return err
}

// failure tells what a failed call means; connected, whether Telegram can have
// heard of it. Telegram's own words are left out:
// they may repeat the message.
func failure(err error, connected bool) *channels.Failure {
	fail := func(kind channels.FailureKind, reason string) *channels.Failure {
		return &channels.Failure{Kind: kind, Err: errors.New("telegram: " + reason)}
	}
	var limited *bot.TooManyRequestsError
	var moved *bot.MigrateError
	var network *networkError
	switch {
	case errors.As(err, &limited):
		f := fail(channels.Limited, "too many messages at once")
		f.After = retryAfter(limited)
		return f
	case errors.Is(err, bot.ErrorForbidden):
		return fail(channels.Gone, "the person has blocked the bot, or is no longer there")
	case errors.As(err, &moved):
		return fail(channels.Gone, "the group has become another chat")
	case errors.Is(err, bot.ErrorBadRequest) && nowhere(err.Error()):
		return fail(channels.Gone, "there is no such chat")
	case errors.Is(err, bot.ErrorBadRequest):
		return fail(channels.Refused, "the message is refused")
	case errors.Is(err, bot.ErrorUnauthorized), errors.Is(err, bot.ErrorNotFound):
		return fail(channels.Absent, badToken)
	case errors.As(err, &network) && !connected:
		return fail(channels.Absent, network.Error())
	case errors.As(err, &network):
		return fail(channels.Unsure, network.Error())
	}
	return fail(channels.Unsure, "the answer is an error of the server, or none that can be read")
}

// nowhere tells whether a request was bad since nobody is there.
func nowhere(description string) bool {
	for _, words := range []string{"chat not found", "user not found", "PEER_ID_INVALID"} {
		if strings.Contains(description, words) {
			return true
		}
	}
	return false
}

// retryAfter is how long Telegram asks to wait, within bounds.
func retryAfter(e *bot.TooManyRequestsError) time.Duration {
	return min(max(time.Second, time.Duration(e.RetryAfter)*time.Second), longestWait)
}
