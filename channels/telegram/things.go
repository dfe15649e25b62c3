package telegram

import (
	"encoding/json"
	"strings"

	"supportbot"
)

// things are what a message may hold beside or instead of words,
// https://core.telegram.org/bots/api#message.
type things struct {
	Photo     json.RawMessage `json:"photo"`
	Voice     json.RawMessage `json:"voice"`
	Audio     json.RawMessage `json:"audio"`
	Video     json.RawMessage `json:"video"`
	VideoNote json.RawMessage `json:"video_note"`
	Animation json.RawMessage `json:"animation"`
	Sticker   json.RawMessage `json:"sticker"`
	Dice      json.RawMessage `json:"dice"`
	Location  json.RawMessage `json:"location"`
	Venue     json.RawMessage `json:"venue"`
	Contact   json.RawMessage `json:"contact"`
	Poll      json.RawMessage `json:"poll"`
	Story     json.RawMessage `json:"story"`
	Checklist json.RawMessage `json:"checklist"`
	PaidMedia json.RawMessage `json:"paid_media"`
	Document  *sized          `json:"document"`
}

// unseen tells what the bot cannot see of a message, "" if nothing.
func (t things) unseen() supportbot.Unseen {
	switch {
	case t.Photo != nil, t.Document != nil && strings.HasPrefix(t.Document.MIME, "image/"):
		return supportbot.Photo
	case t.Voice != nil, t.Audio != nil, t.Video != nil, t.VideoNote != nil:
		return supportbot.Sound
	case t.Document != nil, t.Animation != nil, t.Sticker != nil, t.Dice != nil, t.Location != nil, t.Venue != nil,
		t.Contact != nil, t.Poll != nil, t.Story != nil, t.Checklist != nil, t.PaidMedia != nil:
		return supportbot.Something
	}
	return ""
}
