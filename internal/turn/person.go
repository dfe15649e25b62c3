package turn

import (
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
	"supportbot/internal/privacy"
)

// person handles what the person said or did.
func (b *build) person() {
	q := dialog.Expected(b.content.Book, b.session)
	var reading supportbot.Reading
	e := dialog.Event{Choice: b.in.Choice, Digits: b.in.Digits, Masked: secrets(b.in.Masked), Unseen: b.in.Unseen}
	said := b.in.Text
	switch b.in.Kind {
	case supportbot.InText:
		reading = b.content.Reader.Read(privacy.WithoutMasks(b.in.Text), q)
		e.Kind, e.Commands, e.Language = dialog.Said, reading.Commands, reading.Language
	case supportbot.InChoice:
		e.Kind = dialog.Chose
		said = dialog.ChoiceLabel(b.content.Book, b.session, b.in.Choice)
	case supportbot.InDigits:
		e.Kind, said = dialog.Pressed, b.in.Digits
	case supportbot.InUnseen:
		e.Kind = dialog.Sent
	case supportbot.InOpen:
		e.Kind = dialog.Opened
	case supportbot.InSilence:
		e.Kind = dialog.Silence
	case supportbot.InHangup:
		e.Kind = dialog.HungUp
	case supportbot.InMove:
		e.Kind, e.To, e.Keyed = dialog.Moved, b.in.To, b.in.Keyed
	}
	if said != "" || b.in.Unseen != "" && b.in.Unseen != supportbot.LostPicture {
		// A number that was asked for is kept as an answer, and not in the words.
		said, _ = privacy.Mask(said, supportbot.Question{})
		if b.session.Case != nil && b.session.Case.Mail && b.session.Case.Agent == "" {
			said = supportbot.HideEmails(said)
		}
		b.say(supportbot.Message{From: supportbot.FromUser, Text: strings.TrimSpace(b.unseen() + said), ReplyTo: b.in.ID})
	}
	if len(reading.Model) > 0 {
		b.log(LogModel, reading.Model)
	}
	b.step(e)
	if c := b.now(); b.in.Kind == supportbot.InMove && c != nil && c.State.Live() {
		moved := *c
		moved.Channel, moved.Checks = b.session.Channel, handoff.Unproven(c.Checks)
		b.owned = &moved
	}
	b.learn(said, reading, q)
}

// unseenNames stand in the transcript for what cannot be seen.
var unseenNames = map[supportbot.Unseen]map[supportbot.Language]string{
	supportbot.Picture:   {supportbot.Chinese: "[图片] ", supportbot.English: "[picture] "},
	supportbot.Photo:     {supportbot.Chinese: "[图片] ", supportbot.English: "[picture] "},
	supportbot.Sound:     {supportbot.Chinese: "[语音或视频] ", supportbot.English: "[recording] "},
	supportbot.Edit:      {supportbot.Chinese: "[修改了之前的消息] ", supportbot.English: "[changed an earlier message] "},
	supportbot.Group:     {supportbot.Chinese: "[群消息] ", supportbot.English: "[message in a group] "},
	supportbot.Something: {supportbot.Chinese: "[表情、位置或文件] ", supportbot.English: "[sticker, place or file] "},
}

func (b *build) unseen() string {
	if b.session.Language == supportbot.English {
		return unseenNames[b.in.Unseen][supportbot.English]
	}
	return unseenNames[b.in.Unseen][supportbot.Chinese]
}

// secrets is what the person is told of: not of a telephone number, which is
// kept from free words but no secret.
func secrets(masked []string) []string {
	return slices.DeleteFunc(slices.Clone(masked), func(kind string) bool { return kind == privacy.KindPhone })
}

// timer handles a timer that came due. One that was set again or cancelled in
// the meantime is stale and does nothing.
func (b *build) timer(due supportbot.Timer) {
	current := slices.ContainsFunc(b.thread.Timers, func(t supportbot.Timer) bool {
		return t.Kind == due.Kind && t.Gen == due.Gen && !t.Due.After(b.in.At) // a lease may have been renewed
	})
	if !current {
		return
	}
	switch due.Kind {
	case supportbot.TimerSilence:
		b.step(dialog.Event{Kind: dialog.Silence})
	case supportbot.TimerWait:
		if c := b.now(); c != nil && b.in.At.Before(c.WaitsSince().Add(WaitLimit)) {
			b.step(dialog.Event{Kind: dialog.Waited, Last: !b.in.At.Before(c.WaitsSince().Add(quietAfter))})
			return
		}
		b.apply(supportbot.AgentAct{Kind: supportbot.ActExpire})
	case supportbot.TimerLease:
		gone := due.Due.UnixMicro() == 0 // RemoveAgent ends a lease at the beginning of time
		b.apply(supportbot.AgentAct{Kind: supportbot.ActLapse, Gone: gone})
	case supportbot.TimerState:
		b.apply(supportbot.AgentAct{Kind: supportbot.ActTimeout})
	}
}

// setTimers sets the timers that the turn's end calls for and cancels the
// others. A turn that the engine had no part in leaves the count of silence as
// it is.
func (b *build) setTimers() {
	wanted := map[supportbot.TimerKind]time.Time{}
	if b.effects.Silence > 0 {
		wanted[supportbot.TimerSilence] = b.in.At.Add(b.effects.Silence)
	}
	if c := b.now(); c != nil {
		switch {
		case c.State == supportbot.CaseWaiting, c.State == supportbot.CaseOffered:
			wanted[supportbot.TimerWait] = b.nextWait(*c)
		case c.State.Worked():
			wanted[supportbot.TimerLease] = b.lease()
		}
		wanted[supportbot.TimerState] = c.Until
	}
	for _, kind := range []supportbot.TimerKind{supportbot.TimerSilence, supportbot.TimerWait, supportbot.TimerLease, supportbot.TimerState} {
		due, set := b.due(kind)
		switch {
		case kind == supportbot.TimerSilence && !b.stepped, wanted[kind].Equal(due):
		case set || !wanted[kind].IsZero():
			b.commit.Timers = append(b.commit.Timers, supportbot.Timer{Kind: kind, Gen: b.thread.Version, Due: wanted[kind]})
		}
	}
}

// nextWait is when somebody who waits is next told so, or that nobody comes.
func (b *build) nextWait(c supportbot.Case) time.Time {
	if due, set := b.due(supportbot.TimerWait); set && !due.After(b.in.At) && (b.in.Timer == nil || b.in.Timer.Kind != supportbot.TimerWait) {
		return due // overdue, and another turn is first
	}
	since := c.WaitsSince()
	for _, after := range notices(c.Channel) {
		if at := since.Add(after); at.After(b.in.At) {
			return at
		}
	}
	if at := since.Add(WaitLimit); at.After(b.in.At) {
		return at
	}
	return b.in.At.Add(noticeEvery) // an agent has given it back late: one more chance
}

// due is when a timer of the conversation is due as the turn found it.
func (b *build) due(kind supportbot.TimerKind) (at time.Time, set bool) {
	for _, t := range b.thread.Timers {
		if t.Kind == kind {
			return t.Due, true
		}
	}
	return time.Time{}, false
}

// lease is when the owner of the case is missed: renewed by what the owner does,
// unchanged by what the person or another agent does.
func (b *build) lease() time.Time {
	renewed := b.commit.Outcome.Agent != nil && !b.commit.Outcome.Agent.Refused && b.in.Agent.Agent == b.now().Owner
	if due, set := b.due(supportbot.TimerLease); set && !renewed {
		return due
	}
	return b.in.At.Add(LeaseLimit)
}
