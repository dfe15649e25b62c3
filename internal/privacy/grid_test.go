package privacy_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"supportbot"
	"supportbot/internal/privacy"
)

// scripts are ways to write a digit; words need something between them.
var scripts = []struct {
	name   string
	digits []string
	words  bool
}{
	{"plain", strings.Split("0123456789", ""), false},
	{"full width", strings.Split("０１２３４５６７８９", ""), false},
	{"Chinese", strings.Split("零一二三四五六七八九", ""), false},
	{"Chinese, on the phone", strings.Split("洞幺两三四五六拐八勾", ""), false},
	{"Chinese, on cheques", strings.Split("零壹贰叁肆伍陆柒捌玖", ""), false},
	{"Arabic-Indic", strings.Split("٠١٢٣٤٥٦٧٨٩", ""), false},
	{"mathematical", strings.Split("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", ""), false},
	{"circled", strings.Split("⓪①②③④⑤⑥⑦⑧⑨", ""), false},
	{"keycaps", strings.Split("0\uFE0F\u20E3,1\uFE0F\u20E3,2\uFE0F\u20E3,3\uFE0F\u20E3,4\uFE0F\u20E3,5\uFE0F\u20E3,6\uFE0F\u20E3,7\uFE0F\u20E3,8\uFE0F\u20E3,9\uFE0F\u20E3", ","), false},
	{"keycaps with emoji style", strings.Split("0\u20E3,1\u20E3,2\u20E3,3\u20E3,4\u20E3,5\u20E3,6\u20E3,7\u20E3,8\u20E3,9\u20E3", ","), false},
	{"Devanagari", strings.Split("०१२३४५६७८९", ""), false},
	{"Chinese, mixed", strings.Split("〇一二叁四伍六柒八九", ""), false},
	{"in brackets", strings.Split("⓪⑴⑵⑶⑷⑸⑹⑺⑻⑼", ""), false},
	{"letters for figures", strings.Split("ol23456789", ""), false},
	{"pinyin", strings.Split("ling yi er san si wu liu qi ba jiu", " "), true},
	{"English", strings.Split("zero one two three four five six seven eight nine", " "), true},
	{"English, shouted", strings.Split("OH ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE", " "), true},
}

var separators = []string{"", " ", "-", ".", "\u00A0", "\u200B", "\u2060", "–", " - ", "\n", "\u3000", "_", "．", "\u200B \u200D",
	"|", " | ", "/", ":", "：", "，", "、", "~", "+", "*", "\\", "👍", " 😀😀 ", "......", "     ", ")(", "\n\n", "·", "→", "然后", " 再 ", "横杠", " dash ", " then ", "，然后是"}

// groupings tell where a separator stands: after how many digits, again and again.
var groupings = map[string]func(i int) bool{
	"by four":   func(i int) bool { return i%4 == 0 },
	"six first": func(i int) bool { return i == 6 },
	"each":      func(int) bool { return true },
}

// write writes a number in a script, with a separator where a grouping wants it.
func write(number string, digits []string, separator string, grouped func(int) bool) string {
	var b strings.Builder
	for i, r := range number {
		if i > 0 && grouped(i) {
			b.WriteString(separator)
		}
		if r == 'X' {
			b.WriteByte('X')
			continue
		}
		b.WriteString(digits[r-'0'])
	}
	return b.String()
}

// carriers hold no digits, so whatever digit is left is a leak.
var carriers = []string{"%s", "我的卡是%s，绑不上", "卡号：%s", "please bind %s for me", "POS机提示失败 %s 怎么办?"}

var cardShown = regexp.MustCompile(`\[card( \*{4}(\d{4}))?\]`)

// masksAll fails the test unless what stands between the carrier's words is one
// placeholder of a card, with no digits or the last four of the number.
func masksAll(t *testing.T, carrier, written, number string, sure bool) {
	t.Helper()
	before, after, _ := strings.Cut(carrier, "%s")
	text := before + written + after
	got, _ := privacy.Mask(text, supportbot.Question{})
	left := strings.TrimSuffix(strings.TrimPrefix(got, before), after)
	if left == "[id number]" && (len(number) == 15 || len(number) == 18) && carrier != "卡号：%s" {
		return // it might as well be one
	}
	m := cardShown.FindStringSubmatch(left)
	if m == nil || m[0] != left || sure && m[2] != "" && m[2] != number[len(number)-4:] {
		t.Errorf("Mask(%q) = %q", text, got)
	}
}

func TestEveryFormOfACardIsMasked(t *testing.T) {
	issuers := []struct {
		prefix string
		least  int // digits
		broken bool
	}{
		{"62", 13, false}, {"62", 16, true}, {"622848", 19, true}, {"4", 13, false}, {"51", 13, false}, {"55", 13, false},
		{"2221", 13, false}, {"2720", 13, false}, {"34", 13, false}, {"37", 13, false}, {"300", 13, false}, {"36", 13, false},
		{"3528", 16, false}, {"6011", 13, false}, {"65", 13, false}, {"50", 13, false}, {"2200", 13, false}, {"95588", 16, false},
		{"103", 19, false}, {"81", 16, false},
	}
	rng := rand.New(rand.NewPCG(5, 6))
	forms := 0
	for _, issuer := range issuers {
		for length := issuer.least; length <= 19; length++ {
			for _, script := range scripts {
				for _, separator := range separators {
					if script.words && !strings.ContainsAny(separator, " -–_.\u00A0\n\u3000．") {
						continue
					}
					if script.name == "letters for figures" && len(separator) > 1 {
						continue
					}
					for name, grouped := range groupings {
						if separator == "" && name != "each" {
							continue
						}
						if script.name == "letters for figures" && name == "each" && separator != "" {
							continue
						}
						if script.words {
							grouped = groupings["each"]
						}
						number := cardNumber(rng, issuer.prefix, length, issuer.broken)
						written := write(number, script.digits, separator, grouped)
						masksAll(t, carriers[forms%len(carriers)], written, number, !issuer.broken && name != "each" && !script.words)
						forms++
					}
				}
			}
		}
	}
	if forms < 30_000 {
		t.Errorf("only %d forms were made", forms)
	}
	t.Logf("%d forms", forms)
}

// cardNumber returns a number that passes the Luhn check, or just misses it.
func cardNumber(rng *rand.Rand, prefix string, length int, broken bool) string {
	number := prefix + randomDigits(rng, length-1-len(prefix))
	sum := 0
	for i, r := range number {
		v := int(r - '0')
		if (length-i)%2 == 0 {
			v = []int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}[v]
		}
		sum += v
	}
	check := (10 - sum%10) % 10
	if broken {
		check = (check + 3) % 10
	}
	return number + string(rune('0'+check))
}

func TestEveryFormOfAnIdentityNumberIsMasked(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	for _, region := range []string{"110101", "440305", "620102", "810000", "350102"} {
		for range 40 {
			number := fmt.Sprintf("%s%d%02d%02d%s", region, 1930+rng.IntN(90), 1+rng.IntN(12), 1+rng.IntN(28), randomDigits(rng, 3))
			sum := 0
			for i, w := range weights {
				sum += w * int(number[i]-'0')
			}
			full := number + string("10X98765432"[sum%11])
			old := number[:6] + number[8:]
			for _, script := range scripts[:6] {
				for _, separator := range separators {
					for _, grouped := range []func(int) bool{func(i int) bool { return i == 6 || i == 14 }, groupings["each"]} {
						for _, n := range []string{full, old} {
							text := "证件" + write(n, script.digits, separator, grouped) + "，姓名"
							if got, _ := privacy.Mask(text, supportbot.Question{}); got != "证件[id number]，姓名" {
								t.Errorf("Mask(%q) = %q", text, got)
							}
						}
					}
				}
			}
		}
	}
}

func TestEveryFormOfASecretIsMasked(t *testing.T) {
	labels := map[string][]string{
		"password": {"密码", "登录密码", "我的交易密码", "口令", "password", "My Password", "passcode"},
		"pin":      {"PIN", "PIN码", "my pin", "pin number"},
		"code":     {"验证码", "短信验证码", "校验码", "code", "the verification code", "OTP"},
		"cvv":      {"CVV", "cvv2", "安全码", "CVC"},
	}
	ties := []string{"", " ", "是", "：", ": ", "=", " is ", "应该是", "就是", " is: ", "我设的是", "（", "\n", "为"}
	for kind, list := range labels {
		for _, label := range list {
			for _, tie := range ties {
				for _, script := range scripts {
					for _, value := range []string{"8421", "884213", "30571946"} {
						if kind == "cvv" {
							value = value[:3]
						}
						if script.words && !strings.HasSuffix(tie, " ") && tie != "\n" {
							continue
						}
						text := label + tie + write(value, script.digits, map[bool]string{true: " "}[script.words], groupings["each"])
						want := label + tie + "[" + kind + "]"
						if got, kinds := privacy.Mask(text, supportbot.Question{}); got != want || len(kinds) != 1 || kinds[0] != kind {
							t.Errorf("Mask(%q) = %q %v, want %q", text, got, kinds, want)
						}
					}
				}
			}
		}
	}
}
