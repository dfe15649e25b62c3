package twilio

import (
	"context"
	"fmt"
	"slices"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"supportbot/channels"
)

// maxSkew is how far this machine's clock may be from Twilio's: what people read
// and what the 24 hours of WhatsApp are counted by.
const maxSkew = time.Minute

// Examine looks at the account, this machine's clock and what the number calls;
// with apply, it has the number call this server. Findings come as far as it got,
// also with an error.
func (c Config) Examine(ctx context.Context, apply bool) (found []channels.Finding, err error) {
	over := newClient()
	rest, one := c.rest(ctx, over)
	account, err := rest.FetchAccount(c.AccountSID)
	if err != nil {
		return []channels.Finding{{What: "the account at Twilio", Remedy: "look whether --twilio-account-sid and --twilio-auth-token are as the Twilio console shows them"}}, err
	}
	f := channels.Finding{What: "the account at Twilio is " + value(account.Status)}
	if value(account.Status) != "active" {
		f.Remedy = "see in the Twilio console why it is not active"
	}
	found = append(found, f, clockOf(time.Since(one.date)))
	number, err := c.number(ctx, apply)
	return append(found, number...), err
}

func clockOf(ahead time.Duration) channels.Finding {
	f := channels.Finding{What: fmt.Sprintf("this machine's clock is %s from Twilio's", ahead.Abs().Round(time.Second))}
	if ahead.Abs() > maxSkew {
		f.Remedy = "have the machine keep its time by NTP"
	}
	return f
}

// webhooks are what the number calls for one kind of thing.
type webhooks struct {
	name string // what comes by them
	ok   bool
	set  func(*api.UpdateIncomingPhoneNumberParams)
}

// webhooksOf compares what a number calls with what it should. A call has no second
// try: whoever hears of a fault has called again by then.
func (c Config) webhooksOf(n api.ApiV2010IncomingPhoneNumber) []webhooks {
	messages, call, end := c.PublicURL+messagesPath, c.PublicURL+pathCall, c.PublicURL+pathEnd
	return []webhooks{
		{
			"messages to the number", value(n.SmsUrl) == messages && value(n.SmsMethod) == "POST" && value(n.SmsFallbackUrl) == messages,
			func(p *api.UpdateIncomingPhoneNumberParams) {
				p.SetSmsUrl(messages).SetSmsMethod("POST").SetSmsFallbackUrl(messages).SetSmsFallbackMethod("POST")
			},
		},
		{
			"calls of the number", value(n.VoiceUrl) == call && value(n.VoiceMethod) == "POST",
			func(p *api.UpdateIncomingPhoneNumberParams) { p.SetVoiceUrl(call).SetVoiceMethod("POST") },
		},
		{
			"notices that a caller has hung up", value(n.StatusCallback) == end && value(n.StatusCallbackMethod) == "POST",
			func(p *api.UpdateIncomingPhoneNumberParams) {
				p.SetStatusCallback(end).SetStatusCallbackMethod("POST")
			},
		},
	}
}

// number looks at the webhooks of the number, and sets all that are wrong at once.
func (c Config) number(ctx context.Context, apply bool) (found []channels.Finding, err error) {
	over := newClient()
	rest, _ := c.rest(ctx, over)
	page, err := rest.PageIncomingPhoneNumber(new(api.ListIncomingPhoneNumberParams).SetPhoneNumber(c.From), "", "")
	if err != nil {
		return []channels.Finding{{What: "the number of --twilio-from", Remedy: "try again"}}, err
	}
	i := slices.IndexFunc(page.IncomingPhoneNumbers, func(n api.ApiV2010IncomingPhoneNumber) bool { return value(n.PhoneNumber) == c.From })
	if i < 0 {
		return []channels.Finding{{What: "the number of --twilio-from", Remedy: "it must be a number of this account; the Twilio console lists them"}}, nil
	}
	number := page.IncomingPhoneNumbers[i]
	update, wrong := new(api.UpdateIncomingPhoneNumberParams), false
	for _, w := range c.webhooksOf(number) {
		f := channels.Finding{What: w.name + " come here"}
		switch {
		case w.ok:
		case apply:
			w.set(update)
			wrong = true
			f.What += " from now on"
		default:
			f = channels.Finding{What: w.name + " do not come here as they should", Remedy: "run this with --apply, which has them come to " + c.PublicURL}
		}
		found = append(found, f)
	}
	if !wrong {
		return found, nil
	}
	rest, _ = c.rest(ctx, over)
	if _, err = rest.UpdateIncomingPhoneNumber(value(number.Sid), update); err != nil {
		return []channels.Finding{{What: "what the number calls could not be set", Remedy: "set it in the Twilio console, as docs/channels says"}}, err
	}
	return found, nil
}

// value is what a field of an answer holds, "" if it is not there.
func value(field *string) string {
	if field == nil {
		return ""
	}
	return *field
}
