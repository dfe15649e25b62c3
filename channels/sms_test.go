package channels

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"supportbot"
)

func TestSegments(t *testing.T) {
	tests := []struct {
		name, text string
		want       int
	}{
		{"nothing", "", 0},
		{"English that just fits one", strings.Repeat("a", 160), 1},
		{"one more, and each has a header", strings.Repeat("a", 161), 2},
		{"English that just fits two", strings.Repeat("a", 306), 2},
		{"three", strings.Repeat("a", 307), 3},
		{"English that just fits three", strings.Repeat("a", 459), 3},
		{"four", strings.Repeat("a", 460), 4},
		{"extension characters count twice", strings.Repeat("€", 80), 1},
		{"and are not cut in two", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3},
		{"all of the basic alphabet", gsmBasic, 1},
		{"Chinese that just fits one", strings.Repeat("您", 70), 1},
		{"two", strings.Repeat("您", 71), 2},
		{"Chinese that just fits three", strings.Repeat("您", 201), 3},
		{"four in Chinese", strings.Repeat("您", 202), 4},
		{"one Chinese character makes all of it UCS-2", strings.Repeat("a", 70) + "您", 2},
		{"a surrogate pair is two units", strings.Repeat("😀", 35), 1},
		{"and is not cut in two", strings.Repeat("a", 66) + "😀" + strings.Repeat("a", 66), 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Segments(test.text); got != test.want {
				t.Errorf("%d segments, want %d", got, test.want)
			}
		})
	}
}

// TestMoreTextIsNeverFewerSegments also holds where a character would be cut.
func TestMoreTextIsNeverFewerSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aZ0€{您，😀é")), 0, 500, -1).Draw(t, "text")
		more := text + rapid.StringOfN(rapid.RuneFrom([]rune("a€")), 1, 50, -1).Draw(t, "more")
		if Segments(more) < Segments(text) {
			t.Fatalf("%d segments, with more text %d", Segments(text), Segments(more))
		}
	})
}

func TestSMSText(t *testing.T) {
	tests := []struct{ name, markdown, want string }{
		{"typography that GSM lacks", "“Don’t” – wait…", `"Don't" - wait...`},
		{"Chinese keeps its own", "点“返回”——就好", "点“返回”——就好"},
		{"Markdown", "**Stop.**\n\n1. Call *now*\n* See [help](https://a.example/x)", "Stop.\n\n1. Call now\n- See help https://a.example/x"},
		{"an address that is its own name", "[https://a.example](https://a.example)", "https://a.example"},
		{"a sum is no emphasis", "2 * 3 * 4", "2 * 3 * 4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := SMSText(test.markdown); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSMS(t *testing.T) {
	choices := []supportbot.Choice{{Label: "柜台"}, {Label: "手机", Key: "5"}}
	short := supportbot.Reply{Text: "**怎么绑？**", Spoken: "您想怎么绑？", Choices: choices}
	if got, want := SMS(short), "怎么绑？\n1 柜台\n5 手机"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	long := supportbot.Reply{Text: strings.Repeat("长", 200), Spoken: "短", Choices: choices}
	if got, want := SMS(long), "短\n1 柜台\n5 手机"; got != want {
		t.Errorf("a text that is too long with its choices: got %q, want %q", got, want)
	}
	if silent := (supportbot.Reply{Text: strings.Repeat("长", 500)}); SMS(silent) != silent.Text {
		t.Error("a text without a spoken form is not said whole")
	}
}
