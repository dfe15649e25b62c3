package privacy_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/privacy"
)

// conversation is what is kept of what somebody says, a message a second.
type conversation struct {
	kept []privacy.Said
	told []string // kinds
	at   time.Time
}

func (c *conversation) says(text string, q supportbot.Question) {
	c.at = c.at.Add(time.Second)
	text, kinds, changed := privacy.MaskAfter(c.kept, privacy.Said{Text: text, At: c.at}, q)
	for i, text := range changed {
		c.kept[i].Text = text
	}
	c.kept = append(c.kept, privacy.Said{Text: text, At: c.at})
	c.told = append(c.told, kinds...)
}

func (c *conversation) texts() []string {
	var all []string
	for _, s := range c.kept {
		all = append(all, s.Text)
	}
	return all
}

func TestMaskAfter(t *testing.T) {
	for _, tt := range []struct{ said, want string }{ // messages, separated by " / "
		{"6228 4804 / 0256 4890 018", "[card] / [card]"},
		{"我的卡前面是6228 / 然后是4804 / 等一下啊 / 0256 4890 / 最后018", "我的卡前面是[card] / 然后是[card] / 等一下啊 / [card] / 最后[cvv]"},
		{"六二二八四八零四 / 零二五六四八九零零幺八", "[card] / [card]"},
		{"my card starts 4111 1111 / hold on / and then 1111 1111", "my card starts [card] / hold on / and then [card]"},
		{"110105 / 19491231 / 002X", "[id number] / [id number] / [id number]"},
		{"138 / 1234 / 5678", "[phone] / [phone] / [phone]"},
		{"我的密码是 / hunter2", "我的密码是 / [password]"},
		{"884213 / 这个是验证码", "[code] / 这个是验证码"},
		{"验证码 / 884213", "验证码 / [code]"},
		{"4111111111111111 / 123", "[card ****1111] / [cvv]"},
		{"4111111111111111 / 有效期12/28", "[card ****1111] / 有效期[expiry]"},
		{"4111111111111111 / 1", "[card ****1111] / 1"},

		{"商户号 / 378282246310005", "商户号 / 378282246310005"},
		{"898440154110001 / 1234", "898440154110001 / 1234"},
		{"订单号 41111111 / 订单号 11111111", "订单号 41111111 / 订单号 11111111"},
		{"刷了4111元 / 又刷了1111元 / 1111元 / 1111元", "刷了4111元 / 又刷了1111元 / 1111元 / 1111元"},
		{"忘记密码 / 12345678", "忘记密码 / 12345678"},
		{"2 / 1 / 13 / 机器12345678坏了", "2 / 1 / 13 / 机器12345678坏了"},
		{"没收到验证码 / 95588", "没收到验证码 / 95588"},
	} {
		c := conversation{at: time.Unix(1, 0)}
		for _, text := range strings.Split(tt.said, " / ") {
			c.says(text, supportbot.Question{})
		}
		if got := strings.Join(c.texts(), " / "); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.said, got, tt.want)
		}
		if masked := strings.Contains(tt.want, "["); masked != (len(c.told) > 0) {
			t.Errorf("%s: the kinds are %v", tt.said, c.told)
		}
	}
}

func TestPartsBelongTogetherForFiveMinutes(t *testing.T) {
	at := time.Unix(1, 0)
	earlier := []privacy.Said{{Text: "6228 4804", At: at}}
	for after, want := range map[time.Duration]int{privacy.SplitLimit: 1, privacy.SplitLimit + time.Second: 0} {
		_, _, changed := privacy.MaskAfter(earlier, privacy.Said{Text: "0256 4890 018", At: at.Add(after)}, supportbot.Question{})
		if len(changed) != want {
			t.Errorf("after %s: changed %v", after, changed)
		}
	}
}

func TestAnAnswerStaysBesideOtherNumbers(t *testing.T) {
	c := conversation{at: time.Unix(1, 0)}
	c.says("我的密码是", supportbot.Question{})
	c.says("411111111111", supportbot.Question{})
	c.says("1111", supportbot.Question{Slot: supportbot.Slot{Type: supportbot.SlotDigits, Min: 4, Max: 4}})
	if got := c.texts(); got[2] != "1111" {
		t.Errorf("got %q", got)
	}
}

// Conversations without a secret, in which numbers follow each other, are left as
// they are but for a few messages in a thousand.
func TestFalseAlarmsOfConversations(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	announces := regexp.MustCompile(`密码$|密码是生日|cvv$`) // whatever comes next
	messages, alarms := 0, 0
	for range 4_000 {
		c := conversation{at: time.Unix(1, 0)}
		var said []string
		for range 6 {
			text := benign[rng.IntN(len(benign))]
			switch rng.IntN(12) {
			case 0:
				text = fmt.Sprint(1 + rng.IntN(8))
			case 1:
				text = randomDigits(rng, 4)
			case 2, 3, 4:
				text = fmt.Sprintf("刷了%d元", 1+rng.IntN(9999))
			}
			if announces.MatchString(text) {
				text = "好的"
			}
			said = append(said, text)
			c.says(text, supportbot.Question{})
		}
		for i, text := range c.texts() {
			messages++
			if text != said[i] {
				alarms++
				t.Logf("%q became %q", said, c.texts())
			}
		}
	}
	t.Logf("%d messages, %d false alarms", messages, alarms)
	if alarms*200 > messages {
		t.Errorf("%d of %d messages were changed, want at most 0.5%%", alarms, messages)
	}
}

var figures = regexp.MustCompile(`\d`)

// A card in any form, split over two to four messages, leaves no five of its
// digits in a row.
func TestEveryFormOfASplitCardIsMasked(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	carriers := []string{"%s", "卡号%s", "前面是%s", "then %s", "%s，等一下", "这是 %s 啊"}
	forms, leaks := 0, 0
	for _, prefix := range []string{"622848", "62", "4", "51", "37", "3528", "6011"} {
		for _, script := range scripts {
			if script.name == "letters for figures" {
				continue
			}
			for parts := 2; parts <= 4; parts++ {
				for range 30 {
					length := map[string]int{"622848": 19, "37": 15}[prefix]
					if length == 0 {
						length = 16
					}
					number := cardNumber(rng, prefix, length, false)
					cuts := map[int]bool{}
					for len(cuts) < parts-1 {
						if at := 3 + rng.IntN(length-6); !cuts[at-1] && !cuts[at+1] { // one digit is a choice
							cuts[at] = true
						}
					}
					at := append(slices.Sorted(maps.Keys(cuts)), length)
					c := conversation{at: time.Unix(1, 0)}
					from := 0
					for _, to := range at {
						written := write(number[from:to], script.digits, map[bool]string{true: " "}[script.words], groupings["each"])
						c.says(fmt.Sprintf(carriers[rng.IntN(len(carriers))], written), supportbot.Question{})
						from = to
					}
					forms++
					if left := digitsIn(strings.Join(c.texts(), " "), script.digits, script.words); leaksOf(left, number) {
						leaks++
						if leaks < 20 {
							t.Errorf("%s in %d parts, %s: %q", number, parts, script.name, c.texts())
						}
					}
				}
			}
		}
	}
	t.Logf("%d split numbers, %d leaks", forms, leaks)
}

// digitsIn reads the digits of a script in what is kept, as figures.
func digitsIn(text string, digits []string, words bool) string {
	text = cardShown.ReplaceAllString(text, "")
	if words {
		text = " " + strings.ToLower(strings.NewReplacer("，", " ", "。", " ").Replace(text)) + " "
	}
	for i, d := range digits {
		if words {
			d = " " + strings.ToLower(d) + " "
			for strings.Contains(text, d) {
				text = strings.Replace(text, d, fmt.Sprintf(" %d ", i), 1)
			}
			continue
		}
		text = strings.ReplaceAll(text, d, fmt.Sprint(i))
	}
	return strings.Join(figures.FindAllString(text, -1), "")
}

// leaksOf tells whether five digits of a number in a row are left.
func leaksOf(left, number string) bool {
	for i := 0; i+5 <= len(number); i++ {
		if strings.Contains(left, number[i:i+5]) {
			return true
		}
	}
	return false
}
