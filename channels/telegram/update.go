package telegram

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"supportbot"
)

// allowed are the kinds of updates that Telegram is asked for.
var allowed = []string{"message", "edited_message", "callback_query"}

// update is what the channel reads of https://core.telegram.org/bots/api#update.
// All else is left alone, so that what Telegram adds breaks nothing.
type update struct {
	ID       int64     `json:"update_id"`
	Message  *message  `json:"message"`
	Edited   *message  `json:"edited_message"`
	Callback *callback `json:"callback_query"`
}

type message struct {
	ID       int64  `json:"message_id"`
	From     user   `json:"from"`
	Chat     chat   `json:"chat"`
	EditDate int64  `json:"edit_date"`
	Album    string `json:"media_group_id"`
	Text     string `json:"text"`
	Caption  string `json:"caption"`
	things
}

type user struct {
	Bot      bool   `json:"is_bot"`
	Language string `json:"language_code"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type callback struct {
	ID      string `json:"id"`
	From    user   `json:"from"`
	Data    string `json:"data"`
	Message struct {
		Chat   chat     `json:"chat"`
		Markup keyboard `json:"reply_markup"`
	} `json:"message"`
}

// keyboard is what stands below a message. The library's buttons each say also
// that they copy an empty text.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

func decode(body []byte) (u update, err error) {
	if err = json.Unmarshal(body, &u); err != nil {
		err = fmt.Errorf("telegram: decode update: %w", err)
	}
	return u, err
}

// chat is where an update belongs, 0 for one that is left alone.
func (u update) chat() int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.Edited != nil:
		return u.Edited.Chat.ID
	case u.Callback != nil:
		return u.Callback.Message.Chat.ID
	}
	return 0
}

// inbound is what an update says, none if nothing. A message is known by its own
// id, not the update's, which Telegram may begin anew after a quiet week.
func (u update) inbound() []supportbot.Inbound {
	switch {
	case u.Message != nil && !u.Message.From.Bot:
		return u.Message.inbound()
	case u.Edited != nil && !u.Edited.From.Bot:
		return u.Edited.edited()
	case u.Callback != nil && u.Callback.Message.Chat.private() && u.Callback.Data != "":
		q := u.Callback
		return []supportbot.Inbound{{
			Address: address(q.Message.Chat.ID), ID: "c" + letters(q.ID), Kind: supportbot.InChoice, Choice: q.Data, Language: q.From.language(),
		}}
	}
	return nil
}

func (m *message) inbound() []supportbot.Inbound {
	in := supportbot.Inbound{Address: address(m.Chat.ID), ID: "m" + strconv.FormatInt(m.ID, 10), Language: m.From.language()}
	text := strings.TrimSpace(m.Text + m.Caption) // a message has one or none of them
	if !m.Chat.private() {
		// Others read what is said here. Who calls the bot is told to come in
		// private; what they wrote is not kept.
		if !strings.HasPrefix(text, "/") {
			return nil
		}
		in.Kind, in.Unseen = supportbot.InUnseen, supportbot.Group
		return []supportbot.Inbound{in}
	}
	in.Unseen = m.unseen()
	switch {
	case text != "" && in.Unseen != "":
		in.Kind, in.Text = supportbot.InText, text
	case text != "":
		return spoken(in, text)
	case in.Unseen != "":
		in.Kind = supportbot.InUnseen
		if m.Album != "" { // several pictures get one answer
			in.ID = "g" + letters(m.Album)
		}
	default: // a pinned message, another picture of the chat …
		return nil
	}
	return []supportbot.Inbound{in}
}

// edited shows an agent what a message says now. A live location is edited all
// the time, and says nothing.
func (m *message) edited() []supportbot.Inbound {
	text := strings.TrimSpace(m.Text + m.Caption)
	if text == "" || !m.Chat.private() {
		return nil
	}
	return []supportbot.Inbound{{
		Address: address(m.Chat.ID), ID: fmt.Sprintf("e%d.%d", m.ID, m.EditDate), Kind: supportbot.InUnseen,
		Unseen: supportbot.Edit, Text: text, Language: m.From.language(),
	}}
}

func (c chat) private() bool { return c.Type == "private" }

// language is that of the person's app: whoever reads no Chinese is more likely
// to read English.
func (u user) language() supportbot.Language {
	switch {
	case u.Language == "":
		return ""
	case strings.HasPrefix(u.Language, "zh"):
		return supportbot.Chinese
	}
	return supportbot.English
}

// letters writes a long number so that nobody takes it for a card's.
func letters(id string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return 'A' + r - '0'
		}
		return r
	}, id)
}

// label is what the pressed button says, "" if Telegram does not tell.
func (q *callback) label() string {
	for _, row := range q.Message.Markup.Rows {
		for _, b := range row {
			if b.Data == q.Data {
				return b.Text
			}
		}
	}
	return ""
}
