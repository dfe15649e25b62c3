package telegram

import (
	"context"
	"errors"
	"strconv"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"supportbot"
	"supportbot/channels"
)

// Send implements channels.Sender. Telegram tells no repeat: a message whose
// answer is lost on the way may come twice.
func (c *Channel) Send(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error {
	chat, err := strconv.ParseInt(to.Peer, 10, 64)
	if err != nil {
		return &channels.Failure{Kind: channels.Gone, Err: errors.New("telegram: the address is no chat")}
	}
	parts := render(m)
	return c.parts.Send(key, len(parts), func(i int) error {
		if err := c.flood.wait(ctx); err != nil {
			return err
		}
		return c.sendPart(ctx, chat, parts[i])
	})
}

func (c *Channel) sendPart(ctx context.Context, chat int64, p part) error {
	noPreview := true
	params := &bot.SendMessageParams{
		ChatID: chat, Text: p.html, ParseMode: models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: &noPreview},
	}
	if len(p.choices) > 0 {
		params.ReplyMarkup = buttons(p.choices)
	}
	_, err := c.bot.SendMessage(ctx, params)
	if err = resultRead(err); err == nil {
		return nil
	}
	f := failure(err)
	if f.Kind == channels.Limited {
		c.flood.told(chat, f.After)
	}
	return f
}

// buttons puts each choice on a line of its own: a large target, whole words.
func buttons(choices []supportbot.Choice) keyboard {
	rows := make([][]button, len(choices))
	for i, choice := range choices {
		rows[i] = []button{{choice.Label, choice.Value}}
	}
	return keyboard{rows}
}
