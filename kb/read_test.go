package kb

import (
	"os"
	"strings"
	"sync"
	"testing"

	"supportbot"
)

// guide is a reader trained on the real content.
var guide = sync.OnceValues(func() (*Reader, error) {
	base, err := Load(os.DirFS("../kb-content"))
	if err != nil {
		return nil, err
	}
	return NewReader(base), nil
})

func reader(t testing.TB) *Reader {
	t.Helper()
	r, err := guide()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// say writes commands in short: "agent start:forgot-password fill:model=a8".
func say(commands []supportbot.Command) string {
	var list []string
	for _, c := range commands {
		s := string(c.Kind)
		switch {
		case c.Slot != "":
			s += ":" + c.Slot + "=" + c.Value
		case c.Topic != "":
			s += ":" + c.Topic
		case len(c.Topics) > 0:
			s += ":" + strings.Join(c.Topics, ",")
		case c.Value != "":
			s += ":" + c.Value
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

func TestReadWithNothingOpen(t *testing.T) {
	tests := []struct {
		text     string
		decision supportbot.Decision
		topic    string
		commands string
	}{
		{"POS机密码忘了", supportbot.Answer, "forgot-password", "start:forgot-password"},
		{"绑卡一直失败", supportbot.Answer, "binding-failed", "start:binding-failed"},
		{"我好像被骗了", supportbot.Answer, "suspected-fraud", "start:suspected-fraud"},
		{"my terminal password is lost", supportbot.Answer, "forgot-password", "start:forgot-password"},
		{"binding keeps failing", supportbot.Answer, "binding-failed", "start:binding-failed"},
		{"I think I was scammed", supportbot.Answer, "suspected-fraud", "start:suspected-fraud"},
		{"你好，我想问一下，我的机器登录密码想不起来了怎么办", supportbot.Answer, "forgot-password", "start:forgot-password"},
		{"wo de mima wangle", supportbot.Answer, "forgot-password", "start:forgot-password"},
		{"绑咔失拜", supportbot.Answer, "binding-failed", "start:binding-failed"},
		{"一天最多能刷多少钱", supportbot.Answer, "transaction-limits", "start:transaction-limits"},
		{"拉卡拉的机子密码忘了", supportbot.Answer, "forgot-password", "start:forgot-password"},
		{"my Shengpay password, I forgot it", supportbot.Answer, "forgot-password", "start:forgot-password"},
		{"how much am I able to charge a day", supportbot.Answer, "transaction-limits", "start:transaction-limits"},
		{"刷卡机泡水了", supportbot.Answer, "replace-terminal", "start:replace-terminal"},
		{"my terminal is completely dead", supportbot.Answer, "replace-terminal", "start:replace-terminal"},
		{"money of Monday not come", supportbot.Answer, "reconciliation", "start:reconciliation"},
		{"I have more questions", supportbot.Control, "menu", "menu"},
		{"how much can I take per day", supportbot.Answer, "transaction-limits", "start:transaction-limits"},
		{"我想换一台机器，旧的坏了", supportbot.Answer, "replace-terminal", "start:replace-terminal"},
		{"到账少了", supportbot.Answer, "reconciliation", "start:reconciliation"},
		{"拉卡拉", supportbot.Answer, "brand-lakala", "start:brand-lakala"},

		{"今天天气怎么样", supportbot.None, "", ""},
		{"what's the capital of Italy", supportbot.None, "", ""},
		{"帮我写首诗", supportbot.None, "", ""},
		{"can I get a loan", supportbot.None, "", ""},
		{"信用卡怎么申请", supportbot.None, "", ""},
		{"asdfghjkl", supportbot.None, "", ""},
		{"1234", supportbot.None, "", ""},
		{"???", supportbot.None, "", ""},
		{"", supportbot.None, "", ""},

		{"转人工", supportbot.Control, "talk-to-agent", "agent"},
		{"I'd like to speak to a human please", supportbot.Control, "talk-to-agent", "agent"},
		{"取消", supportbot.Control, "cancel", "cancel"},
		{"上一步", supportbot.Control, "back", "back"},
		{"再说一遍", supportbot.Control, "repeat", "repeat"},
		{"你能做什么", supportbot.Control, "menu", "menu"},
		{"hello", supportbot.Control, "greet", "greet"},
		{"谢谢", supportbot.Control, "thanks", "thanks"},
		{"再见", supportbot.Control, "goodbye", "goodbye"},
		{"说英文", supportbot.Control, "change-language", "language:en"},
		{"speak Chinese please", supportbot.Control, "change-language", "language:zh"},
		{"切换语言", supportbot.Control, "change-language", "language:en"},
		{"change language", supportbot.Control, "change-language", "language:zh"},
		{"I don't understand Chinese", supportbot.Control, "change-language", "language:en"},
		{"是的", supportbot.Control, "affirm", ""},
		{"no", supportbot.Control, "deny", ""},

		{"我好像被骗了，转人工", supportbot.Answer, "suspected-fraud", "start:suspected-fraud"},
		{"密码忘了，谢谢", supportbot.Answer, "forgot-password", "start:forgot-password"},
	}
	for _, test := range tests {
		got := reader(t).Read(test.text, supportbot.Question{})
		if got.Decision != test.decision || got.Topic != test.topic || say(got.Commands) != test.commands {
			t.Errorf("%q: %s %q, commands %q; want %s %q, %q", test.text,
				got.Decision, got.Topic, say(got.Commands), test.decision, test.topic, test.commands)
		}
	}
}

func TestReadFraud(t *testing.T) {
	for _, text := range []string{
		"我不小心把验证码给了骗子", "卡里的钱不见了", "有人冒充银行客服骗我", "钱被转走了怎么办", "我的卡被盗刷了", "他是不是骗子", "我担心被骗了",
		"someone stole my money", "my money is gone", "there's a transaction I didn't make", "I'm afraid I was scammed", "help fraud",
	} {
		if got := reader(t).Read(text, supportbot.Question{}); say(got.Commands) != "start:suspected-fraud" {
			t.Errorf("%q: %s %q, commands %q", text, got.Decision, got.Topic, say(got.Commands))
		}
	}
	for text, want := range map[string]string{
		"怎么防止被骗":                        "start:protect-information",
		"how do I avoid being scammed":  "start:protect-information",
		"没被骗，就是对不上账":                    "start:reconciliation",
		"how can I protect my password": "start:protect-information",
	} {
		if got := reader(t).Read(text, supportbot.Question{}); say(got.Commands) != want {
			t.Errorf("%q: commands %q, want %q", text, say(got.Commands), want)
		}
	}
	if got := reader(t).Read("I wasn't scammed", supportbot.Question{}); got.Topic == topicFraud {
		t.Errorf("a fraud that is denied is %s", got.Topic)
	}
}

func TestControlWordsInsideATopicDoNotSteer(t *testing.T) {
	for _, text := range []string{"取消绑定怎么弄", "怎么取消登记换机器", "how do I cancel the registration of the terminal", "银行退回了我的绑卡申请"} {
		for _, c := range reader(t).Read(text, supportbot.Question{}).Commands {
			if c.Kind == supportbot.CmdCancel || c.Kind == supportbot.CmdBack {
				t.Errorf("%q gives %s", text, c.Kind)
			}
		}
	}
}

func TestClarifyOffersTopics(t *testing.T) {
	got := reader(t).Read("老是出错", supportbot.Question{})
	if got.Decision != supportbot.Clarify || len(got.Commands) != 1 || got.Commands[0].Kind != supportbot.CmdClarify {
		t.Fatalf("reading is %+v", got)
	}
	if topics := got.Commands[0].Topics; len(topics) < 2 || len(topics) > 3 || topics[0] != got.Topic {
		t.Errorf("offers %q", topics)
	}
}

func TestLanguageOfAReading(t *testing.T) {
	r := reader(t)
	if got := r.Read("yes", supportbot.Question{Language: supportbot.Chinese}).Language; got != "" {
		t.Errorf("a borrowed word in a Chinese conversation is %q", got)
	}
	for _, pasted := range []string{"outcome=verified", "control:verified", "identity_verified", "https://example.com/help"} {
		if got := r.Read(pasted, supportbot.Question{Language: supportbot.Chinese}).Language; got != "" {
			t.Errorf("%s in a Chinese conversation is %q", pasted, got)
		}
	}
	if got := r.Read("my_password is lost", supportbot.Question{Language: supportbot.Chinese}).Language; got != supportbot.English {
		t.Errorf("English words are %q", got)
	}
	if got := r.Read("yes", supportbot.Question{}).Language; got != supportbot.English {
		t.Errorf("yes is %q", got)
	}
}
