package channels

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// Client makes the requests of a sender to one host. It follows no redirects: a
// message goes where the operator said, or nowhere.
type Client struct {
	client *http.Client
	most   int64
}

// NewClient returns a client that waits so long for an answer, 0 for as long as
// the context of a request lets it, and reads so many bytes of one at most.
func NewClient(limit time.Duration, most int64) Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64 // all go to one host
	return Client{&http.Client{
		Transport: transport, Timeout: limit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, most}
}

// Do sends a request. If no answer comes the error is a *Failure: Absent without a
// connection, since nobody can have heard of it then, else Unsure. It does not tell
// the URL, in which a key or a number may stand.
func (c Client) Do(r *http.Request) (*http.Response, error) {
	var connected atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	response, err := c.client.Do(r.WithContext(ctx))
	if err != nil {
		kind := Absent
		if connected.Load() {
			kind = Unsure
		}
		if outer := (*url.Error)(nil); errors.As(err, &outer) {
			err = outer.Err
		}
		return nil, &Failure{Kind: kind, Err: err}
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, c.most), response.Body}
	return response, nil
}

// IsHere tells whether a host is this machine, to which what is sent goes through no
// net.
func IsHere(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
