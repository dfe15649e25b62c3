package privacy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"supportbot"
	"supportbot/internal/privacy"
)

func TestPhones(t *testing.T) {
	for text, want := range map[string]string{
		"打给我 138-1234-5678":          "打给我 [phone ****5678]",
		"幺三八幺二三四五六七八":                "[phone ****5678]",
		"+86 138 1234 5678":          "+[phone ****5678]",
		"0086 13812345678 找我":        "[phone ****5678] 找我",
		"+1 415 555 0123":            "+[phone ****0123]",
		"店里电话 0571-8888 6666":        "店里电话 [phone ****6666]",
		"(021) 62781234":             "([phone ****1234]",
		"座机62781234":                 "座机[phone ****1234]",
		"my number is 415 555 0123":  "my number is 415 555 0123", // nothing says that it is a telephone's
		"my phone is (415) 555-0123": "my phone is ([phone ****0123]",
		"电话 400-820-5555 打不通":        "电话 400-820-5555 打不通",
		"电话95588":                    "电话95588",
		"订单号13812345678":             "订单号13812345678",
		"13812345678 是终端号":           "13812345678 是终端号",
		"刷了150 3000 2000":            "刷了150 3000 2000",
		"刷了150、3000、2000":            "刷了150、3000、2000",
		"手机352900111234567坏了":        "手机352900111234567坏了",
		"密码是13812345678":             "密码是[password]",
	} {
		if got, _ := privacy.Mask(text, supportbot.Question{}); got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
	for _, q := range []supportbot.Question{{Queued: true}, {Slot: supportbot.Slot{Type: supportbot.SlotPhone}}} {
		if got, kinds := privacy.Mask("我的电话是 138 1234 5678，卡号4111111111111111", q); got != "我的电话是 138 1234 5678，卡号[card ****1111]" {
			t.Errorf("asked for: %q %v", got, kinds)
		}
	}
}

func TestEveryFormOfAMobileNumberIsMasked(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	carriers := []string{"%s", "我是%s", "打%s找我", "call me on %s please", "手机号：%s"}
	forms, leaks := 0, 0
	for _, script := range scripts {
		for _, separator := range []string{"", " ", "-", ".", "\u00A0", "\u200B", "·", "_", "|", "👍"} {
			if script.words && separator != " " && separator != "-" {
				continue
			}
			for _, grouped := range []func(int) bool{func(i int) bool { return i == 3 || i == 7 }, groupings["each"]} {
				if script.words {
					grouped = groupings["each"]
				}
				for range 20 {
					number := fmt.Sprintf("1%d%s", 3+rng.IntN(7), randomDigits(rng, 9))
					text := fmt.Sprintf(carriers[forms%len(carriers)], write(number, script.digits, separator, grouped))
					forms++
					if got, _ := privacy.Mask(text, supportbot.Question{}); !strings.Contains(got, "[phone ****"+number[7:]+"]") {
						leaks++
						t.Logf("Mask(%q) = %q", text, got)
					}
				}
			}
		}
	}
	t.Logf("%d telephone numbers, %d leaks", forms, leaks)
	if leaks*200 > forms {
		t.Errorf("%d of %d leak, want at most 0.5%%", leaks, forms)
	}
}
