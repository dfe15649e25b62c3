package kb

import (
	"regexp"
	"slices"
	"strings"

	"supportbot"
)

// Words that tell of fraud or stolen money. They must miss nothing: where they
// are right, waiting costs money; where they are wrong, a question is lost.
var fraudWords = anyOf(
	// fraud and theft by name
	`诈骗|受骗|上当|骗子|骗了|骗走|骗光|骗我|骗钱|被.{0,4}骗|遭.{0,4}骗|盗刷|盗用|被盗|偷刷|偷了|被偷|偷走|冒用|假客服|杀猪盘|安全账户|远程(控制|操作)`,
	`\bscam|\bfraud|\bphish|\bcheated\b|\bconned\b|\btricked\b|\bripped off\b|\bswindl|\bimpost[eo]r|\bcon ?man\b`,
	`\b(stole|stolen|steal|stealing|thief|theft|robbed|hacked|cloned|unauthori[sz]ed)\b`,
	`冒充.{0,6}(银行|客服|公安|警察|银联|员工|业务员|工作人员)`,
	// money that is gone
	`(钱|款|卡里|账户里|账上|余额).{0,8}(不见了|没了|没有了|消失|不翼而飞|转走|划走|刷走|取走|卷走|弄走|空了)`,
	`(转走|划走|刷走|卷走|盗走|骗去)了?.{0,4}(钱|款|块|万)`,
	`(卡里|卡上|账上|账户里?|账户上|存折上?)(的钱|的余额)?.{0,4}(少了|被动过)`,
	`(转|付|打|汇|钱).{0,8}(拉黑|联系不上|才发现|是假的)`,
	`\b(money|cash|balance|funds|savings|yuan)\b.{0,30}\b(gone|disappeared|emptied|drained|vanished)\b`,
	`\b(my|our)\b.{0,12}\b(money|cash|balance|funds|savings)\b.{0,12}\bmissing\b|\byuan (is |are )?missing\b`,
	`\b(missing|gone|taken|disappeared) (from|out of) (my|our)\b.{0,12}\b(card|account|savings)`,
	// what the merchant has not done
	`(不是我|不是本人|没经过我).{0,4}(刷|转|消费|操作|同意|付)|(笔|消费|交易)我.{0,2}没[刷转买做消]|没[刷做转消]过?费?的(消费|交易|转账)`,
	`\b(i|we) (didn't|did not|never) (make|made|authori[sz]e|spend|approve)`+
		`(d?$|[,.;!?]| (it|this|that|these|those)\b| (an? |any |the |such )?(payment|purchase|transaction|transfer|charge)| (on|at|in|yesterday|last)\b)`,
	`\b(don't|didn't|not) recogni[sz]e .{0,20}(charge|payment|transaction|transfer)`,
	`\b(taken|transferred|charged|used|withdrawn|spent)\b.{0,12}\bwithout (me|my|asking|telling)\b`,
	// who else used the card
	`(卡|码)被(人|别人|谁).{0,3}[刷扫用]|(有人|别人|谁).{0,3}用了?我的?.{0,3}卡`,
	`\b(someone|somebody|stranger)\b.{0,20}\b(took|used|using|emptied|drained|withdrew|transferred)\b.{0,15}\b(money|card|account)`,
	`\b(they|he|she)\b.{0,20}\b(took|used|emptied|drained)\b.{0,12}\b(my|our)\b.{0,12}\b(money|card|account|savings)`,
	// secrets asked for or given away
	`(要|问|骗|给|报|告诉|念).{0,6}验证码(给|了)|(问|找|向)我要.{0,6}(验证码|密码)`,
	`(验证码|动态码|短信码).{0,6}(告诉|给|发|报|念|说)(给|出去)?(了(人家|他|她|别人|对方|客服|陌生|骗子|那|一个|打电话)|(人家|他们?|她们?|别人|对方|客服|出去)了)`,
	`(密码|卡号).{0,3}(告诉|给|发|报|念|说)(给|出去)?(了(人家|他|她|别人|对方|陌生人|一个)|(人家|他|她|别人|对方|陌生人)了)`,
	`点了?.{0,5}链接.{0,12}(钱|卡|密码|扣|少了)|\bclicked\b.{0,12}\blink\b.{0,30}\b(money|card|password|code|account)\b`,
	`\b(gave|told|sent|give|read) (him|her|them|someone|somebody|(a|the) (stranger|man|woman|guy|caller))\b.{0,12}\b(code|otp|pin|password)`,
	`\b(gave|told|sent|read)\b.{0,12}\b(code|otp|pin|password) (out )?to (him|her|them|someone|somebody|(a|the) (stranger|man|woman|guy|caller))\b`,
)

// Words that ask how to stay safe, or say that nothing happened.
var (
	preventionWords = regexp.MustCompile(`防|避免|提防|小心|当心|怎么才能不|才不会|不被|以免|会不会|会被|能被|容易被|识别|辨别|知识|(能|可以|该|应该|如果|要是)把` +
		`|\b(avoid|prevent|prevention|protect|protection|against|precautions?|safe from|careful|tips)\b|worried about (being|getting)|what if|fall for` +
		`|how (do|can|to|should) .{0,20}(not|never) (be|get)|so (that )?i don't|\b(could|can|might|will) .{0,20}\b(be|get) (scammed|cheated|stolen|hacked)`)
	fearWords   = regexp.MustCompile(`[怕忧]|担心`)
	suspicion   = regexp.MustCompile(`(怕|担心)(这|那|他|她|对方|人家|电话|短信|就|真)*是|(怕|担心)[遇碰][到上].{0,4}了`) // it is feared to be so already
	deniedWords = regexp.MustCompile(`(没|没有|不是|并非|未)(被|受|遭|遇到)?.{0,2}(骗|诈骗|盗刷|盗|上当)|` +
		`(\bnot|n't|\bnever|\bno) (been |being |get |a |an |any )?(scam|fraud|cheated|stolen|hacked|phish)|` +
		`\b(no money|nothing) (is|was|has been) (taken|gone|missing|stolen|charged)`)
	happened = regexp.MustCompile(`[骗盗偷走]了|不小心|\b(was|were|been|got|have|has) .{0,12}(scam|cheat|stolen|robbed|hacked|conned|tricked)`)
)

// alarms tells whether a message reports a fraud in so many words. That comes
// before everything else: before an answer, since waiting costs money, and
// before a wish for an agent, whom the flow of frauds brings at once. Only the
// very words of an option are an answer still.
func (r *Reader) alarms(m message, q supportbot.Question) bool {
	if r.kind[topicFraud] != isTopic || slices.Contains(q.Topics, topicFraud) {
		return false
	}
	if _, ok := chosen(m.bare, q.Slot.Options); ok {
		return false
	}
	if m.exact {
		return m.topic == topicFraud
	}
	return tellsOfFraud(m.normal) || slices.ContainsFunc(m.clauses, tellsOfFraud)
}

// tellsOfFraud tells whether somebody says that fraud has happened or is going
// on, rather than asking how to avoid it or saying that it did not.
func tellsOfFraud(normal string) bool {
	return fraudWords.MatchString(normal) && !deniesFraud(normal) && !aboutPrevention(normal)
}

// deniesFraud tells whether a text mentions fraud only to say there was none.
// "Is it not fraud?" says the opposite.
func deniesFraud(normal string) bool {
	without := deniedWords.ReplaceAllString(normal, "")
	return without != normal && !fraudWords.MatchString(without) && !isQuestion(normal) && !strings.HasSuffix(normal, "吧")
}

func aboutPrevention(normal string) bool {
	fears := fearWords.MatchString(suspicion.ReplaceAllString(normal, ""))
	return (preventionWords.MatchString(normal) || fears) && !happened.MatchString(normal)
}
