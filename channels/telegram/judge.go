package telegram

import (
	"errors"
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

// resultRead takes an answer for what it is: the library fails also where
// Telegram has done what was asked but tells of it in a form that is new.
func resultRead(err error) error {
	if err != nil && strings.Contains(err.Error(), "error decode response result") {
		return nil
	}
	return err
}

// failure tells what a failed call means. Telegram's own words are left out: they
// may repeat the message.
func failure(err error) *channels.Failure {
	fail := func(kind channels.FailureKind, reason string) *channels.Failure {
		return &channels.Failure{Kind: kind, Err: errors.New("telegram: " + reason)}
	}
	var limited *bot.TooManyRequestsError
	var moved *bot.MigrateError
	var unanswered *channels.Failure
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
	case errors.As(err, &unanswered):
		return fail(unanswered.Kind, unanswered.Err.Error())
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
