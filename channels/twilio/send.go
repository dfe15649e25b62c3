package twilio

import (
	"context"
	"errors"
	"fmt"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"supportbot"
	"supportbot/channels"
)

// Ledger keeps what must be the same on every node and outlive it. Its conformance
// suite is internal/store/storetest.
type Ledger interface {
	// Reach tells whether a person may be written to; ErrNotFound if they never wrote.
	Reach(ctx context.Context, at supportbot.Address) (channels.Reach, error)

	// Consent keeps that a person wants to hear nothing more, or again, as the message
	// id says; a repeat changes nothing. ErrNotFound if they never wrote before.
	Consent(ctx context.Context, at supportbot.Address, id string, stopped bool) error

	// Spend counts segments of today, or back, and tells whether that is within limit.
	Spend(ctx context.Context, segments, limit int) (within bool, err error)

	// Receipt keeps a later stage of a message, by its number in the transcript, and
	// tells whether it is one.
	Receipt(ctx context.Context, at supportbot.Address, message int64, stage, code int) (kept bool, err error)

	// Uninvited takes back the stage channels.Invited of a message.
	Uninvited(ctx context.Context, at supportbot.Address, message int64) error

	// Wake has what waits for a person tried soon.
	Wake(ctx context.Context, at supportbot.Address) error

	Onward
}

// Sender sends SMS or WhatsApp messages.
type Sender struct {
	config Config
	ledger Ledger
	over   channels.Client
	parts  channels.Parts
}

// NewSender returns a sender for both channels.
func NewSender(config Config, ledger Ledger) *Sender {
	return &Sender{config, ledger, newClient(), channels.NewParts()}
}

// held is when a message is tried again that may not go out now. A person who
// writes before wakes it.
const held = time.Hour

// perDay is how many messages one person is sent in 24 hours, several times what the
// longest flows take: nobody uses up what a day may cost.
const perDay = 200

// Send implements channels.Sender. Twilio cannot tell a repeat: a try that may have
// arrived is repeated all the same.
func (s *Sender) Send(ctx context.Context, to supportbot.Address, m supportbot.Message, _ string) error {
	return s.send(ctx, to, to, m)
}

// send sends a message of a conversation to its own address, or to where it goes on.
func (s *Sender) send(ctx context.Context, of, to supportbot.Address, m supportbot.Message) error {
	if err := s.may(ctx, to); err != nil {
		return err
	}
	reach, err := s.ledger.Reach(ctx, of)
	if err != nil {
		return &channels.Failure{Kind: channels.Absent, Err: err}
	}
	window := channels.CapabilitiesOf(to.Channel).Window
	switch {
	case reach.Sent >= perDay:
		return &channels.Failure{Kind: channels.Limited, After: held, Err: fmt.Errorf("the person was sent %d messages within a day", reach.Sent)}
	case window > 0 && time.Since(reach.Heard) >= window:
		return s.hold(ctx, of, to, m)
	}
	whose := ""
	if of != to {
		whose = "&call=" + of.Peer
	}
	status := fmt.Sprintf("%s%s?message=%d%s", s.config.PublicURL, statusPath, m.Seq, whose)
	parts := channels.Split(render(to.Channel, m), channels.LimitsOf(to.Channel).Text)
	return s.parts.Send(to.Peer+status, len(parts), func(i int) error {
		return s.post(ctx, s.message(to).SetStatusCallback(status).SetBody(parts[i]), cost(to.Channel, parts[i]))
	})
}

// may tells why a number is not written to, nil if it is: also one that never wrote.
func (s *Sender) may(ctx context.Context, to supportbot.Address) error {
	if !s.config.serves(to.Peer) {
		return &channels.Failure{Kind: channels.Gone, Err: fmt.Errorf("numbers of %s are not among --twilio-countries", country(to.Peer))}
	}
	reach, err := s.ledger.Reach(ctx, to)
	switch {
	case err != nil && !errors.Is(err, supportbot.ErrNotFound):
		return &channels.Failure{Kind: channels.Absent, Err: err}
	case reach.Stopped:
		return &channels.Failure{Kind: channels.Gone, Err: errors.New("the person has written STOP, and not START since")}
	}
	return nil
}

// Text sends an SMS to a number that need never have written, such as a code to the
// number on file. It is not repeated.
func (s *Sender) Text(ctx context.Context, number, text string) error {
	to := supportbot.Address{Channel: supportbot.SMS, Peer: number}
	if err := s.may(ctx, to); err != nil {
		return err
	}
	return s.post(ctx, s.message(to).SetBody(text), cost(supportbot.SMS, text))
}

// hold keeps a message until the person writes again, and asks them to, once, by
// the template if there is one.
func (s *Sender) hold(ctx context.Context, of, to supportbot.Address, m supportbot.Message) error {
	if s.config.Template != "" {
		if err := s.askOnce(ctx, of, m, s.message(to).SetContentSid(s.config.Template), 1); err != nil {
			return err
		}
	}
	return &channels.Failure{Kind: channels.Limited, After: held,
		Err: errors.New("the person wrote more than 24 hours ago, so that WhatsApp takes no free words; held back until they write again")}
}

// askOnce sends what asks a person to write, so that a message can go out. What
// Twilio certainly did not take is asked again; what it may have taken is not, since a
// stranger may read it.
func (s *Sender) askOnce(ctx context.Context, of supportbot.Address, m supportbot.Message, asks *api.CreateMessageParams, segments int) error {
	first, err := s.ledger.Receipt(ctx, of, m.Seq, int(channels.Invited), 0)
	switch {
	case err != nil:
		return &channels.Failure{Kind: channels.Absent, Err: err}
	case !first:
		return nil
	}
	err = s.post(ctx, asks, segments)
	if notTaken(err) {
		err = errors.Join(err, s.ledger.Uninvited(ctx, of, m.Seq))
	}
	return err
}

// notTaken tells whether a message certainly did not go out.
func notTaken(err error) bool {
	failure := (*channels.Failure)(nil)
	return errors.As(err, &failure) && failure.Kind != channels.Unsure
}

// message is what is sent, but for its words.
func (s *Sender) message(to supportbot.Address) *api.CreateMessageParams {
	from, peer := s.config.From, to.Peer
	if to.Channel == supportbot.WhatsApp {
		from, peer = whatsApp+s.config.WhatsAppFrom, whatsApp+peer
	}
	return new(api.CreateMessageParams).SetFrom(from).SetTo(peer)
}

// post sends one message, unless that would cost more than a day may. What Twilio
// certainly did not take is counted back.
func (s *Sender) post(ctx context.Context, message *api.CreateMessageParams, segments int) error {
	within, err := s.ledger.Spend(ctx, segments, s.config.DailySegments)
	if err != nil {
		return &channels.Failure{Kind: channels.Absent, Err: err}
	}
	if !within {
		return &channels.Failure{Kind: channels.Limited, After: held, Err: fmt.Errorf("the %d segments of --twilio-daily-segments are used up for today", s.config.DailySegments)}
	}
	rest, one := s.config.rest(ctx, s.over)
	_, err = rest.CreateMessage(message)
	if err == nil || one.taken { // taken, also if the rest of the answer cannot be read
		return nil
	}
	if notTaken(err) {
		if _, counted := s.ledger.Spend(ctx, -segments, s.config.DailySegments); counted != nil {
			return errors.Join(err, counted)
		}
	}
	return err
}

// render is what a message says on a channel.
func render(c supportbot.Channel, m supportbot.Message) string {
	r := supportbot.Reply{Text: m.Text, Spoken: m.Spoken, Choices: m.Choices}
	if c == supportbot.WhatsApp {
		return channels.WhatsApp(r)
	}
	return channels.SMS(r)
}

// cost is what is paid for.
func cost(c supportbot.Channel, text string) int {
	if c == supportbot.WhatsApp {
		return 1
	}
	return channels.Segments(text)
}
