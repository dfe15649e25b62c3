package twilio

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"supportbot"
)

// intro greets a caller whose language is not known, in both.
func intro(p place) []element {
	p.n++
	return []element{listen(p, "true", asked{hints: languageHints, keys: 1, timeout: thinkTime},
		say(supportbot.Chinese, introduction[supportbot.Chinese]), say(supportbot.English, introduction[supportbot.English]))}
}

// maxIntro is how often the language is asked for before it is taken to be
// Chinese.
const maxIntro = 2

// chooseLanguage takes the answer to the intro: a key, the name of a language, or
// already what the caller wants, whose words tell the language.
func (v *Voice) chooseLanguage(ctx context.Context, c *hop, digits, said string) []element {
	chosen, named := languageNames[strings.ToLower(strings.Trim(said, " .,!?。，！？"))]
	switch {
	case digits == "1", digits == "" && said == "" && c.intro >= maxIntro:
		chosen, named = supportbot.Chinese, true
	case digits == "2":
		chosen, named = supportbot.English, true
	case digits == "0":
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InDigits, Digits: digits, Language: c.lang})
	case digits == "" && said == "":
		c.intro++
		return intro(c.place)
	case digits != "":
		return intro(c.place)
	}
	if named {
		c.lang = chosen
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InOpen, Language: chosen})
	}
	c.lang = languageOf(said, c.lang)
	return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InText, Text: said, Language: c.lang})
}

// over tells whether the call is: https://www.twilio.com/docs/voice/api/call-resource#call-status-values.
func over(form url.Values) bool { return ended(form.Get("CallStatus")) }

func ended(status string) bool {
	switch status {
	case "completed", "busy", "failed", "no-answer", "canceled":
		return true
	}
	return false
}

// ended takes the news that a call is over. They may come twice, or late.
func (v *Voice) ended(w http.ResponseWriter, r *http.Request) {
	c, err := readHop(r)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case over(c.form) && !v.hangUp(r.Context(), c):
		http.Error(w, "not taken; send it again", http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// hangUp ends the conversation of a call, and remembers the caller's language. It
// tells whether the end is kept.
func (v *Voice) hangUp(ctx context.Context, c *hop) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*answerLimit)
	defer cancel()
	status, err := v.conv.Status(ctx, c.address())
	if err == nil && !status.Language.Valid() {
		return true // nothing was said
	}
	id := "hangup"
	if c.of != "" { // a second call of the conversation
		id += ":" + strings.Map(lettered, callNow(c))
	}
	if err == nil {
		_, err = v.conv.Handle(ctx, supportbot.Inbound{Address: c.address(), ID: id, Kind: supportbot.InHangup, At: time.Now()}, nil)
	}
	if err != nil {
		v.log.ErrorContext(ctx, "the end of a call was not kept", slog.Any("error", err))
		return false
	}
	if v.board != nil && status.Case != nil {
		v.board.gone(ctx, status.Case.ID, callNow(c))
	}
	if err := v.remember(ctx, c, status.Language); err != nil {
		v.log.WarnContext(ctx, "the language of a caller was not kept", slog.Any("error", err))
	}
	return true
}

// caller is a conversation in which nothing but the language of a number is kept.
func caller(number string) supportbot.Address {
	return supportbot.Address{Channel: supportbot.Voice, Peer: number}
}

// remembered is the language in which a number spoke the last time, "" if that is
// not known. It is a convenience: whoever calls may choose another one.
func (v *Voice) remembered(ctx context.Context, number string) supportbot.Language {
	if !e164Form.MatchString(number) {
		return ""
	}
	status, err := v.conv.Status(ctx, caller(number))
	if err != nil {
		v.log.WarnContext(ctx, "the language of a caller could not be read", slog.Any("error", err))
	}
	return status.Language
}

func (v *Voice) remember(ctx context.Context, c *hop, l supportbot.Language) error {
	if c.of != "" || !e164Form.MatchString(c.from) || v.remembered(ctx, c.from) == l {
		return nil
	}
	choice := "language:" + string(l)
	_, err := v.conv.Handle(ctx, supportbot.Inbound{
		Address: caller(c.from), ID: c.name, Kind: supportbot.InChoice, Choice: choice, Language: l, At: time.Now(),
	}, []byte(choice))
	if err != nil {
		return fmt.Errorf("twilio: remember the language of a caller: %w", err)
	}
	return nil
}
