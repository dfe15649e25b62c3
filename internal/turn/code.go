package turn

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"time"

	"golang.org/x/text/unicode/norm"

	"supportbot"
	"supportbot/handoff"
)

// SealCode is what is kept of a one-time code: nobody finds the code from it without
// the key of the path. It holds for one case.
func (p *Path) SealCode(caseID, code string) string {
	mac := hmac.New(sha256.New, p.key)
	fmt.Fprintf(mac, "one-time code %q %q", caseID, code)
	return hex.EncodeToString(mac.Sum(nil))
}

// sixDigits is a code as people type it, by itself or with a few words.
var sixDigits = regexp.MustCompile(`^(\D{0,20})(\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d)(\D{0,20})$`)

// typedCode is what stands in the place of a code in the words of a person.
const typedCode = "[code]"

// takeCode takes a one-time code that is waited for out of what a person wrote, before
// anything is kept of it.
func (p *Path) takeCode(c *supportbot.Case, in supportbot.Inbound, now time.Time) supportbot.Inbound {
	words := spoken(&in)
	if words == nil || !handoff.CodePending(c, now) {
		return in
	}
	if m := sixDigits.FindStringSubmatch(norm.NFKC.String(*words)); m != nil {
		in.Code = p.SealCode(c.ID, handoff.Normal(handoff.Digits, m[2]))
		*words = typedCode
	}
	return in
}

// codeWords are what the person is told of a code.
var codeWords = map[string]map[supportbot.Language]string{
	"sent": {
		supportbot.Chinese: "刚给您登记的手机发了一条短信，里面有6位数字。请您自己把这6位数字发到这里，不要告诉任何人，客服也不用知道。",
		supportbot.English: "We have just sent six digits by text message to the phone that we have on file. Please type them here yourself, and tell them to nobody, not even the agent.",
	},
	"right": {
		supportbot.Chinese: "收到，数字是对的。请接着跟客服说。",
		supportbot.English: "Thank you, the digits are right. Please go on with the agent.",
	},
	"wrong": {
		supportbot.Chinese: "这6位数字不对。请看一下最新的那条短信，再发一次。",
		supportbot.English: "These digits are not right. Please look at the latest text message, and type them again.",
	},
	"over": {
		supportbot.Chinese: "这条短信里的数字不能用了。需要的话，客服会再发一条。",
		supportbot.English: "The digits of this message can no longer be used. If need be, the agent sends you new ones.",
	},
}

func (b *build) tellOfCode(what string) {
	b.say(supportbot.Message{From: supportbot.FromBot, Text: codeWords[what][b.session.Language]})
}

// typed handles a one-time code that the person has typed. The engine has no part in it.
func (b *build) typed() {
	b.say(supportbot.Message{From: supportbot.FromUser, Text: typedCode, ReplyTo: b.in.ID})
	if !handoff.CodePending(b.now(), b.in.At) {
		b.tellOfCode("over")
		return
	}
	b.apply(supportbot.AgentAct{Kind: supportbot.ActTyped, Code: b.in.Code})
	code := b.now().Checks.Code
	switch {
	case b.now().Checks.Item(code.Item).Match:
		b.tellOfCode("right")
	case code.Hash == "":
		b.tellOfCode("over")
	default:
		b.tellOfCode("wrong")
	}
}
