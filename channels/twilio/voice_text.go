package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"supportbot"
	"supportbot/channels"
)

// A caller may go on by SMS, at the number that they call from, once they have said
// that it is theirs. It is the same conversation, and the same case. That number
// proves nothing: whoever was verified on the phone is verified again.

// movesPerDay is how many calls of one number go on by SMS within 24 hours.
const movesPerDay = 5

// Texts lets callers go on by SMS, and returns v.
func (v *Voice) Texts(ledger Ledger) *Voice {
	v.ledger = ledger
	return v
}

// mayText tells whether a caller's number may be written to.
func (v *Voice) mayText(c *hop) bool {
	return v.ledger != nil && e164Form.MatchString(c.from) && v.config.serves(c.from)
}

// wantsText tells whether the caller asks to go on by SMS.
func wantsText(digits, said string) bool {
	return digits == "#" || textWishes[strings.ToLower(strings.Trim(said, " .,!?。，！？"))]
}

// offerText asks whether the number is the caller's.
func (c *hop) offerText() []element {
	text := fmt.Sprintf(textTo[c.lang], c.from[len(c.from)-4:])
	return []element{listenAt(pathText, c.place, "true", asked{keys: 1, timeout: thinkTime}, say(c.lang, text))}
}

// text takes the answer to offerText. All but a yes goes back to where the call was.
func (v *Voice) text(ctx context.Context, c *hop) []element {
	if over(c.form) {
		v.hangUp(ctx, c)
		return []element{verb("Hangup")}
	}
	digits, said := c.form.Get("Digits"), strings.ToLower(strings.Trim(c.form.Get("SpeechResult"), " .,!?。，！？"))
	switch {
	case !v.mayText(c):
	case digits == "1", yeses[said]:
		return v.goOn(ctx, c)
	case digits == "0":
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InDigits, Digits: digits})
	}
	return v.again(ctx, c)
}

// again says what was said before.
func (v *Voice) again(ctx context.Context, c *hop) []element {
	if c.queued {
		return c.to(pathWait, func(p *place) { p.heard = p.before })
	}
	return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InDigits, Digits: "9"})
}

// goOn ends the call once its conversation goes on by SMS.
func (v *Voice) goOn(ctx context.Context, c *hop) []element {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	err := v.move(ctx, c)
	switch {
	case err == nil:
		return []element{say(c.lang, texted[c.lang]), verb("Hangup")}
	case errors.Is(err, errNoText):
		return append([]element{say(c.lang, noText[c.lang])}, v.again(ctx, c)...)
	}
	v.log.ErrorContext(ctx, "a call could not go on by SMS", slog.Any("error", err))
	if c.tries++; c.tries > maxTries {
		return v.giveUp(c.lang)
	}
	return append([]element{say(c.lang, sorries[c.lang])}, c.offerText()...)
}

// errNoText: the number has stopped messages, has another case there, or has gone on
// too often.
var errNoText = errors.New("the number is not written to")

// move has the conversation of a call go on at its number. Each part may be repeated.
func (v *Voice) move(ctx context.Context, c *hop) error {
	at := supportbot.Address{Channel: supportbot.SMS, Peer: c.from}
	status, err := v.conv.Status(ctx, at)
	switch {
	case err != nil:
		return fmt.Errorf("twilio: what a caller writes about: %w", err)
	case status.Case != nil:
		return errNoText
	}
	reach, err := v.ledger.Reach(ctx, at)
	switch {
	case errors.Is(err, supportbot.ErrNotFound): // a conversation, in which nothing is said, for STOP and START
		in := supportbot.Inbound{Address: at, ID: c.name, Kind: supportbot.InHangup, Language: c.lang, At: time.Now()}
		if _, err := v.conv.Handle(ctx, in, nil); err != nil {
			return fmt.Errorf("twilio: begin at the number of a caller: %w", err)
		}
	case err != nil:
		return fmt.Errorf("twilio: reach of a caller: %w", err)
	case reach.Stopped:
		return errNoText
	}
	kept, err := v.ledger.GoOn(ctx, c.address(), c.from, movesPerDay)
	switch {
	case err != nil:
		return fmt.Errorf("twilio: keep where a call goes on: %w", err)
	case !kept:
		return errNoText
	}
	_, err = v.conv.Handle(ctx, supportbot.Inbound{Address: c.address(), ID: "move", Kind: supportbot.InMove, At: time.Now()}, nil)
	if err != nil {
		return fmt.Errorf("twilio: go on by SMS: %w", err)
	}
	return nil
}

// longText is how many characters more than is spoken make a text worth reading.
const longText = 60

// abridged tells whether much of what is said is only to be read.
func abridged(said []supportbot.Message) bool {
	for _, m := range said {
		if m.Spoken != "" && utf8.RuneCountInString(channels.PlainText(m.Text))-utf8.RuneCountInString(m.Spoken) > longText {
			return true
		}
	}
	return false
}

var (
	orText = wording{
		supportbot.Chinese: "要改用短信接着办，请按井号键。",
		supportbot.English: "To go on by text message, press the hash key.",
	}
	textTo = wording{
		supportbot.Chinese: "发短信到您现在打来的号码，尾号%s，这通电话就挂断，对话在短信里接着办。要发请按1，不用请按2。",
		supportbot.English: "I text the number you are calling from, ending in %s, hang up, and we go on there. Press 1 for yes, or 2 for no.",
	}
	texted = wording{
		supportbot.Chinese: "短信马上就到，请在短信里接着说。再见。",
		supportbot.English: "The text message is on its way. Please go on there. Goodbye.",
	}
	noText = wording{
		supportbot.Chinese: "抱歉，这个号码现在发不了短信，我们在电话里接着办。",
		supportbot.English: "Sorry, I cannot text this number now. Let us go on here.",
	}
)

// textWishes are how callers ask for an SMS.
var textWishes = map[string]bool{
	"发短信给我": true, "给我发短信": true, "发短信": true, "发个短信": true, "给我发个短信": true, "改用短信": true, "用短信": true, "短信发给我": true, "发我短信": true,
	"text me": true, "send me a text": true, "send a text": true, "by text": true, "send me a text message": true, "text message": true, "by text message": true,
	"please text me": true, "can you text me": true,
}

// yeses are how callers agree that the number is theirs.
var yeses = map[string]bool{
	"对": true, "对的": true, "是": true, "是的": true, "好": true, "好的": true, "可以": true, "要": true, "发": true, "行": true,
	"yes": true, "yes please": true, "yes, please": true, "ok": true, "okay": true, "sure": true, "correct": true, "right": true,
}
