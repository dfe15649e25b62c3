package kb

import (
	"slices"
	"testing"

	"supportbot"
)

func TestNormalise(t *testing.T) {
	for text, want := range map[string]string{
		"ＰＯＳ机　密码１２３":    "pos机密码123",
		"绑 卡 失 败！！！":    "绑卡失败!",
		"POS 机":         "pos机",
		"密\u200b码":      "密码",
		"  It   FAILS ": "it fails",
		"邦卡":            "绑卡",
		"密吗忘了":          "密码忘了",
		"綁卡":            "绑卡",
		"it cant work":  "it can't work",
		"significant":   "significant",
		"pasword":       "password",
		"don’t":         "don't",
		"第①个":           "第1个",
		"\xff好":         "好",
		"":              "",
	} {
		if got := normalise(text); got != want {
			t.Errorf("normalise(%q) is %q, want %q", text, got, want)
		}
	}
}

func TestBareMakesTheSameWordsEqual(t *testing.T) {
	for _, pair := range [][2]string{
		{"好的。", "好的呀！"},
		{"天气，怎么样？", "天气 怎么样"},
		{"Yes, please!", "yes please"},
	} {
		if a, b := bare(normalise(pair[0])), bare(normalise(pair[1])); a != b {
			t.Errorf("%q is %q and %q is %q", pair[0], a, pair[1], b)
		}
	}
	if got := bare(normalise("啊啊啊")); got != "啊啊啊" {
		t.Errorf("nothing but particles became %q", got)
	}
}

func TestClauses(t *testing.T) {
	got := clauses(normalise("试过了，但是还是不行。转人工! it failed but I tried"))
	if want := []string{"试过了", "还是不行", "转人工", "it failed", "i tried"}; !slices.Equal(got, want) {
		t.Errorf("clauses are %q, want %q", got, want)
	}
}

func TestCount(t *testing.T) {
	for text, want := range map[string]int{"1": 1, "12": 12, "一": 1, "两": 2, "十": 10, "十二": 12, "二十": 20, "三十五": 35} {
		if got, ok := count(text); !ok || got != want {
			t.Errorf("count(%q) is %d, %t, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "a", "123", "一百", "十十", "二十三四"} {
		if got, ok := count(text); ok {
			t.Errorf("count(%q) is %d, want none", text, got)
		}
	}
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]supportbot.Language{
		"POS机密码忘了":                     supportbot.Chinese,
		"拉卡拉":                          supportbot.Chinese,
		"Lakala怎么绑":                    supportbot.Chinese,
		"我的 terminal 坏了":               supportbot.Chinese,
		"wo de mima wangle":            supportbot.Chinese,
		"bang ka shibai":               supportbot.Chinese,
		"my terminal password is lost": supportbot.English,
		"how do I bind my 拉卡拉 card":    supportbot.English,
		"hello":                        supportbot.English,
		"change machine":               supportbot.English,
		"can she change the pin":       supportbot.English,
		"Lakala terminal":              supportbot.English,
		"POS":                          "",
		"ok":                           "",
		"1234":                         "",
		"MF919":                        "",
		"A8 Pro":                       "",
		"Lakala":                       "",
		"???":                          "",
		"":                             "",
		"привет":                       "",
	} {
		if got := Language(text); got != want {
			t.Errorf("Language(%q) is %q, want %q", text, got, want)
		}
	}
}

func TestPolarity(t *testing.T) {
	for text, want := range map[string]weight{
		"弄好了": yes, "可以了": yes, "没问题": yes, "没有失败": yes, "是的": yes, "好使了": yes, "没错": yes, "不错": yes, "能用": yes,
		"it works now": yes, "no problem": yes, "yes it did": yes, "no errors": yes, "that fixed it": yes,
		"还是不行": no, "还没": no, "不行": no, "没有": no, "没成功": no, "不能用": no, "还没弄好": no, "按你说的弄了三遍还是不行": no, "还是一样": no, "登不上": no, "不太行": no,
		"nope": no, "same error": no, "it doesn't work": no, "not yet": no, "still can't sign in": no, "I haven't": no, "it still fails": no,
		"好的": mild, "ok": mild,
		"不知道": unsure, "是不是要等": unsure, "I'm not sure": unsure, "我是老板": silent, "昨天买的机器": silent, "my name is Wang": silent,
	} {
		if got := polarityOf(normalise(text)).weight; got != want {
			t.Errorf("%q weighs %d, want %d", text, got, want)
		}
	}
}
