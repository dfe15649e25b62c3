package twilio

import (
	"context"
	"fmt"
	"slices"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Finding is what came of looking at one thing.
type Finding struct {
	What   string // what was looked at
	Remedy string // what to do about it; "" if all is well
}

// maxSkew is how far this machine's clock may be from Twilio's: what people read
// and what the 24 hours of WhatsApp are counted by.
const maxSkew = time.Minute

// Examine looks at the account, this machine's clock and what the number calls;
// with apply, it has the number call this server. Findings come as far as it got,
// also with an error.
func (c Config) Examine(ctx context.Context, apply bool) (found []Finding, err error) {
	over := newClient()
	rest, one := c.rest(ctx, over)
	account, err := rest.FetchAccount(c.AccountSID)
	if err != nil {
		return []Finding{{"the account at Twilio", "look whether --twilio-account-sid and --twilio-auth-token are as the Twilio console shows them"}}, err
	}
	f := Finding{What: "the account at Twilio is " + value(account.Status)}
	if value(account.Status) != "active" {
		f.Remedy = "see in the Twilio console why it is not active"
	}
	found = append(found, f, clockOf(time.Since(one.date)))
	f, err = c.number(ctx, apply)
	return append(found, f), err
}

func clockOf(ahead time.Duration) Finding {
	f := Finding{What: fmt.Sprintf("this machine's clock is %s from Twilio's", ahead.Abs().Round(time.Second))}
	if ahead.Abs() > maxSkew {
		f.Remedy = "have the machine keep its time by NTP"
	}
	return f
}

// number looks at the webhooks of the number.
func (c Config) number(ctx context.Context, apply bool) (Finding, error) {
	want := c.PublicURL + messagesPath
	over := newClient()
	rest, _ := c.rest(ctx, over)
	page, err := rest.PageIncomingPhoneNumber(new(api.ListIncomingPhoneNumberParams).SetPhoneNumber(c.From), "", "")
	if err != nil {
		return Finding{"the number of --twilio-from", "try again"}, err
	}
	i := slices.IndexFunc(page.IncomingPhoneNumbers, func(n api.ApiV2010IncomingPhoneNumber) bool { return value(n.PhoneNumber) == c.From })
	if i < 0 {
		return Finding{"the number of --twilio-from", "it must be a number of this account; the Twilio console lists them"}, nil
	}
	number := page.IncomingPhoneNumbers[i]
	if value(number.SmsUrl) == want && value(number.SmsMethod) == "POST" && value(number.SmsFallbackUrl) == want {
		return Finding{What: "messages to the number come here"}, nil
	}
	if !apply {
		return Finding{"messages to the number do not come here, or not when Twilio tries again", "run this with --apply, which has them come to " + want}, nil
	}
	rest, _ = c.rest(ctx, over)
	_, err = rest.UpdateIncomingPhoneNumber(value(number.Sid), new(api.UpdateIncomingPhoneNumberParams).
		SetSmsUrl(want).SetSmsMethod("POST").SetSmsFallbackUrl(want).SetSmsFallbackMethod("POST"))
	if err != nil {
		return Finding{"messages to the number do not come here", "set it in the Twilio console to " + want}, err
	}
	return Finding{What: "messages to the number come here from now on"}, nil
}

// value is what a field of an answer holds, "" if it is not there.
func value(field *string) string {
	if field == nil {
		return ""
	}
	return *field
}
