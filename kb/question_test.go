package kb

import (
	"testing"

	"supportbot"
)

func words(zh, en string) map[supportbot.Language]string {
	return map[supportbot.Language]string{supportbot.Chinese: zh, supportbot.English: en}
}

var (
	brand = supportbot.Slot{Name: "brand", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "lakala", Key: "1", Label: words("拉卡拉", "Lakala")},
		{Value: "shengpay", Key: "2", Label: words("盛付通", "Shengpay"), Also: map[supportbot.Language][]string{supportbot.Chinese: {"盛付"}}},
		{Value: "other", Key: "3", Label: words("其他品牌", "Another brand"), Also: map[supportbot.Language][]string{supportbot.English: {"something else"}}},
	}}
	way = supportbot.Slot{Name: "way", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "app", Label: words("手机银行", "In the app")},
		{Value: "branch", Label: words("银行柜台", "At the branch"), Also: map[supportbot.Language][]string{supportbot.Chinese: {"柜台", "网点"}, supportbot.English: {"branch", "counter"}}},
	}}
	worked = supportbot.Slot{Name: "worked", Type: supportbot.SlotBool, Options: []supportbot.Option{
		{Value: "yes", Label: words("可以登录了", "I can sign in")},
		{Value: "no", Label: words("还是进不去", "Still locked out")},
	}}
	merchant = supportbot.Slot{Name: "merchant", Type: supportbot.SlotDigits, Min: 6, Max: 15}
	phone    = supportbot.Slot{Name: "phone", Type: supportbot.SlotPhone}
	tail     = supportbot.Slot{Name: "tail", Type: supportbot.SlotDigits, Min: 4, Max: 4, Options: []supportbot.Option{
		{Value: "unknown", Label: words("不想说", "I would rather not say")},
		{Value: "later", Label: words("还没有", "Not yet")},
	}}
	story = supportbot.Slot{Name: "story", Type: supportbot.SlotText, Max: 40}
	pick  = supportbot.Slot{Name: "topic", Type: supportbot.SlotPick, Options: []supportbot.Option{
		{Value: "topic:binding-failed", Label: words("绑卡失败", "Binding failed")},
		{Value: "topic:transaction-failed", Label: words("交易失败", "A transaction failed")},
		{Value: "none", Label: words("都不是", "None of these")},
	}}
)

func asking(s supportbot.Slot) supportbot.Question {
	return supportbot.Question{Slot: s, Flow: "binding-failed", Topics: []string{"binding-failed"}}
}

func TestReadAnswers(t *testing.T) {
	tests := []struct {
		slot supportbot.Slot
		text string
		want string
	}{
		{brand, "1", "fill:brand=lakala"},
		{brand, "１", "fill:brand=lakala"},
		{brand, "第一个", "fill:brand=lakala"},
		{brand, "选二", "fill:brand=shengpay"},
		{brand, "我选第2个吧", "fill:brand=shengpay"},
		{brand, "the second one", "fill:brand=shengpay"},
		{brand, "option 3", "fill:brand=other"},
		{brand, "最后一个", "fill:brand=other"},
		{brand, "4", ""},
		{tail, "I would rather not say", "fill:tail=unknown"}, // a button's own words hold what corrects
		{tail, "not yet", "fill:tail=later"},                  // or asks for time
		{brand, "第九个", ""},
		{brand, "拉卡拉", "fill:brand=lakala"},
		{brand, "LAKALA!", "fill:brand=lakala"},
		{brand, "我用的是盛付的机器", "fill:brand=shengpay"},
		{brand, "it's a Lakala one I think", "fill:brand=lakala"},
		{brand, "something else", "fill:brand=other"},
		{brand, "不是拉卡拉，是盛付通", "fill:brand=shengpay"},
		{brand, "拉卡拉或者盛付通", ""},
		{brand, "不是拉卡拉", ""},
		{brand, "拉卡拉，转人工", "agent fill:brand=lakala"},
		{brand, "密码忘了怎么办", "start:forgot-password"},
		{brand, "我被骗了", "start:suspected-fraud"},
		{brand, "绑卡失败了怎么办", ""},
		{brand, "今天天气怎么样", ""},
		{brand, "取消", "cancel"},
		{brand, "上一步", "back"},
		{brand, "转人工", "agent"},
		{brand, "是的", ""},

		{worked, "可以登录了", "fill:worked=yes"},
		{worked, "弄好了", "fill:worked=yes"},
		{worked, "可以了", "fill:worked=yes"},
		{worked, "没问题", "fill:worked=yes"},
		{worked, "it works", "fill:worked=yes"},
		{worked, "no, it works now", "fill:worked=yes"},
		{worked, "好的", "fill:worked=yes"},
		{worked, "试过了，还是不行", "fill:worked=no"},
		{worked, "还没", "fill:worked=no"},
		{worked, "不行", "fill:worked=no"},
		{worked, "好的，还是不行", "fill:worked=no"},
		{worked, "nope, same error", "fill:worked=no"},
		{worked, "tried that, no luck", "fill:worked=no"},
		{worked, "不行，我要转人工", "agent fill:worked=no"},
		{worked, "取消", "cancel"},
		{worked, "不知道", ""},
		{worked, "再说一遍", "repeat"},
		{worked, "一天最多能刷多少钱", "start:transaction-limits"},
		{worked, "2", "fill:worked=no"},

		{merchant, "123456789", "fill:merchant=123456789"},
		{merchant, "我的商户号是 1234 5678-90", "fill:merchant=1234567890"},
		{merchant, "一二三四五六七", "fill:merchant=1234567"},
		{merchant, "123", ""},
		{merchant, "123456 or 654321", ""},
		{merchant, "商户号在哪里找", "start:materials-checklist"},

		{phone, "13812345678", "fill:phone=13812345678"},
		{phone, "请打138-1234-5678", "fill:phone=13812345678"},
		{phone, "010-62345678", "fill:phone=01062345678"},
		{phone, "+44 20 7946 0958", "fill:phone=+442079460958"},
		{phone, "幺三八一二三四五六七八", "fill:phone=13812345678"},
		{phone, "12345", ""},

		{story, " 机器昨天下午摔过一次 ", "fill:story=机器昨天下午摔过一次"},
		{story, "有人打电话要我的验证码", "start:suspected-fraud"},
		{story, "绑卡失败以后机器就死机了", "fill:story=绑卡失败以后机器就死机了"},
		{story, "转人工", "agent"},
		{story, "多久可以换机器？", "start:replace-terminal"},
		{story, "这是一段远远超过四十个字的很长很长的话，说了很多很多的事情，可是没有说到点子上，所以不能收下来", ""},

		{pick, "1", "fill:topic=topic:binding-failed"},
		{pick, "交易失败", "fill:topic=topic:transaction-failed"},
		{pick, "刷卡刷不出来", "fill:topic=topic:transaction-failed"},
		{pick, "都不是", "fill:topic=none"},
		{pick, "none of these", "fill:topic=none"},
	}
	for _, test := range tests {
		if got := say(reader(t).Read(test.text, asking(test.slot)).Commands); got != test.want {
			t.Errorf("%s, %q: %q, want %q", test.slot.Name, test.text, got, test.want)
		}
	}
}

func TestReadCorrections(t *testing.T) {
	answered := func(s supportbot.Slot, value string) supportbot.Slot {
		s.Value = value
		return s
	}
	q := asking(worked)
	q.Answered = []supportbot.Slot{answered(brand, "shengpay"), answered(way, "app"), answered(merchant, "123456")}
	tests := []struct {
		text, want string
	}{
		{"不对，是拉卡拉", "correct:brand=lakala"},
		{"说错了，是柜台", "correct:way=branch"},
		{"改成拉卡拉", "correct:brand=lakala"},
		{"我说的是网点", "correct:way=branch"},
		{"no, I meant the branch", "correct:way=branch"},
		{"actually it is Lakala", "correct:brand=lakala"},
		{"sorry, the branch", "correct:way=branch"},
		{"等等，还是去柜台吧", "correct:way=branch"},
		{"不是盛付通，是拉卡拉", "correct:brand=lakala"},
		{"说错了，商户号是654321", "correct:merchant=654321"},
		{"不对", "fill:worked=no"},
		{"不行", "fill:worked=no"},
		{"说错了，是盛付通", ""},
		{"no branch is open today", "fill:worked=no"},
		{"no, the branch", "correct:way=branch"},
		{"no it is the branch", "correct:way=branch"},
	}
	for _, test := range tests {
		if got := say(reader(t).Read(test.text, q).Commands); got != test.want {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
	q.Slot = way
	q.Answered = q.Answered[:1]
	if got := say(reader(t).Read("拉卡拉", q).Commands); got == "correct:brand=lakala" {
		t.Error("corrected without a cue")
	}
	if got := say(reader(t).Read("不对，是柜台", q).Commands); got != "fill:way=branch" {
		t.Errorf("an answer to the open question gives %q", got)
	}
}

func TestReadWhileWaitingForAnAgent(t *testing.T) {
	q := supportbot.Question{Queued: true}
	for text, want := range map[string]string{
		"不等了": "cancel", "返回机器人": "cancel", "go back to the bot": "cancel", "取消": "cancel", "返回": "cancel",
		"密码忘了": "", "我被骗了": "", "你好": "", "转人工": "", "好的谢谢": "", "我点错了，退一下那笔款": "", "please cancel that payment of 500": "", "English please": "",
	} {
		if got := say(reader(t).Read(text, q).Commands); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTheTopicOfTheOpenFlowStartsNothing(t *testing.T) {
	q := supportbot.Question{Flow: "suspected-fraud", Topics: []string{"suspected-fraud"}, Slot: story}
	if got := say(reader(t).Read("我被骗了", q).Commands); got != "fill:story=我被骗了" {
		t.Errorf("the open flow's own topic gives %q", got)
	}
}

func TestReadPauses(t *testing.T) {
	result := supportbot.Slot{Name: "worked", Type: supportbot.SlotBool, Firm: true, Options: worked.Options}
	for _, test := range []struct {
		slot supportbot.Slot
		text string
		want string
	}{
		{result, "好的", "wait"},
		{result, "行，我去试试", "wait"},
		{result, "嗯", "wait"},
		{result, "还没", "wait"},
		{result, "还没去呢", "wait"},
		{result, "晚点再弄", "wait"},
		{result, "显示审核中", "wait"},
		{result, "ok", "wait"},
		{result, "not yet", "wait"},
		{result, "hold on", "wait"},
		{result, "wait, I have a customer", "wait"},
		{result, "银行说卡是好的", ""},
		{result, "弄好了", "fill:worked=yes"},
		{result, "没问题了", "fill:worked=yes"},
		{result, "试过了，还是不行", "fill:worked=no"},
		{result, "it works now", "fill:worked=yes"},
		{worked, "好的", "fill:worked=yes"},
		{worked, "都齐了", "fill:worked=yes"},
		{worked, "还缺一样", "fill:worked=no"},
		{worked, "some missing", "fill:worked=no"},
		{brand, "等一下", "wait"},
		{brand, "稍等我找找", "wait"},
		{brand, "知道了", "wait"},
		{story, "等一下", "fill:story=等一下"},
	} {
		if got := say(reader(t).Read(test.text, asking(test.slot)).Commands); got != test.want {
			t.Errorf("%s: %q is %q, want %q", test.slot.Name, test.text, got, test.want)
		}
	}
}

func TestReadWhileWaiting(t *testing.T) {
	q := supportbot.Question{Queued: true, Slot: supportbot.Slot{Name: "queue", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "control:contact", Key: "1", Label: words("留个联系电话", "Leave a phone number")},
		{Value: "control:leave", Key: "2", Label: words("返回自动助手", "Back to the assistant")},
	}}}
	for text, want := range map[string]string{
		"1": "fill:queue=control:contact", "返回自动助手": "fill:queue=control:leave", "我要留电话": "fill:queue=control:contact",
		"13800138000": "fill:contact=13800138000", "我的电话 13800138000": "fill:contact=13800138000",
		"不等了": "cancel", "先不用了": "cancel", "我是好再来面馆的": "", "怎么还没人": "", "2万块钱没了": "",
		"English please": "language:en", "请说中文": "language:zh", "I speak little English but the payment failed": "",
	} {
		if got := say(reader(t).Read(text, q).Commands); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
