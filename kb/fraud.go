package kb

import (
	"regexp"
	"strings"
)

// Words that tell of fraud or stolen money. They must miss nothing: where they
// are right, waiting costs money; where they are wrong, a question is lost.
var fraudWords = regexp.MustCompile(`诈骗|受骗|上当|骗子|骗了|骗走|骗光|骗我|骗钱|被.{0,4}骗|遭.{0,4}骗|盗刷|盗用|被盗|偷刷|偷了|被偷|偷走|假客服|杀猪盘` +
	`|(钱|款|卡里|账户里|账上|余额).{0,8}(不见了|没了|没有了|消失|不翼而飞|转走|划走|刷走|扣走|取走|卷走|弄走|空了)` +
	`|(转走|划走|刷走|卷走|盗走|骗去)了?.{0,4}(钱|款|块|万)` +
	`|(不是我|不是本人|没经过我).{0,4}(刷|转|消费|操作|同意|付)` +
	`|冒充.{0,6}(银行|客服|公安|警察|银联|员工|业务员|工作人员)` +
	`|(要|问|骗|给|报|告诉|念).{0,6}验证码(给|了)|(问|找|向)我要.{0,6}(验证码|密码)` +
	`|\bscam|\bfraud|\bphish|\bcheated\b|\bconned\b|\btricked\b|\bripped off\b|\bswindl|\bimpost[eo]r|\bcon ?man\b` +
	`|\b(stole|stolen|steal|stealing|thief|theft|robbed|hacked|cloned|unauthori[sz]ed)\b` +
	`|\b(money|cash|balance|funds|savings|yuan)\b.{0,30}\b(gone|disappeared|missing|emptied|drained|vanished)\b` +
	`|\b(didn't|did not|never) (make|made|authori[sz]e|spend|approve)|\b(don't|didn't|not) recogni[sz]e .{0,20}(charge|payment|transaction|transfer)` +
	`|\b(someone|somebody|stranger|they|he|she)\b.{0,20}\b(took|used|emptied|drained)\b.{0,15}\b(money|card|account)`)

// Words that ask how to stay safe, or say that nothing happened.
var (
	preventionWords = regexp.MustCompile(`防|避免|提防|小心|当心|怎么才能不|才不会|不被|以免|会不会|会被|能被|容易被|识别|辨别|知识` +
		`|\b(avoid|prevent|prevention|protect|protection|against|precautions?|safe from|careful|tips)\b|worried about (being|getting)|what if|fall for` +
		`|how (do|can|to|should) .{0,20}(not|never) (be|get)|so (that )?i don't|\b(could|can|might|will) .{0,20}\b(be|get) (scammed|cheated|stolen|hacked)`)
	fearWords   = regexp.MustCompile(`[怕忧]|担心`)
	deniedWords = regexp.MustCompile(`(没|没有|不是|并非|未)(被|受|遭|遇到)?.{0,2}(骗|诈骗|盗刷|盗|上当)|` +
		`(\bnot|n't|\bnever|\bno) (been |being |get |a |an |any )?(scam|fraud|cheated|stolen|hacked|phish)`)
	happened = regexp.MustCompile(`[骗盗偷走]了|不小心|\b(was|were|been|got|have|has) .{0,12}(scam|cheat|stolen|robbed|hacked|conned|tricked)`)
)

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
	return (preventionWords.MatchString(normal) || fearWords.MatchString(normal)) && !happened.MatchString(normal)
}
