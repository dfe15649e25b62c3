package privacy_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/internal/privacy"
)

// pieces are what the rules look for, so that random sequences of them are as
// confusing as can be.
var pieces = []string{
	"密码", "验证码", "pin", "code", "cvv", "卡号", "商户号", "merchant no", "订单号", "order", "ref#", "身份证", "忘记", "forgot", "error",
	"是", "是我的", "我的", " is ", " is my ", ": ", "=", "（", "）", "[", "]", "或者", " or ", "/", ",", "，", ". ", "\n", " ", "-", "_", "#", "次", "年", " 元", "http://",
	"123456", "8842", "12", "7", "2026", "95588", "13812345678", "378282246310005", "4111111111111111", "6228480402564890018", "4111 1111 1111 1111", "6222 0210 0111 6245",
	"11010519491231002X", "110105491231002", "11010519491231002", "x", "622022", "六", "六个八", "三个", "个8", "幺", "一直", "double six", "six", "triple ", "oh ",
	"hunter2", "p@ss", "swordfish", "a3", "N6200", "\u200B", "\uFE0F\u20E3", "８８", "[card ****1234]", "[card ****9090]", "[card", "****1234]", "[password]", "[code]", "[id number]", "\xff", "é", "👍",
}

func slots() *rapid.Generator[supportbot.Slot] {
	return rapid.Custom(func(t *rapid.T) supportbot.Slot {
		return supportbot.Slot{
			Type: rapid.SampledFrom([]supportbot.SlotType{
				"", supportbot.SlotEnum, supportbot.SlotBool, supportbot.SlotText, supportbot.SlotDigits, supportbot.SlotPhone, supportbot.SlotPick,
			}).Draw(t, "type"),
			Min: rapid.IntRange(0, 20).Draw(t, "min"),
			Max: rapid.IntRange(0, 20).Draw(t, "max"),
		}
	})
}

func TestMaskIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 14).Draw(t, "pieces"), "")
		stable(t, text, supportbot.Question{Slot: slots().Draw(t, "slot")})
	})
}

func TestWhatStaysAtTheStrictestQuestionStaysAtAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 8).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		if _, kinds := privacy.Mask(text, privacy.Strictest); len(kinds) > 0 {
			return
		}
		q := supportbot.Question{Slot: slots().Draw(t, "slot"), Queued: rapid.Bool().Draw(t, "queued")}
		if got, kinds := privacy.Mask(text, q); len(kinds) > 0 {
			t.Errorf("%q at %+v: %q %v", text, q, got, kinds)
		}
	})
}

func TestMaskIsStableOnAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stable(t, rapid.String().Draw(t, "text"), supportbot.Question{Slot: slots().Draw(t, "slot")})
	})
}

// A card is masked whatever is said around it, as long as the words neither give
// it another label nor add digits to it.
func TestCardIsMaskedAnywhere(t *testing.T) {
	words := rapid.SampledFrom([]string{
		"密码", "忘记密码", "验证码是", "我的", "是", "，", "。", "\n", "（", "请问", "pin", "code is", "my", "error", "或者", "/", "收到", "[card ****1234]", "：", "é", "次", "年",
	})
	rapid.Check(t, func(t *rapid.T) {
		before := strings.Join(rapid.SliceOfN(words, 0, 6).Draw(t, "before"), " ")
		after := strings.Join(rapid.SliceOfN(words, 0, 6).Draw(t, "after"), " ")
		got, _ := privacy.Mask(before+" 6228480402564890018 "+after, supportbot.Question{})
		if strings.ContainsAny(strings.ReplaceAll(got, "[card ****0018]", ""), "0567890") {
			t.Fatalf("digits are left in %q", got)
		}
	})
}

// Each of these numbers is hidden only after the one that follows it. Nobody
// writes so by chance, and nothing of it is kept.
func TestEndlessUncoveringLeavesNothing(t *testing.T) {
	text := strings.Repeat("1 1 0 1 0 1 9 0 0 1 0 1 1 0 1 ", 12)
	if got, _ := privacy.Mask(text, supportbot.Question{}); got != "[password]" {
		t.Errorf("got %q", got)
	}
	stable(t, text, supportbot.Question{})
}

func FuzzMask(f *testing.F) {
	for _, text := range benign {
		f.Add(text, "", 0, 0)
	}
	f.Add(strings.Join(pieces, ""), "digits", 15, 15)
	f.Add("密码:ref# 4111111111111111 12 34是密码", "enum", 0, 0)
	f.Fuzz(func(t *testing.T, text, slot string, least, most int) {
		stable(t, text, supportbot.Question{Slot: supportbot.Slot{Type: supportbot.SlotType(slot), Min: least, Max: most}})
		planted := text + "\n卡号 4539578763621486。"
		if got, _ := privacy.Mask(planted, supportbot.Question{}); strings.Contains(got, "45395") || strings.Contains(got, "62148") {
			t.Fatalf("Mask(%q) = %q, and the card is left", planted, got)
		}
		now := privacy.Said{Text: planted, At: time.Unix(1, 0)}
		privacy.MaskAfter([]privacy.Said{{Text: text, At: now.At}, {Text: slot, At: now.At}}, now, supportbot.Question{})
	})
}

// stable checks what holds for every text.
func stable(t interface{ Fatalf(string, ...any) }, text string, q supportbot.Question) {
	once, kinds := privacy.Mask(text, q)
	if !utf8.ValidString(once) {
		t.Fatalf("Mask(%q) = %q, which is not UTF-8", text, once)
	}
	if (len(kinds) > 0) != (once != strings.ToValidUTF8(text, "\uFFFD")) {
		t.Fatalf("Mask(%q) = %q, but the kinds are %v", text, once, kinds)
	}
	if again, kinds := privacy.Mask(once, q); again != once || kinds != nil {
		t.Fatalf("Mask(%q) = %q\nmasked again it is %q %v", text, once, again, kinds)
	}
}
