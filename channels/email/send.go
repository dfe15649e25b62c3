package email

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"supportbot"
	"supportbot/channels"
)

// Patience is how long what was said waits for its reader to come back to the page,
// before it is mailed. An open page tells every 20 seconds what it has shown.
const Patience = 2 * time.Minute

// Letter is what a person who has gone does not know yet.
type Letter struct {
	To       string // "" if they have left no address
	Language supportbot.Language
	Messages []supportbot.Message // in order; none if the first of them is known
}

// Ledger knows what people have seen. Its conformance suite is
// internal/store/storetest.
type Ledger interface {
	// Letter returns what is to be mailed from message first on.
	Letter(ctx context.Context, at supportbot.Address, first int64) (Letter, error)

	// Mailed keeps that messages up to one have been mailed.
	Mailed(ctx context.Context, at supportbot.Address, last int64) error
}

// Sender mails.
type Sender struct {
	config   Config
	ledger   Ledger
	patience time.Duration
}

// NewSender returns a sender for a checked configuration.
func NewSender(c Config, ledger Ledger) *Sender {
	return &Sender{config: c, ledger: ledger, patience: Patience}
}

// Send implements channels.Sender. One mail holds all that the person has not seen
// yet; the messages that were in it are not mailed again when their turn comes.
func (s *Sender) Send(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error {
	if wait := time.Until(m.At.Add(s.patience)); wait > 0 {
		return &channels.Failure{Kind: channels.Early, After: wait, Err: errors.New("email: the person may still be there")}
	}
	letter, err := s.ledger.Letter(ctx, to, m.Seq)
	switch {
	case err != nil:
		return &channels.Failure{Kind: channels.Absent, Err: err}
	case len(letter.Messages) == 0:
		return nil // seen, or mailed with an earlier one
	case letter.To == "":
		return &channels.Failure{Kind: channels.Gone, Err: errors.New("email: the person has left no address")}
	}
	message, err := s.write(letter, key)
	if err != nil {
		return &channels.Failure{Kind: channels.Refused, Err: err}
	}
	if err := s.post(ctx, message); err != nil {
		return err
	}
	if err := s.ledger.Mailed(ctx, to, letter.Messages[len(letter.Messages)-1].Seq); err != nil {
		return &channels.Failure{Kind: channels.Unsure, Err: err}
	}
	return nil
}

// write makes the mail. Its Message-ID is that of key on every try, so that a
// receiver can tell a repeat.
func (s *Sender) write(l Letter, key string) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.From(s.config.From); err != nil {
		return nil, errors.New("email: --smtp-from is no address")
	}
	if err := m.To(l.To); err != nil {
		return nil, errors.New("email: what was left is no address") // which the error would tell
	}
	_, domain, _ := strings.Cut(m.GetFrom()[0].Address, "@")
	m.SetMessageIDWithValue(strings.ToLower(key) + "@" + domain)
	m.SetDate()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's holiday notice comes back
	m.SetGenHeader("Content-Language", string(l.Language))
	subject, body := s.words(l)
	m.Subject(subject)
	m.SetBodyString(mail.TypeTextPlain, body)
	return m, nil
}

// post has the server take a mail.
func (s *Sender) post(ctx context.Context, m *mail.Msg) error {
	client, err := s.config.connection()
	if err != nil {
		return &channels.Failure{Kind: channels.Absent, Err: errors.New("email: --smtp-url cannot be used")}
	}
	if err := client.DialWithContext(ctx); err != nil {
		return &channels.Failure{Kind: channels.Absent, Err: fmt.Errorf("email: the server is not there, or does not let us in: %w", err)}
	}
	defer func() { _ = client.Close() }() // after the mail is taken nothing that goes wrong matters
	if err := client.Send(m); err != nil && !m.IsDelivered() {
		return failure(err)
	}
	return nil
}

// failure tells what an answer of the server means: RFC 5321, section 4.2.1. Its own
// words are left out, since they repeat the address.
func failure(err error) *channels.Failure {
	var refused *mail.SendError
	if !errors.As(err, &refused) {
		return &channels.Failure{Kind: channels.Unsure, Err: errors.New("email: the server has not answered")}
	}
	code := refused.ErrorCode()
	f := &channels.Failure{Err: fmt.Errorf("email: the server answers %d: %s", code, refused.Reason)}
	switch {
	case code >= 500 && refused.Reason == mail.ErrSMTPRcptTo:
		f.Kind = channels.Gone
	case code >= 500:
		f.Kind = channels.Refused
	case code >= 400:
		f.Kind, f.After = channels.Limited, time.Minute // a grey list lets nobody in before
	case refused.Reason == mail.ErrSMTPDataClose:
		f.Kind = channels.Unsure // all was said, and the answer is lost
	default:
		f.Kind = channels.Absent
	}
	return f
}
