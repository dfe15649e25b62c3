package twilio

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
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
func (c Config) rest(ctx context.Context, over channels.Client) (*api.ApiService, *call) {
	one := &call{ctx: ctx, config: c, over: over}
	return api.NewApiServiceWithClient(one), one
}

func newClient() channels.Client { return channels.NewClient(restLimit, maxAnswer) }

// call is client.BaseClient for one call. That of the library knows no context,
// loses Retry-After, and tells a request that nobody took from one that was taken
// by no means.
type call struct {
	ctx    context.Context
	config Config
	over   channels.Client
	taken  bool      // the answer was one of success
	status int       // of an answer that was none of success
	code   int       // Twilio's error in it, 0 if it has none
	date   time.Time // by Twilio's clock, of a success
}

// SendRequest implements client.BaseClient.
func (c *call) SendRequest(method, to string, data url.Values, _ map[string]any, _ ...byte) (*http.Response, error) {
	to = strings.Replace(to, twilioServer, c.config.api(), 1)
	var body io.Reader
	if method == http.MethodGet {
		to += "?" + data.Encode()
	} else if method != http.MethodDelete {
		body = strings.NewReader(data.Encode())
	}
	request, err := http.NewRequestWithContext(c.ctx, method, to, body)
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
		return nil, fmt.Errorf("ask Twilio: %w", err)
	}
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
	c.status, c.code = response.StatusCode, problem.Code
	return nil, failure(response.StatusCode, problem.Code, response.Header)
}

// AccountSid implements client.BaseClient.
func (c *call) AccountSid() string { return c.config.AccountSID }

// SetTimeout implements client.BaseClient: the context has the limit.
func (c *call) SetTimeout(time.Duration) {}

// SetOauth implements client.BaseClient: the token of the account is used.
func (c *call) SetOauth(client.OAuth) {}

// OAuth implements client.BaseClient.
func (c *call) OAuth() client.OAuth { return nil }
