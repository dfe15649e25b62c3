package privacy

import (
	"strings"
	"unicode"
)

// counted tells whether a unit stands at glyph i, so that the number before it
// is an amount, a date, a length or a count: "3次", "6 digits".
func (m *masker) counted(i int) bool {
	if m.at(i) == ' ' {
		i++
	}
	_, end := match(m, units, i)
	return end > i
}

// units is a table of one meaning.
var units = words(map[int][]string{0: {
	"次", "位", "个", "天", "日", "年", "月", "周", "时", "小时", "分", "秒", "元", "块", "万", "千", "百", "号", "楼", "层", "台", "张", "点", "笔", "条", "人", "岁", "%",
	"times", "time", "digit", "digits", "characters", "letters", "attempts", "tries", "seconds", "secs", "minutes", "minute", "min", "mins",
	"hours", "hour", "days", "weeks", "months", "years", "yuan", "rmb", "cny", "usd", "dollars", "percent",
}})

// isDate tells whether a date begins at digit k: 2026-03-01, 2026/3/1 or 2026年.
func (m *masker) isDate(k int) bool {
	hi := m.runEnd(k)
	year := m.groupEnd(k, hi)
	if century := m.value(k, 2); year-k != 4 || century != 19 && century != 20 {
		return false
	}
	if after := m.at(m.digits[year-1].to); after == '年' || after == '/' {
		return true
	}
	month := m.groupEnd(min(year, hi), hi)
	return year < hi && month < hi && month-year <= 2 && m.value(year, month-year) <= 12
}

// isHotline tells whether the digits [k,end) are the number of a bank or a
// public service, from which codes come: 95588, 96110, 12315, 10086.
func (m *masker) isHotline(k, end int) bool {
	if end-k != 5 {
		return false
	}
	p := m.value(k, 2)
	return p == 95 || p == 96 || p == 12 || p == 10
}

// harmless tells whether the words before a label, which begins at glyph i, make
// what follows no secret: "error code 1001"; or, if nothing firm ties the two,
// "forgot my password 12345678".
func (m *masker) harmless(i int, l label, firm bool) bool {
	lo := i
	for lo > 0 && i-lo < 24 && !endsClause(m.at(lo-1)) {
		lo--
	}
	var text strings.Builder
	for ; lo < i; lo++ {
		text.WriteRune(m.at(lo))
	}
	before := text.String()
	if l == labelCode {
		words := strings.FieldsFunc(before, func(r rune) bool { return !unicode.IsLetter(r) })
		return len(words) > 0 && otherCodes[words[len(words)-1]]
	}
	if firm {
		return false
	}
	for _, forgot := range []string{"忘", "找回", "丢", "forg", "lost"} {
		if strings.Contains(before, forgot) {
			return true
		}
	}
	return false
}

// otherCodes are the codes that are no secrets, by the word before "code". An
// authorization code stands on the receipt.
var otherCodes = set(`error response return status reason result fault decline country area zip postal
	post dial city merchant qr bar branch swift product item promo promotion discount coupon model terminal
	source order reference currency exit http mcc auth authorization authorisation approval`)

// states are what one says of a password without giving it away.
var states = set(`wrong incorrect invalid weak missing correct right required unknown same different here
	there reset gone broken unsafe safe secret default simple long short what where ready fine good help please
	urgent visible hidden stolen unavailable null none lost forgotten empty okay your mine this that bank card
	wifi lakala alipay wechat phone terminal me duoshao shenme`)

func set(list string) map[string]bool {
	words := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		words[w] = true
	}
	return words
}
