package telegram

import (
	"strings"

	"supportbot"
)

// spoken reads a text, in which a command may stand after other words: they are
// said first.
func spoken(in supportbot.Inbound, text string) []supportbot.Inbound {
	words, does, ok := command(text)
	if !ok {
		in.Kind, in.Text = supportbot.InText, text
		return []supportbot.Inbound{in}
	}
	does.Address, does.ID, does.Language = in.Address, in.ID, in.Language
	if words == "" {
		return []supportbot.Inbound{does}
	}
	in.Kind, in.Text = supportbot.InText, words
	does.ID += ".2"
	return []supportbot.Inbound{in, does}
}

// command finds a command, what it does, and the words before it. Telegram's
// entities are not asked: they count in UTF-16, and are the sender's to forge.
func command(text string) (before string, does supportbot.Inbound, ok bool) {
	for rest := text; rest != ""; {
		at := strings.IndexByte(rest, '/')
		if at < 0 {
			return "", does, false
		}
		offset := len(text) - len(rest) + at
		rest = rest[at+1:]
		if before := text[:offset]; before != "" && !strings.HasSuffix(before, " ") && !strings.HasSuffix(before, "\n") {
			continue // "POS/ETC" and addresses
		}
		word, argument, _ := strings.Cut(strings.ReplaceAll(rest, "\n", " "), " ")
		name, _, _ := strings.Cut(word, "@")
		if does, ok = meaning(strings.ToLower(name), strings.TrimSpace(argument)); ok {
			return strings.TrimSpace(text[:offset]), does, true
		}
	}
	return "", does, false
}

// meaning is what a command does, as docs/channels/telegram.md lists them.
func meaning(name, argument string) (supportbot.Inbound, bool) {
	choose := func(value string) (supportbot.Inbound, bool) {
		return supportbot.Inbound{Kind: supportbot.InChoice, Choice: value}, true
	}
	switch name {
	case "start":
		in := supportbot.Inbound{Kind: supportbot.InOpen}
		if argument != "" { // t.me/BOT?start=TOPIC
			in.Choice = "topic:" + argument
		}
		return in, true
	case "help":
		return choose("control:menu")
	case "agent":
		return choose("control:agent")
	case "language":
		if l := supportbot.Language(strings.ToLower(argument)); l.Valid() {
			return choose("language:" + string(l))
		}
		return choose(otherLanguage)
	}
	return supportbot.Inbound{}, false
}

// otherLanguage stands for the language that the person does not speak now.
const otherLanguage = "language:"
