package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"supportbot/channels"
)

// The ports that Telegram calls: https://core.telegram.org/bots/api#setwebhook.
var webhookPorts = []string{"", "443", "80", "88", "8443"}

const (
	manyWait    = 100       // updates: more than come together while a server starts again
	recentFault = time.Hour // an error before that is history
)

// Examine looks at the bot and at how its updates come; with apply, it tells
// Telegram how they shall. Findings come as far as it got, also with an error.
func (o Options) Examine(ctx context.Context, apply bool) (found []channels.Finding, err error) {
	c, err := New(nil, o)
	if err != nil {
		return nil, err
	}
	me, err := c.bot.GetMe(ctx)
	if err != nil {
		why := failure(err)
		f := channels.Finding{What: "the bot at " + o.server(), Remedy: "it does not answer; look whether this machine reaches it"}
		if errors.Is(err, bot.ErrorUnauthorized) || errors.Is(err, bot.ErrorNotFound) {
			f.Remedy = "look whether --telegram-token is as BotFather shows it under /mybots, API Token"
		}
		return []channels.Finding{f}, why
	}
	found = append(found, channels.Finding{What: "the bot is @" + me.Username})
	info, err := c.bot.GetWebhookInfo(ctx)
	if err != nil {
		return append(found, channels.Finding{What: "how updates come", Remedy: "try again"}), failure(err)
	}
	way, err := c.way(ctx, info.URL, apply)
	return append(found, append(way, waiting(info)...)...), err
}

// way looks at how updates come, and changes it with apply.
func (c *Channel) way(ctx context.Context, now string, apply bool) (found []channels.Finding, err error) {
	want := strings.TrimSuffix(c.opt.PublicURL, "/") + webhookPath
	wrong, settle, done := "", c.setWebhook, channels.Finding{What: "Telegram sends updates to " + want}
	switch {
	case c.opt.Secret == "" && now == "":
		return []channels.Finding{{What: "updates are fetched, and no webhook stands in the way"}}, nil
	case c.opt.Secret == "":
		wrong, settle, done.What = "Telegram sends updates to another address, so none can be fetched", c.deleteWebhook, "updates can be fetched from now on"
	case c.opt.PublicURL == "" && now == "":
		return []channels.Finding{{What: "the webhook is not set", Remedy: "give --public-url, how Telegram reaches this server"}}, nil
	case c.opt.PublicURL == "":
		return []channels.Finding{{What: "Telegram sends updates somewhere", Remedy: "give --public-url, and it is compared with that"}}, nil
	case !callable(want):
		return []channels.Finding{{What: "the address " + want, Remedy: "Telegram calls https only, on port 443, 80, 88 or 8443"}}, nil
	case now == "":
		wrong = "the webhook is not set"
	case now != want:
		wrong = "Telegram sends updates to another address than " + want
	}
	if !apply && wrong == "" { // the secret cannot be read back
		return []channels.Finding{done}, nil
	}
	if !apply {
		return []channels.Finding{{What: wrong, Remedy: "run this with --apply, or start the server, which tells Telegram by itself"}}, nil
	}
	if err := settle(ctx); err != nil {
		return []channels.Finding{{What: "Telegram is not told how updates come", Remedy: "try again"}}, failure(err)
	}
	return []channels.Finding{done}, nil
}

// callable tells whether Telegram calls such an address.
func callable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && slices.Contains(webhookPorts, u.Port())
}

// waiting looks at what has not come through. Telegram's words about it are left
// out but for the status that it was answered with.
func waiting(info *models.WebhookInfo) (found []channels.Finding) {
	f := channels.Finding{What: fmt.Sprintf("%d updates wait at Telegram", info.PendingUpdateCount)}
	if info.PendingUpdateCount > manyWait {
		f.Remedy = "look whether the server runs; it takes them when it does"
	}
	found = append(found, f)
	if info.URL == "" || time.Since(time.Unix(int64(info.LastErrorDate), 0)) > recentFault {
		return found
	}
	f = channels.Finding{What: "Telegram could not deliver an update within the last hour", Remedy: "look whether the server is reached from outside, with a certificate that all know"}
	for status, remedy := range map[string]string{
		"401": "its secret is another one: run this with --apply, with the --telegram-secret that the server has",
		"403": "a proxy before the server refuses it",
		"404": "what answers there is not this server, or it has no --telegram-secret",
		"502": "the proxy does not reach the server",
		"503": "the server has too much to do, or is starting",
	} {
		if strings.Contains(info.LastErrorMessage, status) {
			f.Remedy = remedy
		}
	}
	return append(found, f)
}
