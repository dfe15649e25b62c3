package kb

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAlike(t *testing.T) {
	groups := []string{
		"退手续费|我要退手续费|手续费能退吗|手续费退给我|手续废能退吗|怎么退手续费啊|退手续费！！|refund my fee|shouxufei neng tui ma",
		"打不出小票了|小票机不出纸",
		"机器丢了怎么办|机子丢了|pos机弄丢了",
		"开发票|我要开发票",
		"???",
		"今天天气怎么样",
	}
	var texts []string
	group := map[string]int{}
	for i, g := range groups {
		for _, text := range strings.Split(g, "|") {
			texts = append(texts, text)
			group[text] = i
		}
	}
	// As they come in: not one group after the other.
	slices.SortFunc(texts, func(a, b string) int { return strings.Compare(a[len(a)-1:]+a, b[len(b)-1:]+b) })
	last := len(texts)
	for _, got := range Alike(texts) {
		var said []string
		for _, i := range got {
			said = append(said, texts[i])
		}
		want := group[said[0]]
		if len(got) > last || len(said) != len(strings.Split(groups[want], "|")) || slices.ContainsFunc(said, func(s string) bool { return group[s] != want }) {
			t.Errorf("together: %q, want %q", said, groups[want])
		}
		last = len(got)
	}
}

func TestTheMostFrequentIsTheMostTypical(t *testing.T) {
	texts := []string{"能不能退我手续费", "退手续费", "退手续费吧", "退手续费。", "开发票"}
	if got := fmt.Sprint(Alike(texts)); got != "[[1 2 3 0] [4]]" {
		t.Errorf("groups are %s", got)
	}
}

// Every message is in one group, whatever it is, and the same in the same one.
func TestAlikeTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"退款", "退款 ", "退款!", "refund", "", "?"})), 0, 40).Draw(t, "texts")
		groups := Alike(texts)
		of := map[int]int{}
		for g, places := range groups {
			for _, i := range places {
				if _, twice := of[i]; twice {
					t.Fatalf("%q is in two groups", texts[i])
				}
				of[i] = g
			}
		}
		if len(of) != len(texts) {
			t.Fatalf("%d of %d messages are in a group", len(of), len(texts))
		}
		for i := range texts {
			for j := range texts {
				if texts[i] == texts[j] && of[i] != of[j] {
					t.Fatalf("%q is in groups %d and %d", texts[i], of[i], of[j])
				}
			}
		}
		if again := Alike(texts); fmt.Sprint(again) != fmt.Sprint(groups) {
			t.Fatalf("%v at first, then %v", groups, again)
		}
	})
}
