package supportbot_test

import (
	"testing"

	"supportbot"
)

func TestEmails(t *testing.T) {
	for text, want := range map[string]string{
		"li.ming@qq.com":                         "li.ming@qq.com",
		"我的邮箱是li.ming@qq.com，谢谢":                 "li.ming@qq.com",
		"mail me at Li+shop@mail.example.co.uk.": "Li+shop@mail.example.co.uk",
		"13800138000＠139．com":                    "13800138000@139.com",
		"a@b":                                    "",
		"@someone":                               "",
		"p@ss word":                              "",
		"https://shop.example/@li":               "",
	} {
		if got := supportbot.FindEmail(text); got != want || want != "" && !supportbot.IsEmail(got) {
			t.Errorf("%q has %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "li@qq.com ", "li@qq.com\nBcc: x@y.example", "li@qq.com,x@y.example", "a..b@qq.com", "<li@qq.com>", "li@[127.0.0.1]"} {
		if supportbot.IsEmail(text) {
			t.Errorf("%q is taken for an address", text)
		}
	}
	if got := supportbot.HideEmails("写到 li.ming@qq.com 或 a＠b.example"); got != "写到 l***@qq.com 或 a***@b.example" {
		t.Errorf("hidden: %q", got)
	}
}
