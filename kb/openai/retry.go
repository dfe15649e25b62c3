package openai

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// retry sends a request again where that helps: when the server says how long to
// wait (429), and once after a fault of its own (5xx). It does so only if the
// answer can still come before the context ends. What else a server refuses, it
// would refuse again.
type retry struct {
	next http.RoundTripper
	most int64 // bytes that are read of an answer
}

const (
	// soon is the pause after a fault for which the server names none.
	soon = 100 * time.Millisecond
	// least is how much time must be left for the answer.
	least = 200 * time.Millisecond
)

// RoundTrip implements http.RoundTripper.
func (t retry) RoundTrip(r *http.Request) (*http.Response, error) {
	for try := 0; ; try++ {
		response, err := t.next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		wait, again := pause(response, try)
		until, ends := r.Context().Deadline()
		if !again || r.GetBody == nil || !ends || time.Until(until) < wait+least {
			response.Body = bounded{io.LimitReader(response.Body, t.most), response.Body}
			return response, nil
		}
		response.Body.Close()
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(wait):
		}
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = body
	}
}

// pause tells whether to try again, and after how long.
func pause(r *http.Response, try int) (time.Duration, bool) {
	asked, told := retryAfter(r.Header.Get("Retry-After"))
	switch {
	case r.StatusCode == http.StatusTooManyRequests:
		return asked, told && try < 2
	case r.StatusCode >= 500:
		return max(asked, soon), try == 0
	}
	return 0, false
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds, or a date.
func retryAfter(header string) (time.Duration, bool) {
	if n, err := strconv.Atoi(header); err == nil && n >= 0 {
		return time.Duration(n) * time.Second, true
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, time.Until(at)), true
	}
	return 0, false
}

// bounded is a body of which only so much is read.
type bounded struct {
	io.Reader
	io.Closer
}
