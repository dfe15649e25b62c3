package twilio

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// A caller who waits goes round the loop of Voice.wait. These hops look whether an
// agent is in the conference, and go there by themselves; that the switchboard
// has Twilio begin such a hop at once only makes it quick. So a request that gets
// lost costs seconds.

// put returns what takes a caller who waits to the agent, nil if none is there on
// the telephone. It notes where the call is.
func (s *Switchboard) put(ctx context.Context, c *hop, status channels.Status, unheard []supportbot.Message) []element {
	l, err := s.lines.LastLine(ctx, status.Case.ID)
	if errors.Is(err, supportbot.ErrNotFound) || err == nil && l.Over {
		return nil
	}
	one, _, err2 := s.lines.Case(ctx, status.Case.ID)
	if err = errors.Join(err, err2); err != nil {
		s.log.WarnContext(ctx, "it could not be seen whether an agent is on the telephone", slog.Any("error", err))
		return nil
	}
	p := c.place
	p.polls, p.tries, p.room = 0, 0, ""
	if !l.Connects(one, now()) {
		if l.Serves(one) && l.Caller.Stage < handoff.Joined {
			s.note(ctx, l.LineID, handoff.News{Party: handoff.AtCaller, Dial: l.Caller.Dial, Call: callNow(c), Stage: handoff.Answered, Place: p.query()})
		}
		return nil
	}
	var verbs []element
	for _, m := range unheard {
		p.heard = m.Seq
		if m.From != supportbot.FromUser {
			verbs = append(verbs, say(p.lang, spoken(m)))
		}
	}
	p.room, p.told = l.String(), ""
	s.note(ctx, l.LineID, handoff.News{Party: handoff.AtCaller, Dial: l.Caller.Dial, Call: callNow(c), Stage: handoff.Joined, Place: p.query()})
	return append(verbs, say(p.lang, throughNow[p.lang]), s.through(l.LineID, p))
}

func callNow(c *hop) string { return c.form.Get("CallSid") }

// note adds news to a line. What cannot be kept comes again with the next hop.
func (s *Switchboard) note(ctx context.Context, id handoff.LineID, n handoff.News) {
	if _, err := s.hear(ctx, id, n); err != nil {
		s.log.WarnContext(ctx, "news of a caller were not kept", slog.Any("error", err))
	}
}

// returned notes that a caller has come back from a conference.
func (s *Switchboard) returned(ctx context.Context, c *hop) {
	id, ok := roomID(c.room)
	c.room = ""
	if !ok {
		return
	}
	l, err := s.lines.Line(ctx, id)
	one, _, err2 := s.lines.Case(ctx, id.Case)
	if err != nil || err2 != nil || l.Connects(one, now()) { // they are put through again
		return
	}
	s.note(ctx, l.LineID, handoff.News{Party: handoff.AtCaller, Dial: l.Caller.Dial, Call: callNow(c), Stage: handoff.Left})
}

// roomID is the line of a conference by its name, see handoff.LineID.
func roomID(room string) (id handoff.LineID, ok bool) {
	name, found := strings.CutPrefix(room, "h-")
	name, try, _ := cutLast(name)
	name, fence, ok := cutLast(name)
	id.Case = name
	var err, err2 error
	id.Fence, err = strconv.ParseInt(fence, 10, 64)
	id.Try, err2 = strconv.Atoi(try)
	return id, found && ok && err == nil && err2 == nil
}

func cutLast(name string) (before, after string, ok bool) {
	i := strings.LastIndexByte(name, '-')
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

// gone notes that a caller has hung up who was with an agent or waited for one.
func (s *Switchboard) gone(ctx context.Context, caseID, call string) {
	l, err := s.lines.LastLine(ctx, caseID)
	if err == nil && !l.Over {
		s.note(ctx, l.LineID, handoff.News{Party: handoff.AtCaller, Dial: l.Caller.Dial, Call: call, Stage: handoff.Gone})
	}
}

// callOf is the call that a conversation is named after.
func callOf(at supportbot.Address) string {
	return strings.Map(func(r rune) rune {
		if 'g' <= r && r <= 'p' {
			return r - 'g' + '0'
		}
		return r
	}, at.Peer)
}
