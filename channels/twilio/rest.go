package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"supportbot/channels"
)

// restLimit bounds a call of the REST API whose context has no earlier end.
const restLimit = 10 * time.Second

// maxAnswer bounds what Twilio may answer.
const maxAnswer = 1 << 20

// rest returns the REST API for calls within a context. Their errors are
// *channels.Failure.
func (c Config) rest(ctx context.Context, over *http.Client) (*api.ApiService, *call) {
	one := &call{ctx: ctx, config: c, over: over}
	return api.NewApiServiceWithClient(one), one
}

// newHTTPClient follows no redirects: a message goes to Twilio, or nowhere.
func newHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64 // all go to one host
	return &http.Client{
		Transport: transport, Timeout: restLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// call is client.BaseClient for one call. That of the library knows no context,
// loses Retry-After, and tells a request that nobody took from one that was taken
// by no means.
type call struct {
	ctx    context.Context
	config Config
	over   *http.Client
	taken  bool      // the answer was one of success
	date   time.Time // by Twilio's clock, of a success
}

// SendRequest implements client.BaseClient.
func (c *call) SendRequest(method, to string, data url.Values, _ map[string]any, _ ...byte) (*http.Response, error) {
	if c.config.Server != "" {
		to = strings.Replace(to, "https://api.twilio.com", c.config.Server, 1)
	}
	var body io.Reader
	if method == http.MethodGet {
		to += "?" + data.Encode()
	} else {
		body = strings.NewReader(data.Encode())
	}
	// Whether Twilio can have heard of it: without a connection, no.
	var connected atomic.Bool
	ctx := httptrace.WithClientTrace(c.ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	request, err := http.NewRequestWithContext(ctx, method, to, body)
	if err != nil {
		return nil, &channels.Failure{Kind: channels.Refused, Err: err}
	}
	request.SetBasicAuth(c.config.AccountSID, c.config.AuthToken)
	request.Header.Set("User-Agent", "supportbot")
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := c.over.Do(request)
	if err != nil {
		kind := channels.Absent
		if connected.Load() {
			kind = channels.Unsure
		}
		if outer := (*url.Error)(nil); errors.As(err, &outer) {
			err = outer.Err // the outer one tells the URL, which may hold a number
		}
		return nil, &channels.Failure{Kind: kind, Err: fmt.Errorf("ask Twilio: %w", err)}
	}
	response.Body = limited{io.LimitReader(response.Body, maxAnswer), response.Body}
	if response.StatusCode/100 == 2 {
		c.taken = true
		c.date, _ = http.ParseTime(response.Header.Get("Date"))
		return response, nil
	}
	defer response.Body.Close()
	var problem struct {
		Code int `json:"code"`
	}
	_ = json.NewDecoder(response.Body).Decode(&problem) // a proxy in between answers in its own way
	return nil, failure(response.StatusCode, problem.Code, response.Header)
}

// limited reads no more than so much.
type limited struct {
	io.Reader
	io.Closer
}

// AccountSid implements client.BaseClient.
func (c *call) AccountSid() string { return c.config.AccountSID }

// SetTimeout implements client.BaseClient: the context has the limit.
func (c *call) SetTimeout(time.Duration) {}

// SetOauth implements client.BaseClient: the token of the account is used.
func (c *call) SetOauth(client.OAuth) {}

// OAuth implements client.BaseClient.
func (c *call) OAuth() client.OAuth { return nil }
