package twilio

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"supportbot"
)

// A caller may key in another number to go on at. It is read back digit by digit and
// confirmed by a key. There nothing is said of the conversation until somebody has
// agreed, see onward.invite.

// askNumber asks for a number.
func askNumber(c *hop, before ...element) []element {
	c.keyed = ""
	return append(before, listenAt(pathAt, c.place, "true", asked{keys: mostDigits, timeout: typeTime}, say(c.lang, whichNumber[c.lang])))
}

// mostDigits are those of a number with its country code and what is dialled before.
const mostDigits = 18

// at takes the number, by keys or spoken, and reads it back.
func (v *Voice) at(ctx context.Context, c *hop) []element {
	if over(c.form) {
		v.hangUp(ctx, c)
		return []element{verb("Hangup")}
	}
	typed := digitsOf(c.form.Get("Digits") + c.form.Get("SpeechResult"))
	number := asDialled(typed, c.from)
	switch {
	case !v.mayText(c), typed == "":
		return v.again(ctx, c)
	case v.config.CheckPhone(number) != nil, number == v.config.From, number == v.config.WhatsAppFrom:
		if c.tries++; c.tries > maxTries {
			c.tries = 0
			return append([]element{say(c.lang, noText[c.lang])}, v.again(ctx, c)...)
		}
		return askNumber(c, say(c.lang, noNumber[c.lang]))
	}
	c.tries, c.keyed = 0, v.config.sealNumber(c.name, number)
	text := fmt.Sprintf(numberIs[c.lang], typed)
	if v.chats() {
		text += orChat[c.lang]
	}
	return []element{listenAt(pathSure, c.place, "true", asked{keys: 1, timeout: thinkTime}, say(c.lang, text+orAgain[c.lang]))}
}

// sure takes whether the number is right. What is no answer goes back to where the
// call was.
func (v *Voice) sure(ctx context.Context, c *hop) []element {
	if over(c.form) {
		v.hangUp(ctx, c)
		return []element{verb("Hangup")}
	}
	number, _ := v.config.openNumber(c.name, c.keyed)
	return v.chosen(ctx, c, number)
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// asDialled is the number that digits mean to somebody who calls from a number: one of
// the same country, unless they begin with 00 or with the code of that country.
func asDialled(digits, from string) string {
	home := strings.TrimPrefix(country(from), "+")
	switch abroad, is := strings.CutPrefix(digits, "00"); {
	case is:
		return "+" + abroad
	case strings.HasPrefix(digits, home) && len(digits) >= len(from)-1: // as long as the caller's own, with its code
		return "+" + digits
	}
	return "+" + home + strings.TrimPrefix(digits, "0")
}

// sealNumber hides a number of a call in the URL of its next hop, which Twilio and
// proxies may log; the same number always as the same text, so that a repeated hop
// gets the same answer.
func (c Config) sealNumber(call, number string) string {
	hash := hmac.New(sha256.New, c.numberKey("nonce"))
	hash.Write([]byte(call + number))
	box := c.numberBox()
	nonce := hash.Sum(nil)[:box.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(number), []byte(call)))
}

// openNumber is what sealNumber has hidden for a call.
func (c Config) openNumber(call, sealed string) (number string, ok bool) {
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	box := c.numberBox()
	if err != nil || len(data) < box.NonceSize() {
		return "", false
	}
	open, err := box.Open(nil, data[:box.NonceSize()], data[box.NonceSize():], []byte(call))
	return string(open), err == nil
}

func (c Config) numberBox() cipher.AEAD {
	block, err := aes.NewCipher(c.numberKey("number"))
	if err == nil {
		var box cipher.AEAD
		if box, err = cipher.NewGCM(block); err == nil {
			return box
		}
	}
	panic(err) // the key has the right length
}

func (c Config) numberKey(use string) []byte {
	hash := hmac.New(sha256.New, []byte(c.AuthToken))
	hash.Write([]byte("a number to go on at: " + use))
	return hash.Sum(nil)
}

var (
	whichNumber = wording{
		supportbot.Chinese: "请输入要用的手机号，输完按井号键。国外的号码，先按00和国家代码。",
		supportbot.English: "Please enter the number, then press the hash key. For a number of another country, begin with zero zero and the country code.",
	}
	noNumber = wording{
		supportbot.Chinese: "这个号码发不了，请再输一次。",
		supportbot.English: "I cannot write to that number. Please try again.",
	}
	numberIs = wording{
		supportbot.Chinese: "号码是%s。对的话，发短信请按1。",
		supportbot.English: "The number is %s. If that is right, press 1 for a text message. ",
	}
	orChat = wording{
		supportbot.Chinese: "发WhatsApp请按2。",
		supportbot.English: "Press 2 for WhatsApp. ",
	}
	orAgain = wording{
		supportbot.Chinese: "要重新输入，请按3。不用了，请按4。",
		supportbot.English: "To enter it again, press 3. To stay on the phone, press 4.",
	}
	textedThere = wording{
		supportbot.Chinese: "消息马上发到那个号码。请在那里回复三个字，“接着办”，就接着说。再见。",
		supportbot.English: "The message is on its way to that number. Reply with the words go on, and we continue there. Goodbye.",
	}
)
