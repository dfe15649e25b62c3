package kb

import (
	"testing"

	"supportbot"
)

// TestTheWaysPeopleWrite says a few things in the many ways in which they come.
func TestTheWaysPeopleWrite(t *testing.T) {
	for _, tt := range []struct{ way, text, topic string }{
		{"width", "ＰＯＳ机密码忘了", "forgot-password"},
		{"traditional characters", "忘記密碼怎麼辦", "forgot-password"},
		{"spaces within Chinese", "密 码 忘 了", "forgot-password"},
		{"a homophone", "密吗忘了", "forgot-password"},
		{"another homophone", "邦卡失败", "binding-failed"},
		{"pinyin", "wangji mima le", "forgot-password"},
		{"filler words", "嗯那个就是我那个密码忘了", "forgot-password"},
		{"marks and emoji", "密码忘了！！！😭😭", "forgot-password"},
		{"numerals", "一天最多能刷五万吗", "transaction-limits"},
		{"negation", "不是密码的问题，是绑不上卡", "binding-failed"},
		{"fraud denied", "不是诈骗，就是想问限额", "transaction-limits"},
		{"two matters, the urgent one first", "我被骗了，另外问下限额是多少", "suspected-fraud"},
		{"two matters, the urgent one last", "限额是多少，还有我卡里钱被人刷走了", "suspected-fraud"},
		{"a wish in a question", "今天的钱怎么没到账", "reconciliation"},
	} {
		got := reader(t).Read(tt.text, supportbot.Question{})
		if got.Decision != supportbot.Answer || got.Topic != tt.topic {
			t.Errorf("%s: %q is %s %q, want %s", tt.way, tt.text, got.Decision, got.Topic, tt.topic)
		}
	}
}
