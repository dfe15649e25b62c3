package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/go-telegram/bot"

	"supportbot/channels"
)

const (
	pollWait  = 25 * time.Second // how long Telegram holds a request in which nothing comes
	pollPage  = 100              // updates of one answer, the most that Telegram gives
	pollAtOne = 16               // conversations whose updates are handled at the same time
)

// poll fetches updates. The offset acknowledges all before it, so it only moves
// past what has been taken.
func (c *Channel) poll(ctx context.Context) {
	var offset int64
	for pause := newPause(); ctx.Err() == nil; {
		updates, err := c.fetch(ctx, offset)
		if err == nil {
			var next int64
			if next, err = c.takeAll(ctx, updates); next > offset {
				offset = next
			}
		} else if ctx.Err() == nil {
			c.opt.Log.Error("cannot fetch updates from Telegram, will try again", slog.Any("error", err))
		}
		if err == nil {
			pause = newPause()
			continue
		}
		var limited *bot.TooManyRequestsError
		var atLeast time.Duration
		if errors.As(err, &limited) {
			atLeast = retryAfter(limited)
		}
		pause.wait(ctx, atLeast)
	}
}

// takeAll takes updates, those of one chat in order, and returns the offset
// after the last before which all are taken.
func (c *Channel) takeAll(ctx context.Context, updates []update) (offset int64, err error) {
	failed := make([]error, len(updates))
	byChat := map[int64][]int{}
	for i, u := range updates {
		byChat[u.chat()] = append(byChat[u.chat()], i)
	}
	var running sync.WaitGroup
	places := make(chan struct{}, pollAtOne)
	for _, own := range byChat {
		places <- struct{}{}
		running.Go(func() {
			defer func() { <-places }()
			var err error
			for _, i := range own {
				if err == nil {
					err = channels.Guard(func() error { return c.take(ctx, updates[i]) })
				}
				failed[i] = err // what comes after it waits
			}
		})
	}
	running.Wait()
	for i, u := range updates {
		if failed[i] != nil {
			return offset, failed[i]
		}
		offset = u.ID + 1
	}
	return offset, nil
}

// fetch asks for updates; the library has no call for that.
func (c *Channel) fetch(ctx context.Context, offset int64) ([]update, error) {
	ctx, cancel := context.WithTimeout(ctx, pollWait+callLimit)
	defer cancel()
	body, err := json.Marshal(map[string]any{"offset": offset, "limit": pollPage, "timeout": int(pollWait.Seconds()), "allowed_updates": allowed})
	if err != nil {
		return nil, fmt.Errorf("telegram: encode getUpdates: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.opt.server()+"/bot"+c.opt.Token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("telegram: getUpdates: no request can be made of --telegram-server") // the error would tell the token
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("telegram: getUpdates: %w", err)
	}
	defer response.Body.Close()
	var answer struct {
		OK         bool              `json:"ok"`
		Code       int               `json:"error_code"`
		Result     []json.RawMessage `json:"result"`
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("telegram: getUpdates: an answer %d that is no JSON", response.StatusCode)
	}
	if !answer.OK {
		return nil, refusal(answer.Code, answer.Parameters.RetryAfter)
	}
	updates := make([]update, len(answer.Result))
	for i, one := range answer.Result {
		if updates[i], err = decode(one); err != nil {
			// It must not hold up the others; its id is all that is needed.
			c.opt.Log.Error("Telegram update dropped: it cannot be read", slog.Int64("update", updates[i].ID))
			updates[i] = update{ID: updates[i].ID}
		}
	}
	return updates, nil
}

// refusal tells why Telegram gives no updates, and what to do.
func refusal(code, after int) error {
	switch code {
	case http.StatusConflict:
		return errors.New("telegram: getUpdates: another program fetches this bot's messages, or they go to a webhook; stop it, give each server a bot of its own, or set --telegram-secret")
	case http.StatusUnauthorized, http.StatusNotFound:
		return errors.New("telegram: getUpdates: " + badToken)
	case http.StatusTooManyRequests:
		return fmt.Errorf("telegram: getUpdates: %w", &bot.TooManyRequestsError{Message: "too many requests", RetryAfter: after})
	}
	return fmt.Errorf("telegram: getUpdates: Telegram answers %d", code)
}

// pause grows with every failure, and is drawn, so that servers do not come back
// together.
type pause time.Duration

const (
	shortestPause = 500 * time.Millisecond
	longestPause  = 30 * time.Second
)

func newPause() *pause { p := pause(shortestPause); return &p }

func (p *pause) wait(ctx context.Context, atLeast time.Duration) {
	full := time.Duration(*p)
	*p = pause(min(2*full, longestPause))
	select {
	case <-time.After(max(atLeast, full/2+rand.N(full/2))):
	case <-ctx.Done():
	}
}
