package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot/internal/privacy"
)

func TestLinesOfAConversationAreMaskedTogether(t *testing.T) {
	s, at := spoken{}, time.Unix(1, 0)
	for _, tt := range []struct {
		conversation, text string
		after              time.Duration
		want               masked
	}{
		{"a", "卡号6228 4804", 0, masked{Text: "卡号6228 4804"}},
		{"b", "我的密码是", 0, masked{Text: "我的密码是"}},
		{"a", "等等", 0, masked{Text: "等等"}},
		{"b", "hunter2", 0, masked{Text: "[password]"}},
		{"a", "0256 4890 018", 0, masked{Text: "[card]", Earlier: map[int]string{2: "卡号[card]"}}},
		{"c", "6228 4804", time.Minute, masked{Text: "6228 4804"}},
		{"c", "0256 4890 018", privacy.SplitLimit + time.Second, masked{Text: "0256 4890 018"}},
		{"", "6228 4804", 0, masked{Text: "6228 4804"}},
		{"", "0256 4890 018", 0, masked{Text: "0256 4890 018"}},
	} {
		at = at.Add(tt.after)
		got := s.mask(tt.conversation, privacy.Said{Text: tt.text, At: at})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", tt.conversation, tt.text, diff)
		}
	}
}
