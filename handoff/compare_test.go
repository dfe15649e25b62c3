package handoff_test

import (
	"testing"

	"pgregory.net/rapid"

	"supportbot/handoff"
)

func TestNormal(t *testing.T) {
	for _, test := range []struct {
		kind  handoff.Kind
		wants string
		forms []string
	}{
		{handoff.Words, "王小明", []string{"王小明", " 王 小明 ", "王·小明", "王　小明"}},
		{handoff.Words, "wangxiaomingstore2", []string{"Wang Xiaoming Store 2", "WANG xiaoming-store ２", "Ｗａｎｇ Xiaoming Store 2."}},
		{handoff.Words, "", []string{"", " - ", "。"}},
		{handoff.Digits, "822100059981234", []string{"822100059981234", "8221 0005 9981 234", "８２２１０００５９９８１２３４", "822-100-059-981-234"}},
		{handoff.Digits, "11010519491231002x", []string{"11010519491231002X", "110105 19491231 002ｘ"}},
		{handoff.Phone, "8613800138000", []string{"13800138000", "+86 138 0013 8000", "0086-13800138000", "86 13800138000", "１３８００１３８０００"}},
		{handoff.Phone, "861088886666", []string{"010-88886666", "+86 10 8888 6666", "(010) 8888 6666"}},
		{handoff.Phone, "85291234567", []string{"+852 9123 4567", "0085291234567"}},
		{handoff.Phone, "", []string{"", "none"}},
		{handoff.Date, "2024-03-05", []string{"2024-03-05", "2024年3月5日", "2024/3/5", "2024.03.05", "20240305", "5 March 2024", "March 5, 2024", "5 mar 2024", "２０２４年３月５号"}},
		{handoff.Date, "", []string{"", "3/5/2024", "2024-13-05", "2024-02-30", "last spring"}},
	} {
		for _, form := range test.forms {
			if got := handoff.Normal(test.kind, form); got != test.wants {
				t.Errorf("%s %q is %q, want %q", test.kind, form, got, test.wants)
			}
		}
	}
}

func TestNormalOfANormalFormIsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value")
		for _, kind := range []handoff.Kind{handoff.Words, handoff.Digits, handoff.Date} {
			once := handoff.Normal(kind, value)
			if again := handoff.Normal(kind, once); again != once {
				t.Fatalf("%s %q is %q, and that is %q", kind, value, once, again)
			}
		}
	})
}
