package telegram_test

import (
	"supportbot"
	"supportbot/channels/channeltest"
)

const (
	wang     = `"from":{"id":52340017,"is_bot":false,"first_name":"王","language_code":"zh-hans"},"chat":{"id":52340017,"first_name":"王","type":"private"},"date":1764000000`
	smith    = `"from":{"id":614,"is_bot":false,"first_name":"Ann","last_name":"Smith","username":"ann","language_code":"en"},"chat":{"id":614,"first_name":"Ann","username":"ann","type":"private"},"date":1764000000`
	inGroup  = `"from":{"id":614,"is_bot":false,"first_name":"Ann","language_code":"en"},"chat":{"id":-1001888777666,"title":"Market hall","type":"supergroup"},"date":1764000000`
	onePhoto = `"photo":[{"file_id":"AgACAgUAAxkBAAIB","file_unique_id":"AQADc7","file_size":1412,"width":90,"height":67},{"file_id":"AgACAgUAAxkBAAIC","file_unique_id":"AQADc8","file_size":98412,"width":1280,"height":960}]`
)

// payloads are updates as the Bot API describes them, written by hand.
var payloads = []channeltest.Payload{
	said("words", `"message_id":11,`+wang+`,"text":" POS机密码忘了 "`, text("POS机密码忘了")),
	said("words of somebody who reads English", `"message_id":11,`+smith+`,"text":"terminal locked"`,
		supportbot.Inbound{Address: at("614"), ID: "m11", Kind: supportbot.InText, Text: "terminal locked", Language: supportbot.English}),
	said("a reply to an earlier message", `"message_id":11,`+wang+`,"text":"这个","reply_to_message":{"message_id":9,`+wang+`,"text":"旧"},"quote":{"text":"旧","position":0}`, text("这个")),
	said("a forwarded message", `"message_id":11,`+wang+`,"forward_origin":{"type":"hidden_user","sender_user_name":"x","date":1},"text":"转的"`, text("转的")),

	said("start", `"message_id":11,`+wang+`,"text":"/start","entities":[{"offset":0,"length":6,"type":"bot_command"}]`, does(supportbot.InOpen, "")),
	said("start by a link", `"message_id":11,`+wang+`,"text":"/start forgot-password"`, does(supportbot.InOpen, "topic:forgot-password")),
	said("help, to this bot", `"message_id":11,`+wang+`,"text":"/help@ShopHelpBot"`, does(supportbot.InChoice, "control:menu")),
	said("agent", `"message_id":11,`+wang+`,"text":"/AGENT"`, does(supportbot.InChoice, "control:agent")),
	said("a language", `"message_id":11,`+wang+`,"text":"/language zh"`, does(supportbot.InChoice, "language:zh")),
	said("the other language", `"message_id":11,`+wang+`,"text":"/language"`, does(supportbot.InChoice, "language:en")),
	said("Chinese before a command, and entities that lie", `"message_id":11,`+wang+`,"text":"密码忘了😀 /agent 快","entities":[{"offset":-5,"length":99999,"type":"bot_command"}]`,
		text("密码忘了😀"), supportbot.Inbound{Address: at("52340017"), ID: "m11.2", Kind: supportbot.InChoice, Choice: "control:agent", Language: supportbot.Chinese}),
	said("an unknown command", `"message_id":11,`+wang+`,"text":"/settings"`, text("/settings")),
	said("a slash that is no command", `"message_id":11,`+wang+`,"text":"POS/agent https://a.example/start"`, text("POS/agent https://a.example/start")),

	said("a photo", `"message_id":11,`+wang+`,`+onePhoto, unseen(supportbot.Photo, "m11", "")),
	said("a photo with words", `"message_id":11,`+wang+`,`+onePhoto+`,"caption":"报错E51"`,
		supportbot.Inbound{Address: at("52340017"), ID: "m11", Kind: supportbot.InText, Text: "报错E51", Unseen: supportbot.Photo, Language: supportbot.Chinese}),
	said("one photo of an album", `"message_id":12,`+wang+`,"media_group_id":"1367","`+onePhoto[1:], unseen(supportbot.Photo, "gBDGH", "")),
	said("a photo sent as a file", `"message_id":11,`+wang+`,"document":{"file_name":"a.png","mime_type":"image/png","file_id":"B","file_unique_id":"b","file_size":4}`, unseen(supportbot.Photo, "m11", "")),
	said("a file", `"message_id":11,`+wang+`,"document":{"file_name":"a.pdf","mime_type":"application/pdf","file_id":"B","file_unique_id":"b"}`, unseen(supportbot.Something, "m11", "")),
	said("a voice message", `"message_id":11,`+wang+`,"voice":{"duration":3,"mime_type":"audio/ogg","file_id":"A","file_unique_id":"a","file_size":9}`, unseen(supportbot.Sound, "m11", "")),
	said("a round video", `"message_id":11,`+wang+`,"video_note":{"duration":3,"length":240,"file_id":"A","file_unique_id":"a"}`, unseen(supportbot.Sound, "m11", "")),
	said("a sticker", `"message_id":11,`+wang+`,"sticker":{"width":512,"height":512,"emoji":"👍","set_name":"s","is_animated":false,"is_video":false,"type":"regular","file_id":"C","file_unique_id":"c"}`, unseen(supportbot.Something, "m11", "")),
	said("a place", `"message_id":11,`+wang+`,"location":{"latitude":31.2,"longitude":121.4}`, unseen(supportbot.Something, "m11", "")),
	said("a contact", `"message_id":11,`+wang+`,"contact":{"phone_number":"+8613800138000","first_name":"王","user_id":52340017}`, unseen(supportbot.Something, "m11", "")),
	said("a pinned message", `"message_id":11,`+wang+`,"pinned_message":{"message_id":3,`+wang+`,"text":"x"}`),
	said("another bot", `"message_id":11,"from":{"id":7,"is_bot":true,"first_name":"b"},"chat":{"id":7,"type":"private"},"date":1,"text":"hello"`),

	said("a command in a group", `"message_id":70,`+inGroup+`,"text":"/agent@ShopHelpBot card 6222020000000000000"`,
		supportbot.Inbound{Address: at("-1001888777666"), ID: "m70", Kind: supportbot.InUnseen, Unseen: supportbot.Group, Language: supportbot.English}),
	said("talk in a group", `"message_id":71,`+inGroup+`,"text":"who has the keys?"`),
	{
		Name: "a changed message", Body: `{"update_id":10,"edited_message":{"message_id":11,` + wang + `,"edit_date":1764000060,"text":"改过了"}}`,
		Want: []supportbot.Inbound{unseen(supportbot.Edit, "e11.1764000060", "改过了")},
	},
	{Name: "a live location moves", Body: `{"update_id":10,"edited_message":{"message_id":11,` + wang + `,"edit_date":1764000060,"location":{"latitude":31.2,"longitude":121.4,"live_period":900}}}`},
	{
		Name: "a button", Body: `{"update_id":10,"callback_query":{"id":"4382","from":{"id":52340017,"is_bot":false,"first_name":"王","language_code":"zh-hans"},"message":{"message_id":12,"from":{"id":7,"is_bot":true,"first_name":"b"},"chat":{"id":52340017,"type":"private"},"date":1764000000,"text":"?","reply_markup":{"inline_keyboard":[[{"text":"手机银行","callback_data":"way=app"}]]}},"chat_instance":"-1","data":"way=app"}}`,
		Want: []supportbot.Inbound{{Address: at("52340017"), ID: "cEDIC", Kind: supportbot.InChoice, Choice: "way=app", Language: supportbot.Chinese}},
	},
	{
		Name: "a button of a message too old for Telegram to show", Body: `{"update_id":10,"callback_query":{"id":"4383","from":{"id":614,"is_bot":false,"first_name":"A","language_code":"fr"},"message":{"message_id":12,"chat":{"id":614,"type":"private"},"date":0},"chat_instance":"-1","data":"topic:limits"}}`,
		Want: []supportbot.Inbound{{Address: at("614"), ID: "cEDID", Kind: supportbot.InChoice, Choice: "topic:limits", Language: supportbot.English}},
	},
	{Name: "a reaction", Body: `{"update_id":10,"message_reaction":{"chat":{"id":614,"type":"private"},"message_id":3,"date":1,"old_reaction":[],"new_reaction":[{"type":"emoji","emoji":"👍"}]}}`},
	{Name: "the bot was blocked", Body: `{"update_id":10,"my_chat_member":{"chat":{"id":614,"type":"private"},"from":{"id":614,"is_bot":false,"first_name":"A"},"date":1,"old_chat_member":{"user":{"id":7,"is_bot":true,"first_name":"b"},"status":"member"},"new_chat_member":{"user":{"id":7,"is_bot":true,"first_name":"b"},"status":"kicked","until_date":0}}}`},
	{Name: "what Telegram invents next year", Body: `{"update_id":10,"teleport":{"to":"Mars"}}`},
}

func at(peer string) supportbot.Address {
	return supportbot.Address{Channel: supportbot.Telegram, Peer: peer}
}

func said(name, fields string, want ...supportbot.Inbound) channeltest.Payload {
	return channeltest.Payload{Name: name, Body: `{"update_id":10,"message":{` + fields + `}}`, Want: want}
}

func text(words string) supportbot.Inbound {
	return supportbot.Inbound{Address: at("52340017"), ID: "m11", Kind: supportbot.InText, Text: words, Language: supportbot.Chinese}
}

func does(kind supportbot.InboundKind, choice string) supportbot.Inbound {
	return supportbot.Inbound{Address: at("52340017"), ID: "m11", Kind: kind, Choice: choice, Language: supportbot.Chinese}
}

func unseen(what supportbot.Unseen, id, words string) supportbot.Inbound {
	return supportbot.Inbound{Address: at("52340017"), ID: id, Kind: supportbot.InUnseen, Unseen: what, Text: words, Language: supportbot.Chinese}
}
