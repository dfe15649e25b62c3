package main

import (
	"errors"
	"log/slog"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/email"
	"supportbot/channels/rest"
	"supportbot/channels/telegram"
	"supportbot/channels/twilio"
	"supportbot/internal/delivery"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

// restCallback returns the callback of the REST channel, nil if it has none.
func (cmd *serveCmd) restCallback() (*rest.Callback, error) {
	if cmd.RESTCallback == "" {
		return nil, nil
	}
	if cmd.RESTKey == "" {
		return nil, errors.New("--rest-callback is for the REST channel, which is off without --rest-key")
	}
	return rest.NewCallback(cmd.RESTCallback, cmd.RESTCallbackSecret)
}

// deliveries returns a loop for each channel that must be sent to, and one for another
// desk; texts is the account for SMS and WhatsApp, if there is one.
func (cmd *serveCmd) deliveries(path *turn.Path, s *store.Store, telegram *telegram.Channel, texts twilio.Config, log *slog.Logger) (loops []*delivery.Loop, err error) {
	add := func(channel supportbot.Channel, sender channels.Sender) {
		loop := delivery.New(s, channel, sender, log)
		path.Sends(channel, loop.Hint)
		loops = append(loops, loop)
	}
	callback, err := cmd.restCallback()
	if callback != nil {
		add(supportbot.REST, callback)
	}
	if telegram != nil {
		add(supportbot.Telegram, telegram)
	}
	if config := cmd.email(cmd.PublicURL, cmd.AllowedOrigins); config.Enabled() {
		add(supportbot.Web, email.NewSender(config, s))
	} else {
		log.Info("nobody is answered by e-mail; set SUPPORTBOT_SMTP_URL and SUPPORTBOT_SMTP_FROM to switch it on")
	}
	if texts.Enabled() {
		sender := twilio.NewSender(texts, s)
		add(supportbot.SMS, sender)
		add(supportbot.WhatsApp, sender)
		add(supportbot.Voice, sender.Onward())
	}
	if err != nil {
		return nil, err
	}
	desk, err := cmd.otherDesk()
	if desk != nil {
		loop := delivery.NewFeed(s.Feed(), desk.Send, log)
		path.Feeds(loop.Hint)
		loops = append(loops, loop)
	}
	return loops, err
}
