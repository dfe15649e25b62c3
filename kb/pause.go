package kb

import (
	"regexp"

	"supportbot"
)

// Words of somebody who needs time, before or instead of an answer.
var (
	needsTime = regexp.MustCompile(`^(那)?(先)?(等|等等|等一?下|等会儿?|等我.{0,3}|稍等.{0,3}|慢点|别急|且慢)[吧啊哈]?$|` +
		`我(先|这就|马上|现在)?(去|来)(试|弄|看|办|设|问|找|打|查|拿)|(先|等我|让我)(试试|看看|想想|找找|问问|打个电话)|` +
		`(晚点|晚些|待会|回头|一会儿?|过会儿?|过几天|明天|后天|改天|有空)再?(去|来|弄|办|试|说|看)?|有客人|在忙|先忙|正在(弄|办|试|等|打)|` +
		`\b(wait|hold on|one (moment|minute|second)|just a (moment|minute|second)|give me (a|some)|let me (try|check|see|look|find|think)|i('| wi)ll (try|check|go|do it|call)|later|tomorrow)\b`)
	acknowledges = regexp.MustCompile(`^(知道了?|明白了?|懂了|了解了?|收到|晓得了?|i see|got it|understood|noted)$`)
	// Only to a question about a result do these mean that there is none yet.
	notYet  = regexp.MustCompile(`还没|还未|没来得及|没(去|弄|办|试|做|打|设|开始)(呢|呀|过)?$|审核中|在审|等审核|没审|等银行|\b(not yet|haven't (tried|done|gone|been)|in review|under review|being reviewed|pending)\b`)
	reports = regexp.MustCompile(`(银行|他|她|他们|客服|柜员|对方|人家)(那边)?(都|就|也)?(说|讲|告诉)|\b(bank|he|she|they|clerk|agent) (says?|said|told|tells?)\b`)
)

// pauses tells whether a message asks for time while the question q is open. One
// that tells what has happened since asks for none.
func (r *Reader) pauses(m message, q supportbot.Question) bool {
	if q.Slot.Name == "" || m.fraud || isQuestion(m.normal) {
		return false
	}
	if q.Slot.Type == supportbot.SlotText {
		return false // the words themselves may be the answer
	}
	if needsTime.MatchString(m.normal) || acknowledges.MatchString(m.bare) {
		return true
	}
	return q.Slot.Firm && (notYet.MatchString(m.normal) || polarityOf(m.normal).weight == mild)
}
