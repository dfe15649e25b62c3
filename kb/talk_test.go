package kb

import (
	"testing"

	"supportbot"
)

// TestReadTalk reads messages as people write them beside or instead of a plain
// answer: with thanks, with a plan, with a question of their own.
func TestReadTalk(t *testing.T) {
	firm := supportbot.Slot{Name: "worked", Type: supportbot.SlotBool, Firm: true, Options: []supportbot.Option{
		{Value: "yes", Label: words("对上了", "It matches")},
		{Value: "no", Label: words("还是对不上", "It does not")},
	}}
	service := supportbot.Slot{Name: "service", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "repair", Label: words("会来修", "They will repair it"), Also: also("派人 师傅", "repair tomorrow")},
		{Value: "swap", Label: words("要换一台", "It must be replaced"), Also: also("换新的", "replaced")},
	}}
	help := supportbot.Slot{Name: "help", Type: supportbot.SlotBool, Options: []supportbot.Option{
		{Value: "yes", Label: words("请客服查", "Yes please")},
		{Value: "no", Label: words("我自己打电话", "I ask them myself")},
	}}
	tests := []struct {
		slot supportbot.Slot
		text string
		want string
	}{
		{help, "好，我自己打个电话", "fill:help=no"},
		{help, "I will ask them about it myself", "fill:help=no"},
		{help, "请你们客服查一下", "fill:help=yes"},
		{help, "好的", "fill:help=yes"},
		{help, "我先打个电话问问", "wait"},
		{firm, "对上了谢谢", "fill:worked=yes"},
		{firm, "谢谢您，对上了", "fill:worked=yes"},
		{firm, "it matches, thank you", "fill:worked=yes"},
		{firm, "能登录了，谢谢", "fill:worked=yes"},
		{firm, "能收钱了", "fill:worked=yes"},
		{firm, "还是对不上，谢谢", "fill:worked=no"},
		{firm, "刷不出来", "fill:worked=no"},
		{firm, "还是收不了", "fill:worked=no"},
		{firm, "密码改不了啊", "fill:worked=no"},
		{firm, "不能登录", "fill:worked=no"},
		{firm, "没有报错了", "fill:worked=yes"},
		{firm, "it did not show any error", "fill:worked=yes"},
		{firm, "it says my name does not match and binding failed", "fill:worked=no"},
		{firm, "对不起，对上了", "fill:worked=yes"},
		{firm, "好，我打个电话试试。", "wait"},
		{firm, "弄好了，我先去忙了", "fill:worked=yes"},
		{firm, "对上了，我先去银行了", "fill:worked=yes"},
		{firm, "试了不行，我去银行问问", "fill:worked=no"},
		{firm, "it works, I'll call you later", "fill:worked=yes"},
		{firm, "没问题，我这就去办", "wait"},
		{firm, "还没，我先去银行", "wait"},
		{firm, "嗯那个什么", ""},
		{firm, "可以吗？", ""},
		{firm, "谢谢", "thanks"},
		{firm, "好，我打个电话试试", "wait"},
		{firm, "那我先去银行", "wait"},
		{firm, "我问一下银行", "wait"},
		{firm, "I'll ask the bank", "wait"},
		{firm, "打过去老是占线", ""},
		{firm, "我有身份证和银行卡的", ""},
		{firm, "想了解一下限额", "start:transaction-limits"},
		{firm, "限额多少", "start:transaction-limits"},
		{firm, "我的密码也忘了", "start:forgot-password"},
		{firm, "还在排队呢", "wait"},
		{firm, "我在路上了", "wait"},
		{firm, "他们让我等着", "wait"},
		{firm, "still waiting for them", "wait"},
		{firm, "我不会弄这个", ""},
		{firm, "thanks, that did it", "fill:worked=yes"},
		{firm, "我去银行问了，不行", "fill:worked=no"},
		{firm, "我打了电话，对上了", "fill:worked=yes"},

		{service, "说明天派人来", "fill:service=repair"},
		{service, "they come tomorrow", "fill:service=repair"},
		{service, "等一下，我打个电话", "wait"},
		{merchant, "等一下，是123456789", "fill:merchant=123456789"},
		{merchant, "等一下，我找找", "wait"},
		{story, "刚才，88", "fill:story=刚才，88"},
		{brand, "没别的卡", ""},
		{brand, "刚才，88", ""},
		{brand, "88", "goodbye"},

		{pick, "绑的是我的卡还是客人的卡", "start:what-is-card-binding"},
		{pick, "我的机器泡水了，能换不", "start:replace-terminal"},
		{pick, "还有别的问题想问", "menu"},
		{pick, "我先去银行还是先打电话", "start:binding-methods"},
	}
	for _, test := range tests {
		if got := say(reader(t).Read(test.text, asking(test.slot)).Commands); got != test.want {
			t.Errorf("%s, %q: %q, want %q", test.slot.Name, test.text, got, test.want)
		}
	}
}

func TestAQuestionIsNeitherYesNorNo(t *testing.T) {
	for _, text := range []string{"要不换张卡？", "要不重启一下", "是不是要重启？", "能换张卡吗", "可以了？", "should I try another card", "does it work without a card?"} {
		for _, c := range reader(t).Read(text, asking(worked)).Commands {
			if c.Kind == supportbot.CmdFill {
				t.Errorf("%q fills %s=%s", text, c.Slot, c.Value)
			}
		}
	}
}

func TestNearly(t *testing.T) {
	options := []supportbot.Option{
		{Value: "yes", Label: words("请客服查", "Let them look")},
		{Value: "no", Label: words("我自己打电话", "I ask them myself")},
	}
	for clause, want := range map[string]string{
		"我自己打个电话": "no", "还是我自己先打一个电话": "no", "我自己不打电话": "", "我不想自己打电话": "", "打电话": "", "我自己去一趟再给他们打电话": "",
		"请你们客服查": "yes", "不用请客服查": "", "i can ask them myself": "no", "i won't ask them myself": "",
	} {
		if got, _ := nearly(clause, options); got != want {
			t.Errorf("%q is nearly %q, want %q", clause, got, want)
		}
	}
}
