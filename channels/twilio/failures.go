package twilio

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"supportbot/channels"
)

// kinds are the errors of Twilio that tell more than the status that they come
// with: https://www.twilio.com/docs/api/errors.
var kinds = map[int]channels.FailureKind{
	// The person: nothing that waits for them will arrive.
	21211: channels.Gone, // no valid number
	21214: channels.Gone, // cannot be reached
	21215: channels.Gone, // the account may not write to that country
	21265: channels.Gone, // a short code
	21408: channels.Gone, // the account may not write to that region
	21610: channels.Gone, // has written STOP
	21612: channels.Gone, // no way from our number to theirs
	21614: channels.Gone, // no mobile number
	21635: channels.Gone, // a landline
	63003: channels.Gone, // no such address on WhatsApp
	63024: channels.Gone, // WhatsApp does not take messages for it

	// Too much at once.
	14107: channels.Limited,
	20429: channels.Limited,
	21611: channels.Limited, // the queue of our number is full
	30001: channels.Limited, // the queue is full
	30022: channels.Limited,
	63018: channels.Limited, // WhatsApp, of the sender
	63038: channels.Limited, // of the account, for today

	// The account or its settings: a person mends that, and then all of it goes out.
	20003: channels.Absent,  // wrong token
	20005: channels.Absent,  // account suspended
	21606: channels.Absent,  // our number cannot send
	21659: channels.Absent,  // our number is not ours
	21660: channels.Absent,  // our number is of another account
	30002: channels.Absent,  // account suspended
	63007: channels.Absent,  // no such WhatsApp sender
	63016: channels.Limited, // outside of the 24 hours of WhatsApp: see held
}

// longestPause bounds what Twilio may ask for.
const longestPause = time.Hour

// failure tells what to do about an answer that is none of success. A 5xx may have
// come after the message was taken. The words of the answer are not told: they
// have telephone numbers in them.
func failure(status, code int, header http.Header) *channels.Failure {
	f := &channels.Failure{Kind: channels.Refused, Err: fmt.Errorf("the answer of Twilio is %d, error %d", status, code)}
	if seconds, err := strconv.ParseUint(header.Get("Retry-After"), 10, 31); err == nil {
		f.After = min(time.Duration(seconds)*time.Second, longestPause)
	}
	kind, known := kinds[code]
	switch {
	case known:
		f.Kind = kind
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable && f.After > 0:
		f.Kind = channels.Limited
	case status == http.StatusServiceUnavailable, status == http.StatusRequestTimeout, status == http.StatusUnauthorized:
		f.Kind = channels.Absent
	case status >= 500:
		f.Kind = channels.Unsure
	}
	if code == 63016 {
		f.After = held
	}
	return f
}
