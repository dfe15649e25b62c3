package handoff

import (
	"regexp"
	"slices"
	"strings"

	"supportbot"
)

// Unsafe refuses words of an agent that ask for what nobody may be asked for, or hold
// it. It says why in the agents' languages.
type Unsafe struct {
	Say map[supportbot.Language]string
}

// Error implements error.
func (u *Unsafe) Error() string { return u.Say[supportbot.English] }

var (
	asks = &Unsafe{map[supportbot.Language]string{
		supportbot.Chinese: "没有发出：不能向商户要密码、PIN、验证码、卡背面三位数或完整卡号。需要核对就问卡号后四位，或用核对清单。",
		supportbot.English: "Not sent: never ask a merchant for a password, PIN, code, the digits on the back or a full card number. Ask for the last four digits, or use the checklist.",
	}}
	holds = &Unsafe{map[supportbot.Language]string{
		supportbot.Chinese: "没有发出：里面有完整卡号、密码、PIN、验证码或卡背面三位数。请删掉，卡号只写后四位。",
		supportbot.English: "Not sent: it holds a full card number, password, PIN, code or the digits on the back. Take it out; of a card number write the last four digits alone.",
	}}
)

// secretKinds are what masking calls that which no agent may write at all. Other
// numbers are masked, and the rest is sent.
var secretKinds = []string{"card", "password", "pin", "code", "cvv", "track"}

// NeverAsk refuses a text to a merchant, as *Unsafe, that asks for a secret or holds
// one. masked are the kinds of secrets that masking found in it. A sentence that warns of
// asking, or asks for the last four digits, is let be.
func NeverAsk(text string, masked []string) error {
	for _, sentence := range sentences.FindAllString(text, -1) {
		if asksForSecret(sentence) {
			return asks
		}
	}
	if slices.ContainsFunc(masked, func(kind string) bool { return slices.Contains(secretKinds, kind) }) {
		return holds
	}
	return nil
}

// A sentence ends at a full stop, and its parts at a comma.
var (
	sentences = regexp.MustCompile(`[^。！？；!?;\n]+[。！？；!?;\n]?`)
	clauses   = regexp.MustCompile(`[，,、：:—]|\. `)
)

const secretWords = `密码|口令|验证码|校验码|短信码|动态码|安全码|pin码|卡号|(背面|后面).{0,4}[三3]位|\bpin\b|\bpins\b|\bcvv2?\b|\bcvc2?\b|\botp\b|` +
	`\bpass(word|code)s?\b|\b(verification|security|sms|one[- ]time|text|6[- ]digit|six[- ]digit) codes?\b|\bcard number\b|\b(three|3) digits (on|at) the back\b`

var (
	secretName = regexp.MustCompile(secretWords)
	// bare is a question that is nothing but the secret: "您的密码呢？"
	bare = regexp.MustCompile(`^ *(and |so |请问|那)?(您|你|your)?的? *.{0,6}(` + secretWords + `) *(呢|是)? *[?？]$`)
	// open ends with a secret that what follows speaks of: "收到的验证码，发给我".
	open = regexp.MustCompile(`(收到|短信|received|got|text)|(` + secretWords + `) *(呢|也)?$`)
	// lastFour may be asked for.
	lastFour = regexp.MustCompile(`[后末][四4]位|最后[四4]|尾号|last (four|4)`)
	// handled is something done with a secret, of which the agent wants to hear no more
	// than that it is done: "改好密码后告诉我".
	handled = regexp.MustCompile(`(改|设|重置|changed?|resett?(ing)?|chang(ed|ing)|entered|typed|set) ?.{0,12}(` + secretWords + `)|(` + secretWords + `).{0,4}(改|设|重置|输)(好|完|了)`)
	// request asks to be told.
	request = regexp.MustCompile(`(告诉|发|发送|提供|报|说|念|读|写|转发)给? ?(我|咱|客服|这边|这里)|发(来|过来|一下|下|出来)|请.{0,4}提供|提供(一下|下|您|你)|(您|你).{0,3}提供|` +
		`(报|说|念|读|告知)(一下|下|一遍|出来)|告知|(拿|交|留)?给(我|我们|客服)|回复|截(个|张)?图|拍(照|给|张|下|一下)|是多少|是什么|多少|` +
		`(这里|聊天|对话框).{0,4}(输|打|写|填|发)|(输|打|写|填|发)(在|到|进)?(这里|聊天|对话框)|` +
		`\b(tell|give|send|read|text|show|email|message) (it to )?(me|us)\b|\b(tell|give|send|share|provide|read|confirm|say|repeat|submit|state)\b.{0,14}\b(your|it)\b|` +
		`\b(i|we)('ll| will| do)?( also| just)? (need|want|require)\b|\b(can|could|may) (i|we) (please )?(have|get|see|ask)\b|\blet (me|us) (have|know|see)\b|` +
		`\bwhat('s| is| was| are)\b|\b(type|enter|write|put|post|reply)\b.{0,24}\b(here|chat|message)\b|\b(reply|respond|answer) with\b`)
	// negated clauses warn, or say what nobody does.
	negated = regexp.MustCompile(`不要|请勿|勿|别[^的人处]|不会|不用|不需要|不必|无需|绝不|从不|不能|不可|不得|不问|没人会|\b(never|not|nobody|no one|cannot|without|no need)\b|n't\b`)
)

// asksForSecret looks at the parts of a sentence in order: one asks if it asks for
// something and names a secret, or an earlier one did that was no warning.
func asksForSecret(sentence string) bool {
	sentence = strings.ToLower(fold(sentence))
	if bare.MatchString(sentence) && !lastFour.MatchString(sentence) {
		return true
	}
	spokenOf := false
	for _, clause := range clauses.Split(strings.TrimRight(sentence, "。！？；!?;.\n "), -1) {
		if negated.MatchString(clause) || lastFour.MatchString(clause) {
			continue
		}
		clause = handled.ReplaceAllString(clause, "")
		names := secretName.MatchString(clause)
		if request.MatchString(clause) && (names || spokenOf) {
			return true
		}
		spokenOf = spokenOf || names && open.MatchString(strings.TrimSpace(clause))
	}
	return false
}
