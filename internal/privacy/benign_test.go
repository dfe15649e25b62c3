package privacy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"supportbot"
	"supportbot/internal/privacy"
)

var benign = []string{
	// Words about secrets that hold none.
	"忘记密码", "密码错误", "密码输错3次", "密码输错了三次被锁了", "POS机密码忘了怎么办", "验证码收不到", "没收到验证码 10分钟了", "验证码 120秒后过期",
	"密码是多少位的？6位还是8位", "密码是什么", "重置密码要多久", "动态密码器没电了", "验证码是95588发的", "验证码是96110发的", "验证码是12315发的", "验证码是10086发的", "95588是验证码的号码吗", "12345678 is my terminal code", "123456789是密码", "密码 2026-03-01 改过", "2026年改的密码", "密码2026年3月改的", "密码 2026/3/1 改的",
	"忘记密码 12345678", "密码是生日", "验证码发到尾号1234的手机", "cvv是什么", "安全码在哪里", "卡号输错了", "卡的有效期过了",
	"password http://pay.cn/a1b2c3", "password $500.00", "password is not-known", "the password is swordfish or so I think", "the PIN is on www.pay123.cn",
	"password reset", "I forgot my password", "my password is wrong", "my password is not working", "password is required", "password expired 30 days ago",
	"the code does not arrive", "no code after 10 minutes", "what is a cvv", "my pin is blocked after 3 attempts", "pin is 6 digits long?", "forgot password 12345678",
	"error code 1001", "the response code was 3005", "QR code 123456 does not scan", "auth code 884213 on the receipt", "merchant code 884213", "zip code 200120",
	// Numbers that are told by a label, though some pass every check of a card.
	"商户号898440154110001", "商户号是378282246310005", "我的商户编号：3782 822463 10005", "378282246310005是我们的商户号", "merchant number 378282246310005", "MID: 378282246310005",
	"终端号 12345678", "terminal 4111111111111111", "机身序列号 4111111111111111", "SN: N6200123456789012", "序列号 NP5G0820123456789", "IMEI 352900111234567", "手机352900111234568坏了", "sn 00000702123456789012",
	"订单号：4111111111111111", "订单编号 202603011230456789", "交易单号4200001234202603011234567890", "order no. 4111111111111111 is late", "transaction id 4111111111111111", "流水号 6222021001116245", "订单号 四一一一 一一一一", "order four one one one one one one one one one one one one one one one", "订单号 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
	"参考号 123456789012 凭证号 001234 批次号 000123", "运单号 4111111111111111", "reference is 4111111111111111", "授权码 884213",
	// Numbers of other forms.
	"WeChat 4200001234202603011234567890", "支付宝 2026030122001412341234567890", "条码 6901234567892", "时间戳是1767225600000呢", "UUID 550e8400-e29b-41d4-a716-446655440000", "ICCID是 89860012345678901234",
	"尾号1234", "尾号是 5802 的卡", "card ending in 1234", "6222 **** **** 5802", "622202******5802",
	"2026-03-01 12:30:45", "2026/03/01 到 2026/04/01", "2026年3月1日14点", "2026-03-01 2026-04-01", "03/01/2026 10:15", "1/2", "24/7", "20260301",
	"金额1,234.56元", "收款 100000 元", "￥6200.00", "$4,111.11", "刷了5000、3000、2000", "4,111,111.11元和1,111,111元", "1、2、3、4、5、6、7、8、9、10、11、12", "95516、96110、12315、12363", "费率0.6%，封顶25元", "6200-6800元", "六千二百二十二元", "一二三四五六七", "第一 第二 第三",
	"95516", "96110", "12315", "12363", "110", "打95588还是95516", "400-820-5555", "400 820 5555 转 8", "4008205555", "800-810-8888", "call 95516 or 96110",
	"192.168.1.100", "编号是11010519491231002", "编号是11010519491231002xyz", "版本 3.14.159", "4G e-signature terminal", "N910 Pro", "S90-2", "T+1 到账", "1. 打开App 2. 点绑卡 3. 输入卡号", "①打开 ②点绑卡 ③完成", "试过了，还是不行", "one two three", "我有两张卡，一张绑了",
	"", " ", "你好", "Hello!", "👋🏽", "ok 👍",
}

func TestBenignSurvives(t *testing.T) {
	for _, text := range benign {
		if got, kinds := privacy.Mask(text, supportbot.Question{}); got != text || kinds != nil {
			t.Errorf("Mask(%q) = %q %v, want it unchanged", text, got, kinds)
		}
	}
}

// Numbers that pass the check of a card survive where no issuer's card begins so.
func TestNumbersOfNoIssuerSurvive(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, number := range []struct {
		prefix string
		digits int
	}{
		{"0", 16}, {"1", 16}, {"102", 19}, {"103", 18}, {"104", 19}, {"20", 16}, {"2205", 16}, {"2220", 16}, {"2721", 16}, {"28", 16},
		{"306", 16}, {"308", 14}, {"31", 16}, {"33", 16}, {"350", 16}, {"3527", 16}, {"3528", 15}, {"3590", 16}, {"59", 16}, {"690", 13}, {"699", 13},
		{"7", 16}, {"80", 16}, {"81", 15}, {"82", 16}, {"93", 16}, {"94", 15}, {"4", 12}, {"62", 12}, {"4", 20}, {"34", 20},
	} {
		text := "机器" + cardNumber(rng, number.prefix, number.digits, false) + "坏了"
		if got, _ := privacy.Mask(text, supportbot.Question{}); got != text && !strings.Contains(got, "[id number]") {
			t.Errorf("Mask(%q) = %q, want it unchanged", text, got)
		}
	}
}

// Numbers of random digits survive with their label, whatever they look like.
func TestLabelledNumbersSurvive(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	forms := []struct {
		form   string
		digits int
	}{
		{"商户号%s", 15}, {"商户编号是 %s", 15}, {"merchant number: %s", 15}, {"%s 是商户号", 15},
		{"订单号：%s", 16}, {"订单号为%s，没到账", 19}, {"order %s is late", 16}, {"our reference number is %s", 13},
		{"终端号%s", 8}, {"序列号是%s", 16}, {"serial no. %s", 17}, {"流水号 %s", 18},
	}
	for i := range 12_000 {
		f := forms[i%len(forms)]
		text := fmt.Sprintf(f.form, randomDigits(rng, f.digits))
		if got, _ := privacy.Mask(text, supportbot.Question{}); got != text {
			t.Errorf("Mask(%q) = %q, want it unchanged", text, got)
		}
	}
}

// Everyday numbers without any label survive but for a few in a thousand.
func TestFalseAlarms(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	n := func(low, high int) int { return low + rng.IntN(high-low) }
	const total = 20_000
	alarms := 0
	for i := range total {
		var text string
		switch i % 16 {
		case 0:
			text = fmt.Sprintf("刷了%d.%02d元没到账", n(1, 99999), n(0, 100))
		case 1:
			text = fmt.Sprintf("%d-%02d-%02d %02d:%02d 的那笔", n(2020, 2030), n(1, 13), n(1, 29), n(0, 24), n(0, 60))
		case 2:
			text = fmt.Sprintf("打%s找我", []string{"95516", "96110", "400-820-5555", "4008205555", "800-810-8888", "12315"}[n(0, 6)])
		case 3:
			text = fmt.Sprintf("单子 2026%02d%02d%s 查一下", n(1, 13), n(1, 29), randomDigits(rng, n(4, 11)))
		case 4:
			text = fmt.Sprintf("机器 %s 坏了", randomDigits(rng, n(6, 12)))
		case 5:
			text = fmt.Sprintf("费率0.%d%%，封顶%d元，%d笔", n(1, 99), n(10, 99), n(1, 999))
		case 6:
			text = fmt.Sprintf("I took %d, %d and %d yuan", n(1, 9999), n(1, 9999), n(1, 9999))
		case 7:
			text = fmt.Sprintf("%d年%d月%d日刷%d元，尾号%s", n(2020, 2030), n(1, 13), n(1, 29), n(1, 9999), randomDigits(rng, 4))
		case 8:
			text = fmt.Sprintf("今天%d点%d分刷的，%d元、%d元、%d元三笔", n(0, 24), n(0, 60), n(1, 9999), n(1, 9999), n(1, 9999))
		case 9:
			text = fmt.Sprintf("地址是人民路%d号%d楼%d室，邮编%s", n(1, 999), n(1, 30), n(100, 3000), randomDigits(rng, 6))
		case 10:
			text = fmt.Sprintf("%d台机器，%d卷纸，一共%d件", n(1, 20), n(1, 99), n(1, 999))
		case 11:
			text = fmt.Sprintf("商户号898%s，终端号%s，第%d步不行", randomDigits(rng, 12), randomDigits(rng, 8), n(1, 9))
		case 12:
			text = fmt.Sprintf("error code %d after %d minutes at %02d:%02d on %d/%d", n(10, 9999), n(1, 60), n(0, 24), n(0, 60), n(1, 13), n(1, 29))
		case 13:
			text = fmt.Sprintf("%d+%d+%d=%d对不上", n(1, 9999), n(1, 9999), n(1, 9999), n(1, 29999))
		case 14:
			text = fmt.Sprintf("营业时间 %02d:00-%02d:30，%d-%d号休息", n(0, 12), n(12, 24), n(1, 15), n(15, 31))
		case 15:
			text = fmt.Sprintf("卡尾号%s在%d-%02d-%02d刷了%d.%02d没到账，订单号%s", randomDigits(rng, 4), n(2020, 2030), n(1, 13), n(1, 29), n(1, 99999), n(0, 100), randomDigits(rng, n(12, 24)))
		}
		if got, _ := privacy.Mask(text, supportbot.Question{}); got != text {
			alarms++
			t.Logf("Mask(%q) = %q", text, got)
		}
	}
	t.Logf("%d benign messages, %d false alarms", total, alarms)
	if alarms > total/200 {
		t.Errorf("%d of %d benign messages were changed, want at most 0.5%%", alarms, total)
	}
}

func randomDigits(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + rng.IntN(10))
	}
	return string(b)
}
