package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-telegram/bot"

	"supportbot"
)

const (
	// maxBody is far above the largest update: 4,096 characters, an answer to as
	// many, and what Telegram tells about both.
	maxBody = 256 << 10 // bytes
	// turnLimit is how long an update may take. Telegram waits 60 seconds, and
	// sends it again.
	turnLimit = 30 * time.Second
	// tapLimit is how long it may take to tell a button that it was pressed.
	tapLimit = 3 * time.Second
)

// webhook takes one update. Everything but 2xx makes Telegram send it again.
func (c *Channel) webhook(w http.ResponseWriter, r *http.Request) {
	// Hashes are compared, so that the time it takes tells nothing of the secret.
	given := sha256.Sum256([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")))
	if subtle.ConstantTimeCompare(given[:], c.secretHash[:]) != 1 {
		http.Error(w, "only Telegram knows the secret of this address", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooBig := (*http.MaxBytesError)(nil); errors.As(err, &tooBig) {
		c.opt.Log.ErrorContext(r.Context(), "Telegram update refused: too big", slog.Int64("limit", tooBig.Limit))
		http.Error(w, fmt.Sprintf("at most %d bytes", maxBody), http.StatusRequestEntityTooLarge)
		return
	}
	var u update
	if err == nil {
		u, err = decode(body)
	}
	if err != nil {
		http.Error(w, "no update of the Bot API", http.StatusBadRequest)
		return
	}
	if err := c.take(r.Context(), u); err != nil {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "not available at the moment", http.StatusServiceUnavailable)
	}
}

// take brings an update to its end. Without an error it is durable, or will
// never be taken.
func (c *Channel) take(ctx context.Context, u update) error {
	ctx, cancel := context.WithTimeout(ctx, turnLimit)
	defer cancel()
	for _, in := range u.inbound() {
		err := c.handle(ctx, in)
		switch {
		case errors.Is(err, supportbot.ErrConflict), errors.Is(err, supportbot.ErrInvalid):
			c.opt.Log.ErrorContext(ctx, "Telegram update dropped: it can never be taken", slog.Int64("update", u.ID), slog.Any("error", err))
		case err != nil:
			if ctx.Err() == nil && !errors.Is(err, supportbot.ErrBusy) { // which is counted
				c.opt.Log.ErrorContext(ctx, "Telegram update not taken, it comes again", slog.Int64("update", u.ID), slog.Any("error", err))
			}
			return err
		}
	}
	if err := c.wants(ctx, u); err != nil {
		c.opt.Log.ErrorContext(ctx, "Telegram picture not noted, its update comes again", slog.Int64("update", u.ID), slog.Any("error", err))
		return err
	}
	if u.Callback != nil {
		c.tapped(ctx, u.Callback)
	}
	return nil
}

func (c *Channel) handle(ctx context.Context, in supportbot.Inbound) error {
	// What defines the message, whichever way it came.
	raw, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("telegram: encode what defines a message: %w", err)
	}
	if in.Choice == otherLanguage {
		if in.Choice, err = c.otherLanguage(ctx, in.Address); err != nil {
			return err
		}
	}
	in.At = time.Now()
	_, err = c.conv.Handle(ctx, in, raw)
	return err
}

func (c *Channel) otherLanguage(ctx context.Context, at supportbot.Address) (string, error) {
	status, err := c.conv.Status(ctx, at)
	if status.Language == supportbot.English {
		return otherLanguage + string(supportbot.Chinese), err
	}
	return otherLanguage + string(supportbot.English), err
}

// tapped has the button stop waiting, and show for a moment what was chosen. It
// may fail: the reply comes all the same.
func (c *Channel) tapped(ctx context.Context, q *callback) {
	ctx, cancel := context.WithTimeout(ctx, tapLimit)
	defer cancel()
	_, err := c.bot.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: q.label()})
	if err = resultRead(err); err != nil {
		c.opt.Log.DebugContext(ctx, "Telegram button not answered", slog.Any("error", failure(err)))
	}
}
