package twilio

import (
	"fmt"

	"supportbot"
	"supportbot/channels"
)

// What the channel says by itself. All else that callers hear is content.
type wording map[supportbot.Language]string

var (
	introduction = wording{
		supportbot.Chinese: "您好，我是自动客服助手，不是真人。普通话请按1，或者直接说您的问题。转人工请按0。",
		supportbot.English: "Hello, I am an automatic assistant, not a person. For English, press 2.",
	}
	forThisLanguage = wording{
		supportbot.Chinese: "普通话请按星号键。",
		supportbot.English: "For English, press star.",
	}
	thenHash = wording{
		supportbot.Chinese: "输完请按井号键。",
		supportbot.English: "Then press the hash key.",
	}
	anythingElse = wording{
		supportbot.Chinese: "还有别的事，请直接说。没有的话，可以挂机了。",
		supportbot.English: "If there is anything else, just tell me. Otherwise you may hang up.",
	}
	goodbyes = wording{
		supportbot.Chinese: "感谢您的来电，再见。",
		supportbot.English: "Thank you for calling. Goodbye.",
	}
	nextInLine = wording{
		supportbot.Chinese: "下一位就是您。",
		supportbot.English: "You are next in line. ",
	}
	ahead = wording{
		supportbot.Chinese: "排在您前面的：%d位。",
		supportbot.English: "Callers ahead of you: %d. ",
	}
	atLeast = wording{
		supportbot.Chinese: "排在您前面的：%d位以上。",
		supportbot.English: "Callers ahead of you: %d or more. ",
	}
	whileWaiting = wording{
		supportbot.Chinese: "请不要挂机。留电话等回电，请按1。不等了，请按2。",
		supportbot.English: "Please hold the line. Press 1 to leave a number and be called back, or 2 to stop waiting.",
	}
	agentRings = wording{
		supportbot.Chinese: "正在打客服的电话，请稍等。不想等了，请按2。",
		supportbot.English: "We are ringing the agent's telephone, one moment. Press 2 to stop waiting.",
	}
	lookingOn = wording{
		supportbot.Chinese: "刚才那位客服没有接起来。我们继续为您找，您的位置没有变。",
		supportbot.English: "That agent did not pick up. We are looking for another one, and you keep your place.",
	}
	agentAway = wording{
		supportbot.Chinese: "客服的线路断了，正在请客服回来。请不要挂机；不想等了，请按2。",
		supportbot.English: "We have lost the agent, and are bringing them back. Please stay on the line, or press 2 to stop waiting.",
	}
	willBeCalled = wording{
		supportbot.Chinese: "客服会打您留的电话，您可以挂机了。不用打了、想回到自动服务，请按2。",
		supportbot.English: "An agent will call the number that you left, so you may hang up now. If you would rather go back to the assistant, press 2.",
	}
	calledLater = wording{
		supportbot.Chinese: "好的，客服会打给您。再见。",
		supportbot.English: "All right, an agent will call you. Goodbye.",
	}
	noNumberYet = wording{
		supportbot.Chinese: "客服过一会儿再找您，可是我们还没有您的电话。留电话请按1，回到自动服务请按2。",
		supportbot.English: "An agent will come back to you later, but we have no number to call. Press 1 to leave one, or 2 to go back to the assistant.",
	}
	deskShut = wording{
		supportbot.Chinese: "现在没有客服上班。留电话等回电，请按1。回到自动服务，请按2。",
		supportbot.English: "No agents are here now. Press 1 to leave a number and be called back, or 2 to go back to the assistant.",
	}
	notCalled = wording{
		supportbot.Chinese: "没有您的电话，客服就打不了给您。需要时请再打来。再见。",
		supportbot.English: "Without a number nobody can call you. Please call again whenever you need us. Goodbye.",
	}
	agentSays = wording{
		supportbot.Chinese: "客服说：",
		supportbot.English: "The agent says: ",
	}
	fillers = wording{
		supportbot.Chinese: "请稍等，正在为您查。",
		supportbot.English: "One moment, please.",
	}
	sorries = wording{
		supportbot.Chinese: "抱歉，刚才没有收到。请再说一遍，或者再按一次。",
		supportbot.English: "Sorry, that did not reach me. Please say it or press it again.",
	}
	broken = wording{
		supportbot.Chinese: "抱歉，系统现在有问题，请过一会儿再打来。卡里的钱有危险，请马上打银行卡背面的电话。",
		supportbot.English: "Sorry, something is wrong on our side. Please call again later. If your money is in danger, call the number on the back of your card now.",
	}
	orCall = wording{
		supportbot.Chinese: "也可以打我们的电话：",
		supportbot.English: "You can also call us at ",
	}
)

// queueing tells a caller where they stand in the queue, and which keys they have.
func queueing(l supportbot.Language, before int) string {
	switch {
	case before == 0:
		return nextInLine[l] + whileWaiting[l]
	case before >= channels.MostAhead:
		return fmt.Sprintf(atLeast[l], before) + whileWaiting[l]
	}
	return fmt.Sprintf(ahead[l], before) + whileWaiting[l]
}

// languageHints help the recogniser with the answer to the introduction.
const languageHints = "普通话,中文,English,英语"

// languageNames are what callers call a language.
var languageNames = map[string]supportbot.Language{
	"普通话": supportbot.Chinese, "中文": supportbot.Chinese, "汉语": supportbot.Chinese, "国语": supportbot.Chinese,
	"chinese": supportbot.Chinese, "mandarin": supportbot.Chinese,
	"英语": supportbot.English, "英文": supportbot.English, "english": supportbot.English, "in english": supportbot.English,
	"english please": supportbot.English, "english, please": supportbot.English,
}
