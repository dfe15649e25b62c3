package dialog

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"supportbot"
)

// callWords are other words for wanting to be called back.
var callWords = map[supportbot.Language][]string{
	supportbot.Chinese: {"回电", "给我回电", "打给我", "打电话给我", "给我打电话", "回我电话"},
	supportbot.English: {"call me", "call back", "please call me back", "ring me back", "phone me"},
}

// away tells whether a case of a priority has to wait until the desk takes it.
func (t *turn) away(p supportbot.Priority) bool {
	if t.e.Desk == nil || t.e.Desk.Takes(p) {
		return false
	}
	t.out.Desk = true
	return true
}

// queued tells a person whose case has just been made what to expect. Whoever has
// an urgent one is told what to do without us, where nobody may be there.
func (t *turn) queued(h *handoff) {
	d := t.e.Desk
	if t.s.Case.Away {
		t.shut()
		return
	}
	closed := d != nil && !d.OpensAt.IsZero()
	if !closed || !t.s.Channel.IsVoice() { // nobody need hold the line
		t.sayText(h.text)
	}
	switch {
	case closed:
		t.out.Desk = true
		t.sayText(h.waiting)
		t.pattern(patternUrgent, map[string]string{"opens": opening(t.s.Language, t.e.At, d.OpensAt)})
	case d != nil && d.Ahead(h.priority) > 0 && !t.s.Channel.IsVoice(): // on the phone the line says so
		t.place(h.priority)
	}
	t.out.Replies[len(t.out.Replies)-1].Choices = t.queueChoices()
}

// shut tells what can be done until the desk takes the case.
func (t *turn) shut() {
	if d := t.e.Desk; d.OpensAt.IsZero() {
		t.pattern(patternLine, map[string]string{"reach": reach(*t.s)})
	} else {
		t.pattern(patternShut, map[string]string{"opens": opening(t.s.Language, t.e.At, d.OpensAt), "reach": reach(*t.s)})
	}
	t.out.Replies[len(t.out.Replies)-1].Choices = t.choices(chooseContact, chooseLeave, chooseCall)
}

// reach is what a waiting person may leave, as the button for it says.
func reach(s Session) string {
	mail, chinese := s.Case != nil && s.Case.Mail, s.Language == supportbot.Chinese
	switch {
	case mail && chinese:
		return "电话或邮箱"
	case mail:
		return "a phone number or an e-mail address"
	case chinese:
		return "电话"
	}
	return "a phone number"
}

// deferred: the desk has closed while the person waited.
func (t *turn) deferred() {
	t.s.Case.Away = true
	if t.frozenAtTop() {
		t.shut()
	}
}

// taken: the desk has opened, and the person is in the queue.
func (t *turn) taken() {
	t.s.Case.Away = false
	if t.frozenAtTop() && !t.s.Case.Call {
		t.tell(patternTaken)
	}
}

// place tells a person who waits how many are before, and how long it takes
// if that can be known.
func (t *turn) place(p supportbot.Priority) {
	t.out.Desk = true
	d := t.e.Desk
	ahead := d.Ahead(p)
	said := map[string]string{"ahead": strconv.Itoa(ahead), "time": t.band(d.Pace * time.Duration(ahead+1))}
	switch {
	case said["time"] != "":
		t.pattern(patternSoon, said)
	case ahead > 0:
		t.pattern(patternAhead, said)
	default:
		t.pattern(patternNext, nil)
	}
}

// bands are the ends, in minutes, of what is told instead of a time that nobody
// knows so exactly.
var bands = []int{0, 5, 10, 15, 20, 30, 45, 60}

// band is about how long it takes, in words; "" if that is not known.
func (t *turn) band(wait time.Duration) string {
	chinese := t.s.Language == supportbot.Chinese
	if wait == 0 {
		return ""
	}
	for i, end := range bands[1:] {
		switch from := bands[i]; {
		case wait > time.Duration(end)*time.Minute:
		case from == 0 && chinese:
			return "不到5分钟"
		case from == 0:
			return "less than 5 minutes"
		case chinese:
			return fmt.Sprintf("%d到%d分钟", from, end)
		default:
			return fmt.Sprintf("about %d to %d minutes", from, end)
		}
	}
	if chinese {
		return "1小时以上"
	}
	return "more than an hour"
}

// Closed is what is said to a person who asks for an agent now, while the desk is
// closed until it opens: in a chat from which no mail is sent, and on the phone.
func (b *Book) Closed(lang supportbot.Language, now, opens time.Time) (written, spoken string) {
	p, err := b.Picture(patternShut)
	if err != nil {
		return "", "" // never: a book has all patterns
	}
	for _, n := range p.Nodes {
		chat, phone := n.Text.In(lang)
		written, spoken = written+chat, spoken+cmp.Or(phone, chat)
	}
	when := strings.NewReplacer("{opens}", opening(lang, now, opens), "{reach}", reach(Session{Language: lang}))
	return when.Replace(written), when.Replace(spoken)
}

// opening is when the desk opens, as people say it, by its own clock.
func opening(lang supportbot.Language, now, at time.Time) string {
	now = now.In(at.Location())
	days := 0 // from now
	for day := now; day.Format(time.DateOnly) < at.Format(time.DateOnly) && days < 7; days++ {
		day = now.AddDate(0, 0, days+1)
	}
	if lang == supportbot.Chinese {
		names := map[int]string{0: "今天", 1: "明天", 2: "后天"}
		day, near := names[days]
		switch {
		case near:
		case days < 7:
			day = []string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}[at.Weekday()]
		default:
			day = at.Format("1月2日")
		}
		return day + at.Format("15:04")
	}
	names := map[int]string{0: "today", 1: "tomorrow"}
	day, near := names[days]
	switch {
	case near:
	case days < 7:
		day = at.Format("Monday")
	default:
		day = at.Format("2 January")
	}
	return day + " at " + at.Format("15:04")
}

// stillWaiting tells a person for whom nobody has come yet what to do meanwhile.
func (t *turn) stillWaiting() {
	c := t.s.Case
	if c.Agent != "" || c.Call || !t.frozenAtTop() {
		return
	}
	h, _, _ := t.handoff()
	switch {
	case !h.waiting.IsZero():
		t.sayText(h.waiting)
	case t.e.Last && !t.s.Channel.IsVoice():
		t.pattern(patternQuiet, nil)
	case t.e.Desk != nil && !t.s.Channel.IsVoice():
		t.place(h.priority)
	default:
		t.pattern(patternStill, map[string]string{"reach": reach(*t.s)})
	}
	t.out.Replies[len(t.out.Replies)-1].Choices = t.choices(chooseContact, chooseLeave, chooseCall)
}

// wantsCall has the person called back, at the number left or at one that is
// asked for now.
func (t *turn) wantsCall(contact map[string]string) {
	t.s.Case.Call = true
	if t.s.Case.Contact {
		t.numberLeft()
		return
	}
	t.push(patternContact, Frame{Slots: contact})
	t.advance()
}

// numberLeft has whoever wants it called back now that there is a number, and
// forgets about it if there is none.
func (t *turn) numberLeft() {
	if t.s.Case == nil || !t.s.Case.Call {
		return
	}
	if t.s.Case.Call = t.s.Case.Contact; t.s.Case.Call {
		t.out.Call = true
		t.pattern(patternCall, nil)
	}
}
