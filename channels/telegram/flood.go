package telegram

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"supportbot/channels"
)

// perSecond stays below the 30 messages a second that Telegram takes from a bot,
// https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
const perSecond = 25

// flood keeps what is sent below Telegram's limits. A chat that was told to wait
// does so in the outbox; when two are told at the same time, all wait.
type flood struct {
	rate *rate.Limiter

	mu       sync.Mutex
	lastChat int64     // that was told to wait,
	until    time.Time // and how long
	allUntil time.Time
}

func newFlood() *flood {
	return &flood{rate: rate.NewLimiter(perSecond, perSecond)}
}

// wait waits for a turn to send, or fails if that comes too late.
func (f *flood) wait(ctx context.Context) error {
	f.mu.Lock()
	rest := time.Until(f.allUntil)
	f.mu.Unlock()
	if rest <= 0 && f.rate.Wait(ctx) == nil {
		return nil
	}
	return &channels.Failure{Kind: channels.Limited, After: max(rest, time.Second), Err: errors.New("telegram: held back, so as not to send too much at once")}
}

// told keeps that a chat must wait.
func (f *flood) told(chat int64, after time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.lastChat != chat && now.Before(f.until) {
		f.allUntil = now.Add(after)
	}
	f.lastChat, f.until = chat, now.Add(after)
}
