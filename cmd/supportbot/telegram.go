package main

import (
	"log/slog"

	"supportbot/channels"
	"supportbot/channels/telegram"
	"supportbot/internal/store"
)

type telegramFlags struct {
	TelegramToken  string `help:"Token of the Telegram bot, from BotFather; without one Telegram is off." placeholder:"TOKEN" env:"SUPPORTBOT_TELEGRAM_TOKEN"`
	TelegramSecret string `help:"What Telegram must send with every update to /channels/telegram; without it updates are fetched." placeholder:"SECRET" env:"SUPPORTBOT_TELEGRAM_SECRET"`
	TelegramServer string `help:"URL of another Bot API server." placeholder:"URL" env:"SUPPORTBOT_TELEGRAM_SERVER"`
}

func (f telegramFlags) telegramOptions(publicURL string, log *slog.Logger) telegram.Options {
	return telegram.Options{Token: f.TelegramToken, Secret: f.TelegramSecret, Server: f.TelegramServer, PublicURL: publicURL, Log: log}
}

// telegram returns the Telegram channel, nil if it is off.
func (cmd *serveCmd) telegram(conv channels.Conversations, s *store.Store, log *slog.Logger) (*telegram.Channel, error) {
	if cmd.TelegramToken == "" {
		log.Info("the Telegram channel is off; set SUPPORTBOT_TELEGRAM_TOKEN to switch it on")
		return nil, nil
	}
	opt := cmd.telegramOptions(cmd.PublicURL, log)
	opt.Pictures = s
	return telegram.New(conv, opt)
}
