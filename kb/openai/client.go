// Package openai asks a language model behind any endpoint that speaks OpenAI's
// chat API: OpenAI, DeepSeek, Qwen, vLLM, Ollama, llama.cpp. A deployment works
// without one, and whatever a model says is checked before it counts: it may break
// a tie between topics, read an answer to the open question, pick sentences of the
// guide, and write for agents. It gets masked words only, has no tools and no
// credentials, and every failure of it reads as if there were no model.
package openai

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	api "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"supportbot"
	"supportbot/internal/telemetry"
)

// Options is what a deployment decides.
type Options struct {
	URL   string // of the API, such as https://api.openai.com/v1
	Key   string // "" where the endpoint asks for none
	Model string // as the endpoint calls it
	Limits
	Ledger Ledger // where it is counted what is spent; nil: nowhere

	ChatWait  time.Duration // how long a person waits for the model in a chat, all its answers together; 0: 6 s
	VoiceWait time.Duration // and on the phone; 0: 1.2 s
}

// longestWait is how long anybody may be made to wait: a turn must end soon after.
const longestWait = 10 * time.Second

// Check refuses options that could not work.
func (o Options) Check() error {
	if err := CheckURL("--openai-url", "SUPPORTBOT_OPENAI_KEY", o.URL); err != nil {
		return err
	}
	switch {
	case o.Model == "":
		return errors.New("--openai-model is missing; name a model that the endpoint serves")
	case o.ChatWait < 0 || o.VoiceWait < 0 || o.ChatWait > longestWait || o.VoiceWait > longestWait:
		return fmt.Errorf("--openai-chat-wait and --openai-voice-wait must be between 0s and %s", longestWait)
	case o.Money > 0 && o.PriceIn+o.PriceOut == 0:
		return errors.New("--openai-daily-cost needs prices; set --openai-price-in and --openai-price-out")
	}
	return nil
}

// CheckURL refuses a base URL that could not work; flag gives it, and key is where
// its key belongs.
func CheckURL(flag, key, base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("%s %q must be a URL, such as https://api.openai.com/v1", flag, base)
	case u.User != nil || u.RawQuery != "":
		return fmt.Errorf("%s must hold neither a password nor a query; the key goes into %s", flag, key)
	}
	return nil
}

// Client asks a model within limits of time, tokens and money. It is safe for
// concurrent use.
type Client struct {
	api     *api.Client
	model   string
	level   atomic.Int32 // of features, see ladder
	known   atomic.Bool  // an answer has come at that level
	breaker *gobreaker.CircuitBreaker[answer]
	budget  budget
	said    *lru.Cache[key, string]
	free    chan struct{} // a place for each call under way
	chat    time.Duration // how long a person waits
	voice   time.Duration
	log     *slog.Logger
}

const (
	// maxCalls is how many calls may be under way at once: a model that is slow
	// holds up no more conversations than these.
	maxCalls = 16
	// maxSaid is how many answers are remembered, of some hundred bytes each.
	maxSaid = 2048
	// maxBody is how many bytes are read of an answer.
	maxBody = 1 << 20
	// trips is how many failures in a row switch the model off for rest.
	trips = 5
	rest  = 30 * time.Second
)

// New makes a client. It sends nothing.
func New(o Options, log *slog.Logger) *Client {
	config := api.DefaultConfig(o.Key)
	config.BaseURL = strings.TrimRight(o.URL, "/")
	config.HTTPClient = &http.Client{Transport: retry{http.DefaultTransport, maxBody}} // every call has a context that ends
	config.EmptyMessagesLimit = 1000                                                   // lines that keep a slow stream open
	if o.Ledger == nil {
		o.Ledger = uncounted{}
	}
	said, _ := lru.New[key, string](maxSaid) // it fails only without a limit
	return &Client{
		api: api.NewClientWithConfig(config), model: o.Model, budget: budget{o.Limits, o.Ledger}, said: said,
		free: make(chan struct{}, maxCalls), log: log,
		chat: cmp.Or(o.ChatWait, chatWait), voice: cmp.Or(o.VoiceWait, voiceWait),
		breaker: newBreaker[answer]("the language model", log),
	}
}

// newBreaker leaves an endpoint alone that fails again and again.
func newBreaker[T any](what string, log *slog.Logger) *gobreaker.CircuitBreaker[T] {
	return gobreaker.NewCircuitBreaker[T](gobreaker.Settings{
		Timeout:     rest,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= trips },
		IsExcluded:  func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			log.Warn("a model is left alone, or asked again", "which", what, "breaker", to.String())
		},
	})
}

// errFull: as many calls are under way as may be.
var errFull = errors.New("openai: too many calls are under way")

// ask returns what the model says to a prompt, once it is valid, from memory if it
// was said before. The budget of the conversation at from pays. ctx must end.
func (c *Client) ask(ctx context.Context, from supportbot.Address, p prompt, valid func(said string) error) (string, error) {
	began := time.Now()
	said, used, err := c.pay(ctx, from, p, valid)
	telemetry.Model(p.use, outcomeOf(err), used.in, used.out, time.Since(began))
	if err != nil {
		c.log.LogAttrs(ctx, slog.LevelInfo, "the language model does not help", slog.String("use", p.use),
			slog.Duration("took", time.Since(began)), slog.String("why", outcomeOf(err)))
		return "", fmt.Errorf("openai: %s: %w", p.use, err)
	}
	return said, nil
}

func (c *Client) pay(ctx context.Context, from supportbot.Address, p prompt, valid func(said string) error) (string, usage, error) {
	id := p.key(c.model)
	if said, ok := c.said.Get(id); ok {
		return said, usage{}, nil
	}
	select {
	case c.free <- struct{}{}:
		defer func() { <-c.free }()
	default:
		return "", usage{}, errFull
	}
	settle, err := c.budget.reserve(ctx, from, p.most())
	if err != nil {
		return "", usage{}, err
	}
	a, err := c.breaker.Execute(func() (answer, error) {
		a, err := c.climb(ctx, p)
		if err == nil {
			err = valid(a.said)
		}
		return a, err
	})
	if err := settle(a.used); err != nil { // it stays counted whole
		c.log.LogAttrs(ctx, slog.LevelWarn, "what the language model did not use is not counted back", slog.Any("error", err))
	}
	if err != nil {
		return "", a.used, err
	}
	c.said.Add(id, a.said)
	return a.said, a.used, nil
}

// outcomeOf names what came of a call, for metrics: a bounded set of words.
func outcomeOf(err error) string {
	var status *api.APIError
	var request *api.RequestError
	switch {
	case err == nil:
		return "answered"
	case errors.Is(err, errSpent):
		return "budget"
	case errors.Is(err, errFull):
		return "full"
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return "breaker"
	case errors.Is(err, errChanged):
		return "changed"
	case errors.Is(err, errMalformed):
		return "malformed"
	case errors.Is(err, errCut):
		return "cut"
	case errors.Is(err, context.DeadlineExceeded):
		return "slow"
	case errors.As(err, &status) && status.HTTPStatusCode == http.StatusTooManyRequests, errors.As(err, &request) && request.HTTPStatusCode == http.StatusTooManyRequests:
		return "limited"
	default:
		return "failed"
	}
}
