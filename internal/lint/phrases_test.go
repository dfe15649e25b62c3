package lint

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/kb"
)

func TestPhrases(t *testing.T) {
	base := &kb.Base{Topics: []kb.Topic{{ID: "fees"}, {ID: "limits"}, {ID: "receipts"}}}
	say := func(label string, language supportbot.Language, texts ...string) {
		for _, text := range texts {
			base.Phrases = append(base.Phrases, kb.Phrase{Label: label, Language: language, Text: text})
		}
	}
	say("fees", "en", "What does it cost?", "is there a charge", "a charge is there")
	say("limits", "en", "how much a day", "what does the cost it", "the most in one go", "how often may I pay")
	say("receipts", "en", "where is my slip")
	say("fees", "zh", "手续费多少", "多少手续费呢", "要钱吗", "一笔扣几块", "费率")
	say("limits", "zh", "限额多少", "一天能刷多少", "最多刷几笔", "单笔最高")
	say("receipts", "zh", "小票在哪打")

	want := []string{
		`1 phrases say almost the same under two ids, which the reader cannot tell apart: "What does it cost?" of fees and "what does the cost it" of limits`,
		`2 phrases say almost the same as another under their id, and teach nothing: "is there a charge" and "a charge is there" of fees; "手续费多少" and "多少手续费呢" of fees`,
		`receipts has 1 phrases in zh, others about 4: write more`,
	}
	got := Phrases(base)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := Phrases(&kb.Base{}); len(got) != 0 {
		t.Errorf("nothing at all: %q", got)
	}
}
