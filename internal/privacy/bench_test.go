package privacy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/privacy"
)

func BenchmarkMask(b *testing.B) {
	const size = 100 << 10
	for name, text := range map[string]string{
		"plain":            "我的POS机绑卡一直失败，提示信息有误，试过三次了，还是不行，怎么办？",
		"card":             "我的卡号是6228 4804 0256 4890 018，绑卡一直失败，怎么办？",
		"secret":           "my password is hunter2 and the code I received was 884231",
		"100KB/digits":     strings.Repeat("4", size),
		"100KB/spaced":     strings.Repeat("6 ", size/2),
		"100KB/cards":      strings.Repeat("4111111111111112 ", size/17),
		"100KB/labels":     strings.Repeat("密码", size/6),
		"100KB/pin:":       strings.Repeat("pin:", size/4),
		"100KB/tied":       strings.Repeat("密码是是是是是是是是", size/30),
		"100KB/spaces":     strings.Repeat("pin ", 1) + strings.Repeat(" ", size),
		"100KB/secrets":    strings.Repeat("密码是1234 ", size/14),
		"100KB/words":      strings.Repeat("double six ", size/11),
		"100KB/invisible":  "4" + strings.Repeat("\u200B", size/3),
		"100KB/uncovering": strings.Repeat("密码:merchantno1 忘 378282246310005 密码 12345678,", size/60),
		"100KB/brackets":   strings.Repeat("[card ****", size/10),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				privacy.Mask(text, supportbot.Question{})
			}
		})
	}
}

// BenchmarkMaskByLength shows that the time grows as the length does.
func BenchmarkMaskByLength(b *testing.B) {
	const piece = "我的POS机绑卡一直失败，卡号6228 4804 0256 4890 018，密码是123456，订单号202603011230，刷了500元。"
	for _, size := range []int{1_000, 10_000, 100_000} {
		text := strings.Repeat(piece, size/len([]rune(piece))+1)
		b.Run(fmt.Sprintf("%dk", size/1000), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				privacy.Mask(text, supportbot.Question{})
			}
		})
	}
}

// BenchmarkMaskAfter masks a message after nineteen others of the same minutes.
func BenchmarkMaskAfter(b *testing.B) {
	at := time.Unix(1, 0)
	var earlier []privacy.Said
	for range 19 {
		earlier = append(earlier, privacy.Said{Text: "我的POS机绑卡一直失败，试过3次了，怎么办？", At: at})
	}
	for b.Loop() {
		privacy.MaskAfter(earlier, privacy.Said{Text: "0256 4890 018", At: at}, supportbot.Question{})
	}
}
