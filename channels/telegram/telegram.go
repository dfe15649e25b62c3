// Package telegram is the channel for Telegram: a bot that merchants open from
// a link. What they send comes in by a webhook, or is fetched where the server
// cannot be reached from outside. An update is acknowledged once its message
// and the answer to it are durable, and may come again: the id of a message
// tells a repeat. Replies go out through the outbox.
//
// Of github.com/go-telegram/bot the calls are used. Its receiving half is not:
// it acknowledges first and keeps updates in memory, and one update that it
// cannot decode holds up all.
package telegram

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/go-telegram/bot"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/pictures"
)

// Options configure the channel.
type Options struct {
	Token     string         // of the bot, from BotFather; without one the channel is off
	Secret    string         // what Telegram sends with every update to the webhook; "" fetches updates instead
	Server    string         // the URL of a Bot API server; "" is Telegram's own
	Pictures  pictures.Store // keeps what people send, for agents to see
	PublicURL string         // how the world reaches this server, which Telegram is told where there is a Secret; "" leaves that to the operator
	Log       *slog.Logger
}

// What BotFather gives out, and what setWebhook takes,
// https://core.telegram.org/bots/api#setwebhook.
var (
	tokenForm  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]{20,}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

const telegramServer = "https://api.telegram.org"

// Check refuses options that could not work. Its errors name the setting and
// never hold a secret.
func (o Options) Check() error {
	if o.Token == "" {
		if o.Secret != "" {
			return errors.New("--telegram-secret is for Telegram, which is off without --telegram-token")
		}
		return nil
	}
	if !tokenForm.MatchString(o.Token) {
		return errors.New("--telegram-token must be as BotFather gives it, such as 123456789:AAE…")
	}
	if o.Secret != "" && !secretForm.MatchString(o.Secret) {
		return errors.New("--telegram-secret must be 1 to 256 of the characters A-Z a-z 0-9 _ -; make one with: openssl rand -hex 32")
	}
	u, err := url.Parse(o.server())
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return fmt.Errorf("--telegram-server must be a URL such as %s", telegramServer)
	}
	return nil
}

func (o Options) server() string {
	if o.Server == "" {
		return telegramServer
	}
	return strings.TrimSuffix(o.Server, "/")
}

// Channel is the Telegram channel.
type Channel struct {
	conv       channels.Conversations
	opt        Options
	secretHash [sha256.Size]byte
	client     channels.Client
	files      channels.Client
	bot        *bot.Bot
	pictures   *pictures.Fetcher // nil without a place to keep them
	flood      *flood
	parts      channels.Parts
}

// New returns the channel over conv. Its options have passed Check.
func New(conv channels.Conversations, opt Options) (*Channel, error) {
	c := &Channel{conv: conv, opt: opt, secretHash: sha256.Sum256([]byte(opt.Secret)), client: channels.NewClient(0, maxAnswer), flood: newFlood(), parts: channels.NewParts()}
	c.files = channels.NewClient(downloadLimit, pictures.MaxBytes+1)
	if opt.Pictures != nil {
		c.pictures = pictures.New(opt.Pictures, conv, c.download, opt.Log, supportbot.Telegram)
	}
	var err error
	c.bot, err = bot.New(opt.Token, bot.WithSkipGetMe(), bot.WithServerURL(opt.server()), bot.WithHTTPClient(callLimit, c.client),
		bot.WithErrorsHandler(func(error) {})) // it hears of nothing but bodies that would not close
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	return c, nil
}

// Routes lists the webhook: nothing without a secret.
func (c *Channel) Routes() []channels.Route {
	if c.opt.Secret == "" {
		return nil
	}
	return []channels.Route{{Pattern: "POST " + webhookPath, Handler: http.HandlerFunc(c.webhook)}}
}

const webhookPath = "/channels/telegram"

// Run tells Telegram where updates go, fetches them if there is no webhook, and
// fetches pictures, until ctx ends.
func (c *Channel) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	if c.pictures != nil {
		running.Go(func() { c.pictures.Run(ctx) })
	}
	switch {
	case c.opt.Secret == "":
		c.settle(ctx, "fetched", c.deleteWebhook)
		c.poll(ctx)
	case c.opt.PublicURL != "":
		c.settle(ctx, "webhook", c.setWebhook)
	default:
		c.opt.Log.Info("Telegram is not told of the webhook; set --public-url, or see docs/channels/telegram.md")
	}
}

// settle makes a call again until it succeeds.
func (c *Channel) settle(ctx context.Context, how string, call func(context.Context) error) {
	for pause := newPause(); ctx.Err() == nil; pause.wait(ctx, 0) {
		limited, cancel := context.WithTimeout(ctx, callLimit)
		err := call(limited)
		cancel()
		if err == nil {
			c.opt.Log.Info("Telegram knows how updates come", slog.String("how", how))
			return
		}
		if ctx.Err() == nil {
			c.opt.Log.Error("Telegram cannot be told how updates come, will try again", slog.Any("error", failure(err)))
		}
	}
}

// Updates that were not fetched are kept, 24 hours.
func (c *Channel) deleteWebhook(ctx context.Context) error {
	_, err := c.bot.DeleteWebhook(ctx, &bot.DeleteWebhookParams{})
	return resultRead(err)
}

func (c *Channel) setWebhook(ctx context.Context) error {
	_, err := c.bot.SetWebhook(ctx, &bot.SetWebhookParams{
		URL: strings.TrimSuffix(c.opt.PublicURL, "/") + webhookPath, SecretToken: c.opt.Secret, AllowedUpdates: allowed,
	})
	return resultRead(err)
}

func address(chat int64) supportbot.Address {
	return supportbot.Address{Channel: supportbot.Telegram, Peer: fmt.Sprint(chat)}
}
