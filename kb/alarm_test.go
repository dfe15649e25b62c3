package kb

import (
	"os"
	"strings"
	"testing"

	"supportbot"
)

var (
	ready = supportbot.Slot{Name: "ready", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "all", Label: words("都齐了", "I have all of them"), Also: also("齐了 都有 是的 好了", "yes")},
		{Value: "lacking", Label: words("还缺东西", "Something is missing"), Also: also("缺 没有 少 差 丢了 没了 找不到", "no missing lost")},
	}}
	charged = supportbot.Slot{Name: "charged", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "not-charged", Label: words("没扣钱", "Not charged"), Also: map[supportbot.Language][]string{
			supportbot.Chinese: {"没扣", "没有扣款", "没短信"}, supportbot.English: {"no", "no money was taken", "nothing was taken"}}},
		{Value: "charged", Label: words("已经扣了", "Charged"), Also: map[supportbot.Language][]string{
			supportbot.Chinese: {"扣了", "扣走了", "被扣了"}, supportbot.English: {"yes", "it was taken", "money was taken"}}},
	}}
	difference = supportbot.Slot{Name: "difference", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "amount", Label: words("到账金额不对", "The amount is different"), Also: also("少了 多了", "less")},
		{Value: "strange", Label: words("有笔交易我不认识", "A payment I do not know"), Also: also("不是我刷的 不认识", "")},
	}}
)

func also(zh, en string) map[supportbot.Language][]string {
	return map[supportbot.Language][]string{supportbot.Chinese: strings.Fields(zh), supportbot.English: strings.Fields(en)}
}

// TestFraudComesBeforeAnyAnswer reports frauds while questions are open whose
// answers seem to be in the report too.
func TestFraudComesBeforeAnyAnswer(t *testing.T) {
	firm := worked
	firm.Firm = true
	for _, text := range []string{
		"卡里少了八千，不是我刷的", "坏了，我好像被骗了", "没有，卡里的钱没了", "齐了，可是刚才有人冒充银行叫我转账", "不行，我把验证码告诉人家了",
		"账上少了三千块", "验证码我已经报给他了", "我把密码告诉那个人了，是骗子", "我被骗了，转人工", "好的，等一下，我的卡被盗刷了", "取消，我遇到骗子了",
		"no, somebody used my card", "yes but my money is gone", "it failed, I think I was scammed", "I gave him the code", "he took money from my account",
		"I read the code to a man on the phone", "2000 is missing from my account", "wait, I never made this payment", "不对，是我被骗了",
		"还没弄，他说要转到安全账户", "多了一笔我没刷过的消费", "齐了，可有人用我的卡买东西", "yes, money was transferred without me",
		"有人打电话让我转钱，怕是骗子", "怕是骗子", "我担心是骗子", "害怕是诈骗电话", "怕碰上骗子了", "担心对方是骗子", "怕是假客服吧",
	} {
		for _, slot := range []supportbot.Slot{{}, ready, worked, firm, brand, charged, story, merchant, pick} {
			if got := say(reader(t).Read(text, asking(slot)).Commands); got != "start:suspected-fraud" {
				t.Errorf("%s: %q is %q", slot.Name, text, got)
			}
		}
	}
}

func TestAMereLikenessToFraudIsNoAlarm(t *testing.T) {
	for _, test := range []struct {
		slot supportbot.Slot
		text string
		want string
	}{
		{charged, "她说扣了，有短信", "fill:charged=charged"},
		{charged, "钱被扣走了", "fill:charged=charged"},
		{charged, "扣走了268", "fill:charged=charged"},
		{charged, "yes, 268 was taken", "fill:charged=charged"},
		{charged, "no money was taken", "fill:charged=not-charged"},
		{charged, "she says the money was taken", "fill:charged=charged"},
		{worked, "it is not mine", "fill:worked=no"},
		{worked, "no money was taken", "fill:worked=no"},
		{worked, "yes, she used another card", "fill:worked=yes"},
		{brand, "she used another card", ""},
		{worked, "验证码给了，还是不行", "fill:worked=no"},
		{worked, "no, I did not make a mistake", "fill:worked=no"},
		{worked, "yes, I sent the code to the bank app", "fill:worked=yes"},
		{difference, "不是我刷的", "fill:difference=strange"},
		{difference, "少了几十块", "fill:difference=amount"},
		{ready, "少了一样", "fill:ready=lacking"},
	} {
		if got := say(reader(t).Read(test.text, asking(test.slot)).Commands); got != test.want {
			t.Errorf("%s, %q: %q, want %q", test.slot.Name, test.text, got, test.want)
		}
	}
}

// TestFraudWordsAreOfFraud reads the phrases of all other topics. A false alarm is
// better than a fraud that goes on, but not a common one: a stolen machine is one.
func TestFraudWordsAreOfFraud(t *testing.T) {
	base, err := Load(os.DirFS("../kb-content"))
	if err != nil {
		t.Fatal(err)
	}
	var alarms []string
	for _, p := range base.Phrases {
		if p.Label != topicFraud && tellsOfFraud(normalise(p.Text)) {
			alarms = append(alarms, p.Label+": "+p.Text)
		}
	}
	if len(alarms)*500 > len(base.Phrases) {
		t.Errorf("%d of %d phrases tell of fraud:\n%s", len(alarms), len(base.Phrases), strings.Join(alarms, "\n"))
	}
}
