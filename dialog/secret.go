package dialog

import (
	"regexp"

	"supportbot"
)

// Words for what nobody may be asked for, and words that say so.
var (
	secretName  = regexp.MustCompile(`(?i)passw|^pin$|_pin$|cvv|cvc|otp|sms_?code|card_?number|secret`)
	secretWords = regexp.MustCompile(`(?i)密码|验证码|短信码|动态码|卡号|身份证号|证件号|护照号|安全码|有效期|背面.{0,6}[三3]|[三3](位|个).{0,6}背面|` +
		`\b(password|pin|cvv|cvc|card (number|no)|(id|identity|document|passport)( card| document)? (number|no)|verification code|sms code|security code|(three|3)[- ]digits?\b.{0,24}\b(back|reverse)|(back|reverse)\b.{0,24}\b(three|3)[- ]digits?)\b`)
	lastFour    = regexp.MustCompile(`(?i)(后|末|最后)(四|4)位|尾号|last (four|4)`)
	warning     = regexp.MustCompile(`(?i)不要|请勿|别|不会|不用|无需|绝不|never|do not|don't|not `)
	neverTell   = regexp.MustCompile(`(?i)(不要|不用|无需|请勿|别|不会|绝不|never|do not|don't) ?.{0,2}(告诉|发|说|给|提供|问|tell|send|give|share|ask)`)
	sentenceEnd = regexp.MustCompile(`[。！？；!?;\n]|\. `)
)

// demand finds a wish to be told a secret.
var demand = regexp.MustCompile(`(?i)(告诉|发给|发送给|提供给|报给|说给|输入给)(我|我们|客服|这里).{0,6}(密码|验证码|PIN|CVV|卡号)|(密码|验证码|PIN|CVV|完整卡号).{0,6}(告诉|发给|报给|说给)(我|我们|客服)|\b(tell|send|give|read) (me|us|the agent)\b.{0,24}\b(password|pin|code|cvv|card number)\b`)

// AsksForSecret returns the first sentence of a text that asks for a password, a
// PIN, a code or a full card number. A sentence that warns of it does not.
func AsksForSecret(text string) (sentence string, asks bool) {
	for _, sentence := range sentenceEnd.Split(text, -1) {
		if demand.MatchString(sentence) && !warns(sentence) && !lastFour.MatchString(sentence) {
			return sentence, true
		}
	}
	return "", false
}

// demands refuses words that ask for a secret, wherever they are said. Those of
// an article are refused at their own place, by package lint.
func (c checker) demands(s *step, text supportbot.Text) {
	if do, ok := s.do.(*say); ok && do.article != "" {
		return
	}
	for _, form := range []map[supportbot.Language]string{text.Written, text.Spoken} {
		for _, l := range supportbot.Languages {
			if sentence, asks := AsksForSecret(form[l]); asks {
				c.problems.add(s.pos, "step %s asks for a secret in %s: %q; passwords, PINs, codes and full card numbers are never asked for", s.ID, l, sentence)
			}
		}
	}
}

// warns tells whether a sentence names a secret to warn of it: the negation
// stands before the secret, or before the telling.
func warns(sentence string) bool {
	no, secret := warning.FindStringIndex(sentence), secretWords.FindStringIndex(sentence)
	return no != nil && (secret == nil || no[0] < secret[0]) || neverTell.MatchString(sentence)
}

// secret refuses a question whose answer would be a secret: one that takes free
// words or digits and speaks of a secret other than to warn.
func (c checker) secret(s *step, q *ask, slot *Slot) {
	if slot.Type == supportbot.SlotEnum || slot.Type == supportbot.SlotBool || slot.Type == supportbot.SlotPick {
		return
	}
	found := secretName.MatchString(slot.Name)
	for _, text := range allTexts(s) {
		for _, form := range []map[supportbot.Language]string{text.Written, text.Spoken} {
			for _, words := range form {
				for _, sentence := range sentenceEnd.Split(words, -1) {
					found = found || secretWords.MatchString(sentence) && !warns(sentence) && !lastFour.MatchString(sentence)
				}
			}
		}
	}
	if found {
		c.problems.add(s.pos, "question %s asks for a secret; passwords, PINs, codes, ID and full card numbers are never asked for. Ask for the last four digits, or hand over to an agent", s.ID)
	}
}
