package kb

import (
	"slices"
	"strings"
	"sync"
)

// weight is what a word says of yes and no.
type weight int

const (
	no     weight = -1
	silent weight = 0
	yes    weight = 1
	mild   weight = 2 // yes, if nothing else is said
	turn   weight = 3 // the opposite of what follows: 不行 is no, 没问题 is yes
	unsure weight = 4 // leaves the answer open
	filler weight = 5
	joint  weight = 6 // ends the reach of a turn
)

// polarWords weighs the words that people answer with. A later line wins.
var polarWords = []struct {
	weight weight
	words  string
}{
	{filler, `终于 我 我们 的 了 呢 啊 呀 吧 嘛 都 也 就 还 还是 又 再 已经 现在 刚才 刚刚 仍然 依然 依旧 试过 试了 试 过 很 太 这个 这 那个 它 他 说 显示 提示 一直 真的 确实 全部 然后 结果 任何 来 去 对不起`},
	{filler, `i it it's its is was that this the a still now have has had been already tried just we so again says and me my all everything said did do does to thing an any show shows get got see`},
	{yes, `是 是的 对 对的 对头 行 行了 可以 可以了 成 成了 成功 成功了 能 能用 能用了 能收钱 能收钱了 能收款 能收款了 能刷 能刷了 会 有 有的 要 需要 解决 解决了 搞定 搞定了 弄好 弄好了 弄完了 办好了 做好了 绑好了 绑上了 好了`},
	{yes, `通过 通过了 通了 正常 正常了 好使 好用 不要紧 管用 有用 有效 用 效果 收到 收到了 到了 到账 恢复 恢复了 灵了 中 要得 当然 确定 正是 同意 完成 完成了 登上了 登上去了 进去了 系 太好了 齐了 都齐了 备齐了 带齐了 办完了 办妥了 弄妥了 在手上`},
	{yes, `yes yeah yep yup ya y sure correct right true done fixed solved resolved works work worked working success successful succeeded successfully went-through i-do i-did i-have it-does it-did it-is that-did-it did-the-trick`},
	{yes, `can able absolutely indeed definitely exactly of-course all-good all-set no-problem no-problems no-issue no-issues no-error no-errors no-more-errors help helped helps available good`},
	{no, `失败 失败了 错 错误 错了 报错 出错 一样 老样子 那样 问题 毛病 异常 坏了 坏的 白搭 否 没变化 没反应 没动静 老问题 卡住 拒绝 上不去 进不去 登不上 绑不上 收不到 用不了 弄不了 打不开 唔系 唔得 缺 还缺 还差 少一样`},
	{no, `no-money-was-taken no nope nah n negative never neither none fail fails failed failing failure error errors same wrong incorrect broken dead stuck no-luck no-change no-use not-yet not-really unable problem issue hardly missing`},
	{no, `不用 不用了 不需要 不必 no-need no-thanks`},
	{mild, `好 好的 好吧 好嘞 嗯 嗯嗯 哦 ok okay fine great alright`},
	{turn, `不 没 没有 还没 还没有 未 无 别 冇 not don't doesn't didn't isn't wasn't aren't can't cannot won't wouldn't couldn't haven't hasn't nothing without`},
	{joint, `而且 并且 and because`},
	{unsure, `不知道 不清楚 不确定 不晓得 不懂 不明白 不记得 是不是 有没有 能不能 可不可以 不会弄 不会用 不会搞 不会操作 行不行 要不要 对不对 好不好 会不会 看不懂 不好意思`},
	{unsure, `don't-know not-sure do-not-know no-idea don't-understand don't-remember not-certain dunno`},
}

var polar = sync.OnceValue(func() map[string]weight {
	table := map[string]weight{}
	for _, line := range polarWords {
		for word := range strings.FieldsSeq(line.words) {
			table[strings.Join(units(word), " ")] = line.weight
		}
	}
	return table
})

// polarity is what a clause says: yes, no, mild, unsure or silent.
type polarity struct {
	weight weight
	plain  bool // it says little else
}

// reach is over how many words a turn reaches: "have not got it to work" is no,
// but "does not match, it failed" is no yes.
var reach = map[weight]int{yes: 4, no: 0}

// polarityOf weighs the words of a clause; the last one decides. A clause that
// says much else counts only if it begins or ends with yes or no.
func polarityOf(clause string) polarity {
	us := units(clause)
	var p polarity
	said, content, turned := 0, 0, -1 // turned: the content up to an open turn
	begins, ends := false, false
	for i := 0; i < len(us); {
		w, n := polarWord(us[i:])
		opposite := false
		switch w {
		case unsure:
			return polarity{weight: unsure}
		case filler:
			i += n
			continue
		case turn:
			turned = content + n
		case joint:
			if turned >= 0 {
				p.weight, turned = no, -1
			}
		case yes, no:
			if turned >= 0 && content-turned <= reach[w] {
				w, turned, opposite = -w, -1, true
			}
			p.weight = w
		case mild:
			if p.weight == silent {
				p.weight = mild
			}
		}
		content += n
		if w != silent {
			said += n
			// A single character begins many a sentence: 有一笔没到. Not so 不能登录 and 能登录了.
			telling := n > 1 || !startsHan(us[i]) || opposite || us[i] == "能" && us[len(us)-1] == "了"
			begins = begins || content == said && (w == yes || w == no) && telling
		}
		ends = w != silent
		i += n
	}
	if turned >= 0 && len(us) <= 7 { // nothing follows the turn: 还没, it doesn't
		p.weight, ends = no, true
	}
	p.plain = 2*said >= content
	if !p.plain && !begins && !ends {
		return polarity{}
	}
	return p
}

// polarWord weighs the longest entry at the start of units.
func polarWord(units []string) (w weight, length int) {
	for n := min(5, len(units)); n > 0; n-- {
		if w, ok := polar()[strings.Join(units[:n], " ")]; ok && (n > 1 || !fallsShort(units)) {
			return w, n
		}
	}
	if fallsShort(units) {
		return no, 3
	}
	return silent, 1
}

// fallsShort tells whether units begin with a verb that does not come off, as
// 收不了 and 刷不出(来).
func fallsShort(units []string) bool {
	return len(units) > 2 && startsHan(units[0]) && units[1] == "不" && slices.Contains(strings.Split("了上到出进动成起开通", ""), units[2])
}
