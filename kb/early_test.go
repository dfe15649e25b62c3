package kb

import (
	"testing"

	"supportbot"
)

func TestTheWordsThatStartAFlowMayAnswerIt(t *testing.T) {
	cause := supportbot.Slot{Name: "cause", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "balance", Label: words("余额不足", "Not enough money"), Also: also("余额 少", "insufficient")},
		{Value: "network", Label: words("超时或没网络", "No network"), Also: also("网络 超时", "timeout")},
	}}
	q := supportbot.Question{Begins: map[string][]supportbot.Slot{"transaction-failed": {cause}}}
	for text, want := range map[string]string{
		"刷卡提示余额不足":                        "balance",
		"payment failed, it says timeout": "network",
		"交易失败了":                           "",
		"刷卡失败，不是网络的问题":                    "",
		"刷不了，提示余额不足，后来又超时":                "",
	} {
		got := reader(t).Read(text, q).Commands
		if len(got) != 1 || got[0].Topic != "transaction-failed" || got[0].Fill["cause"] != want {
			t.Errorf("%q gives %+v, want the cause %q", text, got, want)
		}
	}
}
