package twilio

import (
	"context"
	"log/slog"
	"time"

	"supportbot"
	"supportbot/channels"
)

// While an agent is waited for or speaks, the call goes round hops that look into
// the transcript: what agents type is spoken, what the caller says is written
// down, and once there is a verdict the flow goes on. These hops change nothing,
// so they may be repeated or get lost.

// How long a hop listens before it looks again, in seconds.
const (
	waitTime  = 10 // while nobody has come
	agentTime = 4  // while an agent is there
)

// page is how many messages are looked at in one hop.
const page = 100

// wait says what is new.
func (v *Voice) wait(ctx context.Context, c *hop) []element {
	if over(c.form) {
		v.hangUp(ctx, c)
		return []element{verb("Hangup")}
	}
	status, news, err := v.news(ctx, c)
	if err != nil {
		v.log.ErrorContext(ctx, "a call could not be followed", slog.Any("error", err))
		if c.tries++; c.tries > maxTries {
			return v.giveUp(c.lang)
		}
		return append([]element{say(c.lang, fillers[c.lang]), verb("Pause", "length", "2")}, c.to(pathWait, func(*place) {})...)
	}
	if v.board == nil {
		return tell(c.place, status, news)
	}
	v.board.returned(ctx, c)
	if status.Case != nil && status.Agent != "" {
		if through := v.board.put(ctx, c, status, news); through != nil {
			return through
		}
	}
	return tell(c.place, status, news)
}

// news reads the state before the messages: a verdict that comes in between is
// told in the next hop.
func (v *Voice) news(ctx context.Context, c *hop) (status channels.Status, news []supportbot.Message, err error) {
	ctx, cancel := context.WithTimeout(ctx, v.patience)
	defer cancel()
	if status, err = v.conv.Status(ctx, c.address()); err != nil {
		return status, nil, err
	}
	news, err = v.conv.Messages(ctx, c.address(), c.heard, page)
	return status, news, err
}

// tell says messages of the transcript, and listens for a while or, once the flow
// goes on, for an answer.
func tell(p place, status channels.Status, news []supportbot.Message) []element {
	p.tries, p.queued = 0, status.Case != nil
	if status.Language.Valid() {
		p.lang = status.Language
	}
	var said []supportbot.Message
	for _, m := range news {
		if m.From != supportbot.FromUser {
			said = append(said, m)
		}
	}
	if len(said) > 0 {
		p.before, p.polls = p.heard, 0
	}
	if len(news) > 0 {
		p.heard = news[len(news)-1].Seq
	}
	asks := questionOf(said)
	if status.Case == nil || asks.keys > 1 { // a caller who waits may be leaving a number
		p.told = ""
		return speak(p, said, status.Case == nil && status.Ended)
	}
	must, may := split(said)
	verbs, prompt := sayAll(p.lang, must), sayAll(p.lang, may)
	words, ends := p.stands(status, &asks)
	verbs = append(verbs, listen(p, "false", asks, append(prompt, words...)...))
	if ends != nil {
		return append(verbs, say(p.lang, ends[p.lang]), verb("Hangup"))
	}
	return append(verbs, p.to(pathWait, func(*place) {})...)
}

// maxLate is how often a caller hears that it takes a moment: half a minute.
const maxLate = 5

// late looks for what came of a turn that was not done in time.
func (v *Voice) late(ctx context.Context, c *hop) []element {
	if over(c.form) {
		v.hangUp(ctx, c)
		return []element{verb("Hangup")}
	}
	status, news, err := v.await(ctx, c)
	switch {
	case err == nil && (len(news) > 0 || status.Case != nil):
		return tell(c.place, status, news)
	case c.tries >= maxLate:
		return v.giveUp(c.lang)
	}
	return append([]element{say(c.lang, fillers[c.lang])}, c.to(pathLate, func(p *place) { p.tries++ })...)
}

// await waits for something that is not the caller's own, for as long as there is
// patience.
func (v *Voice) await(ctx context.Context, c *hop) (status channels.Status, news []supportbot.Message, err error) {
	ctx, cancel := context.WithTimeout(ctx, v.patience)
	defer cancel()
	changed, stop := v.conv.Watch(c.address())
	defer stop()
	poll := time.NewTicker(time.Second) // Watch only hints
	defer poll.Stop()
	for {
		if status, news, err = v.news(ctx, c); err != nil {
			return status, news, err
		}
		for _, m := range news {
			if m.From != supportbot.FromUser {
				return status, news, nil
			}
		}
		select {
		case <-changed:
		case <-poll.C:
		case <-ctx.Done():
			return status, nil, nil
		}
	}
}
