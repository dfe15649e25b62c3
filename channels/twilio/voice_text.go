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

// A caller may go on in writing, by SMS or on WhatsApp, at the number that they call
// from once they have said that it is theirs, or at another one that they key in. It
// is the same conversation, and the same case. Neither number proves anything:
// whoever was verified on the phone is verified again. See voice_at.go for a number
// that was keyed in.

// How many calls go on within 24 hours: at one number that calls, and at one, or by
// one, where the number was keyed in.
const (
	movesPerDay = 5
	keyedPerDay = 2
)

// Texts lets callers go on in writing, and returns v.
func (v *Voice) Texts(ledger Ledger) *Voice {
	v.ledger = ledger
	return v
}

// mayText tells whether a caller's number may be written to. Who hides it is not let
// go on at another one either: what a number keys in is counted.
func (v *Voice) mayText(c *hop) bool {
	return v.ledger != nil && e164Form.MatchString(c.from) && v.config.serves(c.from)
}

// chats tells whether callers may go on on WhatsApp. There a business may begin with
// a template alone, which the person answers.
func (v *Voice) chats() bool { return v.config.WhatsAppFrom != "" && v.config.Template != "" }

// words are what a caller says, in the form of the lists below.
func (c *hop) words() string {
	return strings.ToLower(strings.Trim(c.form.Get("SpeechResult"), " .,!?。，！？"))
}

// wantsText tells whether the caller asks to go on in writing.
func wantsText(digits, said string) bool {
	return digits == "#" || textWishes[strings.ToLower(strings.Trim(said, " .,!?。，！？"))]
}

// offerText asks whether the number is the caller's, and how to go on.
func (v *Voice) offerText(c *hop) []element {
	text := fmt.Sprintf(textTo[c.lang], c.from[len(c.from)-4:])
	if v.chats() {
		text += chatTo[c.lang]
	}
	return []element{listenAt(pathText, c.place, "true", asked{keys: 1, timeout: thinkTime}, say(c.lang, text+orElsewhere[c.lang]))}
}

// text takes the answer to offerText. What is none goes back to where the call was.
func (v *Voice) text(ctx context.Context, c *hop) []element {
	if over(c.form) {
		v.hangUp(ctx, c)
		return []element{verb("Hangup")}
	}
	return v.chosen(ctx, c, c.from)
}

// chosen takes how to go on at a number, which keys and words of the same meaning
// say wherever one is read out; no number, and no answer, lead back.
func (v *Voice) chosen(ctx context.Context, c *hop, number string) []element {
	digits, said := c.form.Get("Digits"), c.words()
	switch {
	case number == "", !v.mayText(c):
	case digits == "1", yeses[said]:
		return v.goOn(ctx, c, supportbot.SMS, number)
	case v.chats() && (digits == "2" || chatWishes[said]):
		return v.goOn(ctx, c, supportbot.WhatsApp, number)
	case digits == "3", elsewhere[said]:
		return askNumber(c)
	case digits == "0":
		c.keyed = ""
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InDigits, Digits: digits})
	}
	return v.again(ctx, c)
}

// again says what was said before.
func (v *Voice) again(ctx context.Context, c *hop) []element {
	c.keyed = ""
	if c.queued {
		return c.to(pathWait, func(p *place) { p.heard = p.before })
	}
	return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InDigits, Digits: "9"})
}

// goOn ends the call once its conversation goes on at a number.
func (v *Voice) goOn(ctx context.Context, c *hop, by supportbot.Channel, number string) []element {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	err := v.move(ctx, c, supportbot.Address{Channel: by, Peer: number})
	switch {
	case err == nil && number != c.from:
		return []element{say(c.lang, textedThere[c.lang]), verb("Hangup")}
	case err == nil && by == supportbot.WhatsApp:
		return []element{say(c.lang, chatted[c.lang]), verb("Hangup")}
	case err == nil:
		return []element{say(c.lang, texted[c.lang]), verb("Hangup")}
	case errors.Is(err, errNoText):
		return append([]element{say(c.lang, noText[c.lang])}, v.again(ctx, c)...)
	}
	v.log.ErrorContext(ctx, "a call could not go on in writing", slog.Any("error", err))
	c.keyed = ""
	if c.tries++; c.tries > maxTries {
		return v.giveUp(c.lang)
	}
	return append([]element{say(c.lang, sorries[c.lang])}, v.offerText(c)...)
}

// errNoText: the number has stopped messages, has another case there, or has gone on
// too often.
var errNoText = errors.New("the number is not written to")

// move has the conversation of a call go on at a number. Each part may be repeated.
func (v *Voice) move(ctx context.Context, c *hop, to supportbot.Address) error {
	moved, most := channels.Move{Call: c.address(), To: to, Agreed: true}, movesPerDay
	if to.Peer != c.from {
		moved.By, moved.Agreed, most = c.from, false, keyedPerDay
	}
	if err := v.reachable(ctx, c, to, moved.Agreed); err != nil {
		return err
	}
	kept, err := v.ledger.GoOn(ctx, moved, most)
	switch {
	case err != nil:
		return fmt.Errorf("twilio: keep where a call goes on: %w", err)
	case !kept:
		return errNoText
	}
	_, err = v.conv.Handle(ctx, supportbot.Inbound{
		Address: c.address(), ID: "move", Kind: supportbot.InMove, To: to.Channel, Keyed: !moved.Agreed, At: time.Now(),
	}, nil)
	if err != nil {
		return fmt.Errorf("twilio: go on in writing: %w", err)
	}
	return nil
}

// reachable sees to it that there is a conversation at a number, for STOP and START,
// in which nothing is said. Of the caller's own it tells, by errNoText, that it is not
// written to; of another one nobody finds out by calling.
func (v *Voice) reachable(ctx context.Context, c *hop, at supportbot.Address, own bool) error {
	if own {
		taken, err := v.taken(ctx, c, at)
		if err != nil {
			return fmt.Errorf("twilio: what a caller writes about: %w", err)
		}
		if taken {
			return errNoText
		}
	}
	reach, err := v.ledger.Reach(ctx, at)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		in := supportbot.Inbound{Address: at, ID: c.name, Kind: supportbot.InHangup, Language: c.lang, At: time.Now()}
		if _, err := v.conv.Handle(ctx, in, nil); err != nil {
			return fmt.Errorf("twilio: begin at the number of a caller: %w", err)
		}
	case err != nil:
		return fmt.Errorf("twilio: reach of a caller: %w", err)
	case reach.Stopped && own:
		return errNoText
	}
	return nil
}

// taken tells whether what the caller writes from a number belongs to a case, of that
// number or of an earlier call that goes on there.
func (v *Voice) taken(ctx context.Context, c *hop, at supportbot.Address) (bool, error) {
	status, err := v.conv.Status(ctx, at)
	if err != nil || status.Case != nil {
		return status.Case != nil, err
	}
	moved, err := v.ledger.Moved(ctx, at, true)
	if errors.Is(err, supportbot.ErrNotFound) || err == nil && moved.Call == c.address() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	status, err = v.conv.Status(ctx, moved.Call)
	return status.Case != nil, err
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
		supportbot.Chinese: "改用文字接着办，这通电话就挂断。发短信到您现在打来的号码，尾号%s，请按1。",
		supportbot.English: "We can go on in writing, and I hang up. For text messages to the number you are calling from, ending in %s, press 1. ",
	}
	chatTo = wording{
		supportbot.Chinese: "用WhatsApp发到这个号码，请按2。",
		supportbot.English: "For WhatsApp at that number, press 2. ",
	}
	orElsewhere = wording{
		supportbot.Chinese: "发到别的号码，请按3。不用了，请按4。",
		supportbot.English: "For another number, press 3. To stay on the phone, press 4.",
	}
	chatted = wording{
		supportbot.Chinese: "请打开WhatsApp，回复我们发给您的消息，就在那里接着说。再见。",
		supportbot.English: "Please open WhatsApp and answer our message. We go on there. Goodbye.",
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
	"whatsapp": true, "用whatsapp": true, "on whatsapp": true, "please text me": true, "can you text me": true,
}

// chatWishes are how callers ask for WhatsApp, and elsewhere for another number.
var (
	chatWishes = map[string]bool{"whatsapp": true, "用whatsapp": true, "by whatsapp": true, "on whatsapp": true, "what's app": true}
	elsewhere  = map[string]bool{"别的号码": true, "另一个号码": true, "换个号码": true, "换一个号码": true, "another number": true, "a different number": true}
)

// yeses are how callers agree that the number is theirs.
var yeses = map[string]bool{
	"对": true, "对的": true, "是": true, "是的": true, "好": true, "好的": true, "可以": true, "要": true, "发": true, "行": true, "短信": true,
	"yes": true, "yes please": true, "yes, please": true, "ok": true, "okay": true, "sure": true, "correct": true, "right": true, "text": true, "text message": true,
}
