package kb

import (
	"regexp"
	"slices"

	"supportbot"
)

// Words of somebody who needs time, before or instead of an answer.
var needsTime = anyOf(
	`^(那)?(先)?(等|等等|等一?下|等会儿?|等我.{0,3}|稍等.{0,3}|慢点|别急|且慢)[吧啊哈]?$`,
	// going to do something: 我去试试, 我打个电话问问, 那我先去银行
	`我(先|这就|马上|现在)?(去|来)(试|弄|看|办|设|问|找|打|查|拿)|(先|等我|让我)(试试|看看|想想|找找|问问|打个电话)`,
	`我(先|再|这就|马上|现在|自己)?(打个?电话|(试|看|问|找|查)(试|看|问|找|查|一下))+[^,.!?不没了]{0,5}([,.!]|$)`,
	`我(先|这就|马上|现在|明天)(去|上|跑)[^,.!?不]{1,8}([,.!]|$)`,
	`\b(let me (try|check|see|look|find|think)|i('| wi)ll (first )?(try|check|go|do it|call|ask|ring|see)|i('| a)m (going|off) to (the bank|try|check|call|ask))\b`,
	// later, or busy now
	`(晚点|晚些|待会|回头|一会儿?|过会儿?|过几天|明天|后天|改天|有空)再?(去|来|弄|办|试|说|看)?|有客人|在忙|先忙|正在(弄|办|试|等|打)`,
	`\b(i('ve| have)( got)? (a |another )?customers?|customers? (is |are )?(here|waiting)|i('| a)m busy)\b`,
	`\b(wait|hold on|one (moment|minute|second)|just a (moment|minute|second)|give me (a|some)|later|tomorrow)\b`,
)

var acknowledges = regexp.MustCompile(`^(知道了?|明白了?|懂了|了解了?|收到|晓得了?|i see|got it|understood|noted)$`)

var agrees = regexp.MustCompile(`^(嗯|哦|好)?(行|可以|是|对|成|中|要得|没问题|yes|yeah|yep|sure|right|no problem)[的吧啊呀呢]*$`)

// Only to a question about a result do these mean that there is none yet.
var (
	notYet = regexp.MustCompile(`还没|还未|没来得及|没(去|弄|办|试|做|打|设|开始)(呢|呀|过)?$|审核中|在审|等审核|没审|等银行|[还正]在(排|等|弄|办|试|修|路上)|在路上|(要|让|叫)我?们?再?等|` +
		`\b(not yet|haven't (tried|done|gone|been)|in review|under review|being reviewed|pending|still waiting|waiting (for|in)|on my way)\b`)
	reports = regexp.MustCompile(`(银行|他|她|他们|客服|柜员|对方|人家)(那边)?(都|就|也)?(说|讲|告诉)|\b(bank|he|she|they|clerk|agent) (says?|said|told|tells?)\b`)
)

// pauses tells whether a message asks for time while the question q is open. One
// that tells what has happened since asks for none.
func (r *Reader) pauses(m message, q supportbot.Question) bool {
	if q.Slot.Name == "" || m.fraud && m.sure || isQuestion(m.normal) {
		return false
	}
	if q.Slot.Type == supportbot.SlotText {
		return false // the words themselves may be the answer
	}
	if answersAnyway(m, q) {
		return false
	}
	if needsTime.MatchString(m.normal) || acknowledges.MatchString(m.bare) {
		return true
	}
	return q.Slot.Firm && (notYet.MatchString(m.normal) || polarityOf(m.normal).weight == mild)
}

// answersAnyway tells whether a message names an answer, whatever it says of
// time: "they come tomorrow" answers what the service said.
func answersAnyway(m message, q supportbot.Question) bool {
	if _, ok := chosen(m.bare, q.Slot.Options); ok {
		return true
	}
	switch q.Slot.Type {
	case supportbot.SlotBool:
		return slices.ContainsFunc(m.clauses, func(c string) bool { return tellsResult(c, q.Slot) })
	case supportbot.SlotDigits:
		if _, _, ok := fromClauses(m, func(text string) []string { return digits(text, q.Slot.Min, q.Slot.Max) }); ok {
			return true
		}
	case supportbot.SlotPhone:
		if _, _, ok := fromClauses(m, phones); ok {
			return true
		}
	}
	_, _, ok := named(m.clauses, q.Slot.Options)
	return ok
}

// tellsResult tells whether a clause is yes or no by itself: "it works, I'll call
// later" is yes, but "fine, I'll call" only agrees.
func tellsResult(clause string, s supportbot.Slot) bool {
	if _, ok := called(bare(clause), s.Options); ok {
		return true
	}
	if _, ok := nearly(clause, s.Options); ok {
		return true
	}
	p := polarityOf(clause)
	return p.plain && (p.weight == yes || p.weight == no) && !agrees.MatchString(clause) && !needsTime.MatchString(clause) && !(s.Firm && notYet.MatchString(clause))
}
