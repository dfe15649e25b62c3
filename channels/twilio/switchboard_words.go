package twilio

import (
	"strings"

	"supportbot"
)

// What is said around the conference, to agents in the language of the case.
var (
	pressOne = wording{
		supportbot.Chinese: "客服系统来电，有来电人要接给您。接听请按1。",
		supportbot.English: "This is the support desk with a caller for you. Press 1 to take the call.",
	}
	noLonger = wording{
		supportbot.Chinese: "这个来电已经不需要接了。再见。",
		supportbot.English: "This call is no longer needed. Goodbye.",
	}
	talkEnded = wording{
		supportbot.Chinese: "通话结束。再见。",
		supportbot.English: "The call has ended. Goodbye.",
	}
	callerLeft = wording{
		supportbot.Chinese: "来电人已经挂机。再见。",
		supportbot.English: "The caller is no longer there. Goodbye.",
	}
	cannotCall = wording{
		supportbot.Chinese: "来电人留的号码打不通。再见。",
		supportbot.English: "The number that the caller left cannot be called. Goodbye.",
	}
	notReached = wording{
		supportbot.Chinese: "对方没有接通，系统记下了，过一会儿再打。再见。",
		supportbot.English: "Nobody answered there. It is noted, and they will be called again later. Goodbye.",
	}
	neverReached = wording{
		supportbot.Chinese: "对方又没有接通，已经打了三次，先停在这里。再见。",
		supportbot.English: "Nobody answered there, for the third time, so we stop here. Goodbye.",
	}
	backInQueue = wording{
		supportbot.Chinese: "这个来电已经回到队列。再见。",
		supportbot.English: "This call is back in the queue. Goodbye.",
	}
	gaveUp = wording{ // by SMS, in one segment
		supportbot.Chinese: "您留了电话请我们回电，我们打了三次都没接通，先停在这里。需要时请再打来，或直接回复这条短信。",
		supportbot.English: "You asked us to call you back. We tried three times and could not reach you, so we stop here. Call again, or reply to this text.",
	}
	verdictTaken = wording{
		supportbot.Chinese: "结果已经记下，来电人回到自动服务。再见。",
		supportbot.English: "Your decision is noted, and the caller is back with the assistant. Goodbye.",
	}
	callingBack = wording{
		supportbot.Chinese: "来电人已挂机，留了电话。现在打过去，请稍等。",
		supportbot.English: "The caller has hung up and left a number. We are calling it now, please wait.",
	}
	throughNow = wording{
		supportbot.Chinese: "现在为您接通，请讲。",
		supportbot.English: "You are being put through now. Please go ahead.",
	}
	youAsked = wording{
		supportbot.Chinese: "您好，这里是POS机客服，是您留了电话请我们打来的。客服在线，现在接通。密码和验证码，请不要告诉任何人。",
		supportbot.English: "Hello, this is POS terminal support, calling because you left us your number. The agent is on the line and will speak to you now. Never tell anybody a password or a code.",
	}
	notNow = wording{
		supportbot.Chinese: "您好，这里是POS机客服。抱歉，客服刚刚离开，我们会再打给您。",
		supportbot.English: "Hello, this is POS terminal support. Sorry, the agent has just gone. We will call you again.",
	}
	holding = wording{
		supportbot.Chinese: "客服在帮您查，请稍等，不要挂机。",
		supportbot.English: "The agent is looking into it. Please stay on the line.",
	}
	languageOfCall = wording{
		supportbot.Chinese: "对方说普通话。",
		supportbot.English: "The caller speaks English.",
	}
)

// mostWhispered bounds what an agent hears before the caller, who waits.
const mostWhispered = 4

// whisper tells the agent what a case is about: the wish, the language, and the
// answers that have no number in them. Those with one are on the console, under
// its rules.
func whisper(c supportbot.Case, callback bool) string {
	l := c.Language
	said := []string{c.Packet.Goal, languageOfCall[l]}
	for _, slot := range c.Packet.Slots {
		if len(said) < mostWhispered+2 && !strings.ContainsAny(slot.Label+slot.Value, "0123456789") && slot.Label != "" {
			said = append(said, slot.Title+"："+slot.Label+"。")
		}
	}
	if callback {
		said = append(said, callingBack[l])
	}
	text := strings.Join(said, " ")
	if l == supportbot.English {
		text = strings.NewReplacer("：", ": ", "。", ".").Replace(text)
	}
	return text
}
