package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"supportbot"
	"supportbot/internal/privacy"
)

func TestMask(t *testing.T) {
	tests := []struct {
		text, want string
		kinds      string // separated by spaces
	}{
		// Cards.
		{"我的卡号是6228480402564890018，绑不上", "我的卡号是[card ****0018]，绑不上", "card"},
		{"4111 1111 1111 1111", "[card ****1111]", "card"},
		{"my card 4111-1111-1111-1111 fails", "my card [card ****1111] fails", "card"},
		{"刷的是3782 822463 10005这张", "刷的是[card ****0005]这张", "card"},
		{"6228480402564890019 这张卡", "[card ****0019] 这张卡", "card"},         // UnionPay, mistyped
		{"卡号 1234567890123456", "卡号 [card ****3456]", "card"},              // labelled: any prefix
		{"一直提示6228480402564890018一直不行", "一直提示[card ****0018]一直不行", "card"}, // 一直 is no digit
		{"13812345678 6228480402564890018", "[phone ****5678] [card ****0018]", "phone card"},
		{"刷6228480402564890018 1000元", "刷[card ****0018] 1000元", "card"}, // so does an amount
		{"6228480402564890018 2026-03-01 14:30 失败", "[card ****0018] 2026-03-01 14:30 失败", "card"},
		{"card 4111 1111 1111 1111 12/28 123", "card [card ****1111]", "card"}, // expiry date and security code go too
		{"6222 0210 0111 6244 123", "[card]", "card"},                          // the tail may be the security code
		{"卡号62284804025648900181228", "卡号[card]", "card"},
		{"六二二二零二幺零零幺幺幺六二四五八零二", "[card ****5802]", "card"},
		{"六二二八，四八零四，零二五六，四八九零，零幺八", "[card ****0018]", "card"},
		{"我有两个6228480402564890018", "我有两个[card ****0018]", "card"},
		{"我有两个六二二八四八零四零二五六四八九零零一八", "我有两个[card ****0018]", "card"},
		{"六三个二零二幺零零三个幺六二四五八零二", "[card ****5802]", "card"},
		{"my card is six double two eight four eight oh four oh two five six four eight nine double oh one eight", "my card is [card]", "card"},
		{"订单号123，卡号4111111111111111", "订单号123，卡号[card ****1111]", "card"},
		{"order 12345 4111 1111 1111 1111", "order 12345 [card ****1111]", "card"},
		{"订单是我用6228480402564890018付的", "订单是我用[card ****0018]付的", "card"},
		{"4111\t1111\t1111\t1111 double", "[card ****1111] double", "card"},
		{"4111111111111111/123 triple-A", "[card ****1111] triple-A", "card"},
		{"6228，4804，0256，4890，018", "[card ****0018]", "card"},
		{"6228, 4804, 0256, 4890, 018", "[card ****0018]", "card"},
		{"4111111111111111 2026 到期", "[card ****1111] 2026 到期", "card"},
		{"4111111111111111 12345 67890", "[card ****1111] 12345 67890", "card"},
		{"4111111111111111 1234 1234 9", "[card ****1111] 9", "card"}, // no more than an expiry date and a code
		{"order 7 4111111111111111", "order 7 [card ****1111]", "card"},
		{"商户号忘了，卡号是378282246310005", "商户号忘了，卡号是[card ****0005]", "card"},
		{"商户号 4111111111111111", "商户号 [card ****1111]", "card"}, // a merchant number has 15 digits

		{"4\u00AD111\x0011111111111\u200B1 失败", "[card ****1111] 失败", "card"}, // soft hyphen, control and zero width

		// Identity numbers.
		{"身份证110101199003070759", "身份证[id number]", "id-number"},
		{"我是 11010519491231002X 本人", "我是 [id number] 本人", "id-number"},
		{"11010519491231002x", "[id number]", "id-number"},
		{"110105 19491231 002 Ⅹ", "[id number]", "id-number"},
		{"１１０１０１１９９００３０７０７５９办的", "[id number]办的", "id-number"},
		{"旧证是110105491231002", "旧证是[id number]", "id-number"},
		{"身份证号码是110101199003070750", "身份证号码是[id number]", "id-number"}, // mistyped, but labelled
		{"身份证号 110101199003070751X", "身份证号 [id number]X", "id-number"},
		{"身份证号 11010119900307071x", "身份证号 [id number]", "id-number"},
		{"身份证号 1234567890", "身份证号 1234567890", ""},
		{"my ID number is 11010519491231002X.", "my ID number is [id number].", "id-number"},

		// Passwords, PINs and codes.
		{"密码是123456", "密码是[password]", "password"},
		{"密碼：123456", "密碼：[password]", "password"},
		{"密\u200b码是１２３４５６", "密\u200b码是[password]", "password"},
		{"我的密码六个八", "我的密码[password]", "password"},
		{"密码是六个八，对吗", "密码是[password]，对吗", "password"},
		{"密码应该是 abc123 吧", "密码应该是 [password] 吧", "password"},
		{"我刚改了密码abc123还是不行", "我刚改了密码[password]还是不行", "password"},
		{"密码改成88 66 22了", "密码改成[password]了", "password"},
		{"密码是123456或者 654321", "密码是[password]或者 [password]", "password"},
		{"密码是13812345678", "密码是[password]", "password"},
		{"密码从123456改成了654321", "密码从[password]改成了[password]", "password"},
		{"登录密码是不是默认的123456啊", "登录密码是不是默认的[password]啊", "password"},
		{"六位密码是135790", "六位密码是[password]", "password"},
		{"密码6位数是135790", "密码6位数是[password]", "password"},
		{"the password was changed to Hunter2! yesterday", "the password was changed to [password]! yesterday", "password"},
		{"code is 884213  or  884214", "code is [code]  or  [code]", "code"},
		{"password is correcthorse\nplease help", "password is [password]\nplease help", "password"},
		{"验证码是93123", "验证码是[code]", "code"},   // no hotline begins so
		{"验证码 2026 88", "验证码 [code]", "code"}, // no month 88
		{"12345678是密码", "[password]是密码", "password"},
		{"123456是我的密码", "[password]是我的密码", "password"},
		{"用123456当密码", "用[password]当密码", "password"},
		{"password is hunter2", "password is [password]", "password"},
		{"My password: p@ssword!", "My password: [password]!", "password"},
		{"my password is swordfish.", "my password is [password].", "password"},
		{"changed my password to hunter2 today", "changed my password to [password] today", "password"},
		{"the password I use is 3个8", "the password I use is [password]", "password"},
		{"my pin is 4321", "my pin is [pin]", "pin"},
		{"PIN码4321不对", "PIN码[pin]不对", "pin"},
		{"pin four three two one", "pin [pin]", "pin"},
		{"验证码 8842", "验证码 [code]", "code"},
		{"驗證碼收到的是884213", "驗證碼收到的是[code]", "code"},
		{"【建设银行】您的验证码为123456，5分钟内有效", "【建设银行】您的验证码为[code]，5分钟内有效", "code"},
		{"【支付宝】123456（登录验证码），请勿泄露", "【支付宝】[code]（登录验证码），请勿泄露", "code"},
		{"code: 123456", "code: [code]", "code"},
		{"the code I received was 884231, is it ok?", "the code I received was [code], is it ok?", "code"},
		{"the code he wanted is 385621", "the code he wanted is [code]", "code"},
		{"the PIN they asked me for was 4821", "the PIN they asked me for was [pin]", "pin"},
		{"the code she told me to read out is 77120", "the code she told me to read out is [code]", "code"},
		{"验证码对方要的是385621", "验证码对方要的是[code]", "code"},
		{"密码我告诉人家的是 739201", "密码我告诉人家的是 [password]", "password"},
		{"8842 is the code", "[code] is the code", "code"},
		{"OTP 884213", "OTP [code]", "code"},
		{"password: my-cat-5", "password: [password]", "password"},
		{"authentication code A7K92Q", "authentication code [code]", "code"},
		{"cvv 123", "cvv [cvv]", "cvv"},
		{"安全码是123", "安全码是[cvv]", "cvv"},
		{"the security code is 1234", "the security code is [cvv]", "cvv"},

		{"My PIN's 4321", "My PIN's [pin]", "pin"},
		{"yzm884213", "yzm[code]", "code"},
		{"输入123456提示密码错误", "输入[password]提示密码错误", "password"},
		{"my password is letmein and it does not work", "my password is [password] and it does not work", "password"},
		{"my password is correct horse battery staple", "my password is [password]", "password"},
		{"my password is case sensitive", "my password is case sensitive", ""},
		{"密码是“芝麻开门”", "密码是“[password]”", "password"},
		{"我的密码是我爱北京天安门", "我的密码是我[password]", "password"},
		{"密码是大写A小写b123456", "密码是[password]", "password"},
		{"密码是不是要大写字母", "密码是不是要大写字母", ""},
		{"密码六位都是8", "密码六位都是[password]", "password"},
		{"密码是我生日，800101", "密码是我生日，[password]", "password"},
		{"密码都是一样的123456吗", "密码都是一样的[password]吗", "password"},

		// Beside a card, and what a magnetic stripe holds.
		{"4111 1111 1111 1111 exp 12/28 code 737", "[card ****1111] exp [expiry] code [code]", "card expiry code"},
		{"卡号6228480402564890018，有效期2028年12月，背面三位数123", "卡号[card ****0018]，有效期[expiry]，背面三位数[cvv]", "card expiry cvv"},
		{"卡的有效期是12/28", "卡的有效期是12/28", ""},
		{"%B4111111111111111^WANG/XIAOMING^28121010000000000000?", "%B[card ****1111][track]", "card track"},
		{";6228480402564890018=2812220123450000?", ";[card ****0018][track]", "card track"},
		{"6228480402564890018D28122201234500000", "[card ****0018][track]", "card track"},

		// Together, and with what looks like a placeholder.
		{"[card ****123x] 密码是[password]654321", "[card ****123x] 密码是[password]654321", ""},
		{"卡号6228480402564890018密码123456", "卡号[card ****0018]密码[password]", "card password"},
		{"验证码 8842 6228 4804 0256 4890 018", "验证码 [code] [card ****0018]", "code card"},
		{"pin 4321, cvv 123, pin 8765", "pin [pin], cvv [cvv], pin [pin]", "pin cvv"},
		{"密码:order# 4111111111111111", "密码:[password] [card ****1111]", "password card"}, // the label was a password
		{"\xff密码123456\xff", "\uFFFD密码[password]\uFFFD", "password"},
	}
	for _, tt := range tests {
		got, kinds := privacy.Mask(tt.text, supportbot.Question{})
		if got != tt.want || strings.Join(kinds, " ") != tt.kinds {
			t.Errorf("Mask(%q)\n got %q %v\nwant %q [%s]", tt.text, got, kinds, tt.want, tt.kinds)
		}
	}
}

func TestMaskKnowsTheQuestion(t *testing.T) {
	digits := func(least, most int) supportbot.Slot {
		return supportbot.Slot{Type: supportbot.SlotDigits, Min: least, Max: most}
	}
	phone := supportbot.Slot{Type: supportbot.SlotPhone}
	enum := supportbot.Slot{Type: supportbot.SlotEnum}
	tests := []struct {
		name string
		slot supportbot.Slot
		text string
		want string
	}{
		{"merchant number", digits(15, 15), "378282246310005", "378282246310005"},
		{"merchant number in groups", digits(15, 15), "3782 822463 10005", "3782 822463 10005"},
		{"merchant number in words", digits(15, 15), "是378282246310005", "是378282246310005"},
		{"merchant number, then a card", digits(15, 15), "4111111111111111", "[card ****1111]"},
		{"a card beside the merchant number asked for", digits(15, 15), "卡号378282246310005", "卡号[card ****0005]"},
		{"a serial number as long as a card", digits(8, 20), "4111111111111111", "4111111111111111"},
		{"last four", digits(4, 4), "1234", "1234"},
		{"a card for the last four", digits(4, 4), "6228480402564890018", "[card ****0018]"},
		{"anything that long for the last four", digits(4, 4), "1234567890123", "[card ****0123]"},
		{"no upper limit", digits(0, 0), "4111111111111111", "[card ****1111]"},
		{"twelve digits", digits(12, 12), "884213884213", "884213884213"},
		{"a code where digits are asked for", digits(4, 8), "884213", "884213"},
		{"a named code where digits are asked for", digits(4, 8), "验证码884213", "验证码[code]"},
		{"phone", phone, "13812345678", "13812345678"},
		{"phone with country", phone, "+86 138-1234-5678", "+86 138-1234-5678"},
		{"phone with country, bare", phone, "8613812345678", "8613812345678"},
		{"a card for a phone", phone, "378282246310005", "[card ****0005]"},
		{"an identity number at a choice", enum, "11010519491231002X", "[id number]"},
		{"keys: a card at a choice", enum, "1234567890123456", "[card ****3456]"},
		{"keys: with the hash key", enum, "6228480402564890018#", "[card ****0018]#"},
		{"keys: nineteen of them", enum, "1234567890123456789", "[card ****6789]"},
		{"keys: an identity number", enum, "110101199003070759", "[id number]"},
		{"keys: a code at a choice", enum, "884213", "[code]"},
		{"keys: a choice", enum, "2", "2"},
		{"keys: something long", enum, "20260301123045678901", "20260301123045678901"},
		{"words: an order at a choice", enum, "订单884213", "订单884213"},
		{"six digits with nothing asked", supportbot.Slot{}, "884213", "884213"},
		{"six digits in free words", supportbot.Slot{Type: supportbot.SlotText}, "884213", "884213"},
		{"a card's length with nothing asked", supportbot.Slot{}, "2026030112304567", "[card ****4567]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := privacy.Mask(tt.text, supportbot.Question{Slot: tt.slot}); got != tt.want {
				t.Errorf("Mask(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestKindsAreListedOnce(t *testing.T) {
	_, kinds := privacy.Mask("密码123456，卡号6228480402564890018，密码654321", supportbot.Question{})
	if want := []string{"password", "card"}; !slices.Equal(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
}
