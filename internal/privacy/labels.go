package privacy

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// label is what words before a number or a secret say it is.
type label int

const (
	labelNone      label = iota
	labelReference       // an order, a terminal, a serial number: not a secret, whatever its form
	labelMerchant
	labelCard
	labelID
	labelPhone
	labelTail // the last digits of a card, which may stay
	labelExpiry
	labelPassword
	labelPIN
	labelCode
	labelCVV
)

func (l label) secret() bool { return l >= labelPassword }

// labels are folded; a space in one stands for up to three spaces or hyphens, or
// none.
var labels = words(map[label][]string{
	labelReference: {
		"订单", "订单号", "订单编号", "单号", "运单号", "快递单号", "工单号", "流水号", "流水", "小票号", "小票", "交易号", "交易单号", "参考号", "检索号",
		"凭证号", "批次号", "授权码", "授权号", "终端", "终端号", "终端编号", "序列号", "机身号", "机器号", "设备号", "机具号", "sn码",
		"order", "transaction", "reference", "ref", "rrn", "trace", "batch", "voucher", "invoice", "tracking", "waybill",
		"terminal", "tid", "serial", "sn", "s/n", "imei", "iccid", "device", "ticket",
	},
	labelMerchant: {
		"商户号", "商户编号", "商户代码", "商户id", "商编",
		"merchant number", "merchant no", "merchant id", "merchant code", "mid",
	},
	labelCard: {
		"卡号", "银行卡", "信用卡", "借记卡", "储蓄卡", "银联卡", "贷记卡", "卡",
		"card", "visa", "mastercard", "amex", "unionpay", "jcb", "pan",
	},
	labelID: {
		"身份证", "证件号", "证件号码", "身份号码",
		"id number", "id no", "id card", "identity number", "identity card",
	},
	labelPhone: {
		"电话", "电话号码", "手机", "手机号", "手机号码", "座机", "固话", "联系方式", "联系电话",
		"phone", "phone number", "telephone", "tel", "mobile", "mobile number", "cell", "cellphone", "whatsapp",
	},
	labelTail: {"尾号", "尾数", "末四位", "后四位", "last four", "last 4", "ending in", "ends in"},
	labelExpiry: {
		"有效期", "有效期至", "有效期到", "有效日期", "到期", "到期日", "过期日",
		"exp", "exp date", "expiry", "expiry date", "expires", "expiration", "expiration date", "valid thru", "valid until", "good thru",
	},
	labelPassword: {
		"密码", "口令", "mima", "password", "pass word", "passwd", "passcode", "pass code", "passphrase", "pass", "pwd", "pw",
	},
	labelPIN: {"pin", "pin code", "puk"},
	labelCode: {
		"验证码", "校验码", "动态码", "短信码", "确认码", "动态密码", "动态口令", "短信密码",
		"短信说", "短信是", "短信里", "短信内容", "短信发来", "yzm", "yanzhengma", "code", "otp",
	},
	labelCVV: {
		"安全码", "后三位", "末三位", "背面三位", "背面后三位", "背面末三位", "背面的三位", "背面那三位", "背面三位数", "背面的三位数", "背面三个数字", "背面的三个数字",
		"卡后三位", "签名条后三位", "digits on the back", "number on the back", "numbers on the back",
		"cvv", "cvv2", "cvc", "cvc2", "cvn", "cvn2", "cid", "security code",
	},
})

// bond tells how a word ties a label to what follows it.
type bond int

const (
	loose  bond = iota // "PIN number 4321"
	firm               // "the PIN is 4321"
	aside              // "the PIN I use is 4321": only with a firm word
	opened             // "4321 (my PIN)"
)

var bonds = words(map[bond][]string{
	loose: {
		" ", "\n", string(border), "\"", "'", "#", "-", "]", ")", ">", "号", "码", "号码", "编号", "数字", "生日",
		"前四位", "前六位", "前面", "开头", "第一段", "第1段", "第一组",
		"number", "no", "no.", "num", "id", "birthday",
	},
	opened: {"(", "["},
	firm: {
		":", "=", "是", "为", "就是", "不是", "叫", "成", "填", "填写", "输", "输入", "做", "当", "作为", "从", "收到", "收到了", "shi", "都是", "都是一样的", "全是",
		"'s", "is", "was", "are", "it's", "to", "as", "from",
	},
	aside: {
		"我", "我们", "你们", "你", "您", "他", "的", "了", "这个", "这", "提示", "显示", "发来", "发", "给", "短信", "手机", "微信", "支付宝", "银行", "银行卡", "登录", "登陆",
		"动态", "支付", "交易", "取款", "现在", "刚才", "刚", "今天", "上", "里", "应该", "好像", "可能", "大概", "一直", "都", "也", "就",
		"她", "他们", "人家", "别人", "对方", "客服", "要", "问", "告诉", "说", "念", "报", "让", "叫",
		"之前", "原来", "以前", "新", "旧", "设置", "设", "改", "换", "用", "默认", "初始",
		"6位", "六位", "6位数", "六位数", "4位", "四位", "4位数", "四位数", "数",
		"i", "you", "we", "he", "she", "they", "him", "her", "them", "want", "wants", "wanted", "ask", "asks", "asked", "need", "needs", "needed",
		"tell", "told", "give", "gave", "read", "say", "said", "out", "got", "get", "have", "received", "sent", "me", "for", "the", "my", "our", "your", "a", "on",
		"in", "app", "terminal", "pos", "machine", "account", "bank", "card", "login", "sms", "text", "new", "old", "current", "just",
		"entered", "typed", "use", "used", "set", "put", "tried", "which", "that", "here", "below", "now", "probably", "verification", "security", "confirmation", "access", "google", "one time", "still", "it", "changed", "been", "default",
	},
})

// labelAt returns the longest label that begins at glyph i, and where it ends.
func (m *masker) labelAt(i int) (label, int) {
	return match(m, labels, i)
}

// labelled finds what the labels of the message speak of: by the glyph where it
// begins, and whether a merchant number is mentioned at all.
func (m *masker) labelled() (at map[int]label, merchant bool) {
	for i := 0; i < len(m.glyphs); {
		l, end := m.labelAt(i)
		if l == labelNone {
			i++
			continue
		}
		i = end
		merchant = merchant || l == labelMerchant
		// A number is kept only if nothing but its label can be meant.
		if t := m.follow(end); t.linked() && !(l == labelReference && t.aside) {
			if at == nil {
				at = make(map[int]label)
			}
			at[t.to] = l // the nearest label wins
		}
	}
	return at, merchant
}

// tie is what stands between a label and the glyph to.
type tie struct {
	to     int
	firm   bool
	aside  bool
	opened bool
}

// linked tells whether the label speaks of what comes next.
func (t tie) linked() bool { return t.firm || !t.aside }

// follow reads the words that tie a label which ends at glyph i to what comes
// next: ten at most.
func (m *masker) follow(i int) tie {
	t := tie{to: i}
	for range 10 {
		b, end := match(m, bonds, t.to)
		if t.firm && m.at(t.to) == ',' {
			b, end = loose, t.to+1 // 密码是我生日，800101
		}
		if end == t.to || b == aside && isLatin(m.at(end-1)) && inToken(m.at(end)) && m.at(end) != ':' {
			break // nothing, or the beginning of a password such as my-cat-5
		}
		switch b {
		case firm:
			t.firm = true
		case opened:
			t.opened = true
		case aside:
			t.aside = true
		}
		for m.at(end) == ' ' {
			end++
		}
		t.to = end
	}
	return t
}

// word is one entry of a table of words, with what it means.
type word[T any] struct {
	runes []rune
	means T
}

// words makes a table for match: by the first character, longest first.
func words[T ~int](table map[T][]string) map[rune][]word[T] {
	index := make(map[rune][]word[T])
	for means, list := range table {
		for _, w := range list {
			first, _ := utf8.DecodeRuneInString(w)
			index[first] = append(index[first], word[T]{[]rune(w), means})
		}
	}
	for _, list := range index {
		slices.SortFunc(list, func(a, b word[T]) int { return cmp.Compare(len(b.runes), len(a.runes)) })
	}
	return index
}

// match returns the meaning of the longest word of a table that begins at glyph
// i, and where it ends: at i if there is none. Latin words match whole.
func match[T ~int](m *masker, table map[rune][]word[T], i int) (means T, end int) {
	for _, w := range table[m.at(i)] {
		if end := m.matchAt(i, w.runes); end > i {
			return w.means, end
		}
	}
	return means, i
}

func (m *masker) matchAt(i int, runes []rune) (end int) {
	if isLatin(runes[0]) && isLatin(m.at(i-1)) {
		return i
	}
	end = i
	for _, r := range runes {
		if r == ' ' && len(runes) > 1 {
			for range 3 {
				if m.at(end) == ' ' || m.at(end) == '-' {
					end++
				}
			}
			continue
		}
		if m.at(end) != r {
			return i
		}
		end++
	}
	if isLatin(runes[len(runes)-1]) && isLatin(m.at(end)) {
		return i
	}
	return end
}
