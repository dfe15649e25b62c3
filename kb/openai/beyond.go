package openai

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A telling is something that a sentence may say only if the sentence that it
// cites says it too, in the same words.
type telling struct {
	what  string
	words *regexp.Regexp
}

// tellings are what a merchant acts upon.
var tellings = []telling{
	{"an address", regexp.MustCompile(`[a-z][a-z0-9+.-]*://\S+|www\.\S+|\S+@\S+|\b[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|cn|net|org|io|cc|top|xyz|info|me|ru|app|vip|shop|site|link)\b\S*`)},
	{"a number", regexp.MustCompile(`\p{Nd}+([.,:/-]?\p{Nd}+)*`)},
	{"a number in words", regexp.MustCompile(`[零〇一二两三四五六七八九十百千万亿]+|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|hundred|thousand|million|half|once|twice|first|second|third)\b`)},
	{"a sum", regexp.MustCompile(`[¥$€£%‰]|[元块角]|人民币|免费|不要钱|不收|押金|手续费|年费|费率|\b(yuan|rmb|cny|dollars?|usd|percent|free|fees?|deposit|charges?)\b`)},
	{"a name", regexp.MustCompile(`「[^」]*」|『[^』]*』|《[^》]*》|【[^】]*】|"[^"]*"|“[^”]*”|‘[^’]*’|\[[^\]]*\]|<[^>]*>`)},
	{"markup", regexp.MustCompile("[*_`#<>|\\\\]|\\]\\(")},
	{"a step", regexp.MustCompile(`点击|点开|点|按下|按|选择|选|输入|填写|填|拨打|拨|打电话|致电|登录|登陆|下载|安装|卸载|扫码|扫一扫|提供|告诉|发送|发给|转账|汇款|支付|付款|缴|插卡|刷卡|重启|删除|关闭|打开|拔|联系|访问|加微信|回复|签字|授权|解绑|绑定|重置|修改|更换|办理|` +
		`\b(click|press|tap|select|choose|enter|type|fill|call|dial|phone|log ?in|sign in|sign|download|install|uninstall|scan|send|give|provide|tell|share|transfer|pay|restart|reboot|delete|close|open|visit|go|contact|reply|swipe|insert|remove|unplug|reset|change|replace|bind|unbind|verify|confirm|ask|bring|take|write|read|add|wait|ignore)\b`)},
	{"a promise", regexp.MustCompile(`必须|一定|保证|绝对|马上|立即|立刻|随时|永远|已经|成功|通过|安全|放心|没问题|可以|能|` +
		`\b(must|always|never|guarantee[ds]?|immediately|instantly|now|already|success\w*|approved|verified|safe|certainly|sure|can|will|may|everyone|anyone)\b`)},
	{"a person", regexp.MustCompile(`客服|经理|警察|警方|公安|银行|银联|平台|业务员|管理员|系统|\b(agents?|managers?|police|banks?|unionpay|platforms?|staff|admins?|administrator|system|assistant|developer|support)\b`)},
}

// denials are words that turn a sentence round. They must be the same, in order.
var denials = regexp.MustCompile(`不|没|无|勿|别|非|未|禁|\b(not|no|never|none|without|nor|neither|cannot|except|unless|only)\b|n't\b`)

// conditions bind a sentence, and must be the same, too.
var conditions = regexp.MustCompile(`如果|要是|只有|除非|之前|之后|以前|以后|先|再|后|前|\b(if|only|unless|until|before|after|when|then|first)\b`)

// beyond tells what a sentence says that the one that it cites does not, "" if it
// says nothing more. It is strict: that a good sentence is refused costs little.
func beyond(said, source string) string {
	say, src := plain(said), plain(source)
	if say == src {
		return ""
	}
	if 2*len(say) < len(src) || len(say) > 2*len(src) {
		return "much shorter or longer than what it cites"
	}
	for _, t := range tellings {
		for _, found := range t.words.FindAllString(say, -1) {
			if !stands(found, src, t.words) {
				return fmt.Sprintf("%s that is not in what it cites: %q", t.what, found)
			}
		}
	}
	for _, turning := range []*regexp.Regexp{denials, conditions} {
		if a, b := turning.FindAllString(say, -1), turning.FindAllString(src, -1); !slices.Equal(a, b) {
			return fmt.Sprintf("the words %q, where what it cites has %q", a, b)
		}
	}
	there := wordsIn(src)
	for w := range wordsIn(say) {
		if !there[w] && !small[w] {
			return fmt.Sprintf("a word that is not in what it cites: %q", w)
		}
	}
	return ""
}

// stands tells whether a source says the very same thing of a kind.
func stands(found, source string, kind *regexp.Regexp) bool {
	for _, there := range kind.FindAllString(source, -1) {
		if there == found {
			return true
		}
	}
	return false
}

// word is a Chinese character, or a word of letters.
var word = regexp.MustCompile(`\p{Han}|[^\P{L}\p{Han}]+('[a-z]+)?`)

func wordsIn(text string) map[string]bool {
	words := map[string]bool{}
	for _, w := range word.FindAllString(text, -1) {
		words[w] = true
	}
	return words
}

// small are words that say nothing by themselves: all others come from the source.
var small = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields("a an the this that these those it its is are be of in on at for to with and or you your please " +
		"的 了 吗 呢 吧 啊 您 你 就 是 在 和 也 请 这 那 个 会 把") {
		words[w] = true
	}
	return words
}()

// plain is a text as it is compared: narrow, lower case, one space, no mark at its
// end.
func plain(text string) string {
	text = strings.ToLower(norm.NFKC.String(text))
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector) && r != '\n' {
			return -1
		}
		return r
	}, text)
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), "。.!！;； ")
}
