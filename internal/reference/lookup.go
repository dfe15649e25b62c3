package reference

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
)

const (
	answerLimit = 5 * time.Second // an agent and a merchant wait
	maxAnswer   = 64 << 10        // bytes

	// After so many failures in a row the other side is left alone for a while.
	tripAfter = 3
	restFor   = 30 * time.Second
)

// Lookup asks another program, which compares: what is on file never leaves it. It is
// safe for concurrent use.
type Lookup struct {
	url    string
	secret channels.Secret
	client channels.Client

	mu     sync.Mutex
	failed int       // in a row
	until  time.Time // nobody is asked before
}

// NewLookup returns a look-up that posts to a URL, signed by a secret in the form of
// channels.ParseSecret.
func NewLookup(to, secret string) (*Lookup, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !channels.IsHere(u.Hostname())) {
		return nil, fmt.Errorf("--reference-url %q must be an https URL such as https://merchants.example.com/compare, without a password; http is only for this machine", to)
	}
	key, err := channels.ParseSecret(secret)
	if err != nil {
		return nil, fmt.Errorf("--reference-secret %w", err)
	}
	return &Lookup{url: to, secret: key, client: channels.NewClient(answerLimit, maxAnswer)}, nil
}

// question is what is posted.
type question struct {
	Merchant string `json:"merchant"`
	Field    string `json:"field"`
	Value    string `json:"value"` // as it was said
}

// errResting: the other side has failed too often just now.
var errResting = errors.New("reference: the other side has failed several times, and is left alone for half a minute")

// Compare implements console.Reference: 200 with {"match": true or false}, or 404 if
// nothing is on file.
func (l *Lookup) Compare(ctx context.Context, merchant, field, said string) (match bool, err error) {
	if !l.ready(time.Now()) {
		return false, errResting
	}
	match, err = l.ask(ctx, question{merchant, field, said})
	l.judge(err == nil || errors.Is(err, supportbot.ErrNotFound), time.Now())
	return match, err
}

func (l *Lookup) ask(ctx context.Context, q question) (match bool, err error) {
	payload, err := json.Marshal(q)
	if err != nil {
		return false, fmt.Errorf("reference: encode: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url, bytes.NewReader(payload))
	if err != nil {
		return false, fmt.Errorf("reference: %w", err)
	}
	l.secret.Sign(request.Header, "ref_"+rand.Text(), time.Now(), payload)
	response, err := l.client.Do(request)
	if err != nil {
		return false, fmt.Errorf("reference: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return false, fmt.Errorf("reference: read the answer: %w", err)
	}
	var answer struct {
		Match *bool `json:"match"`
	}
	switch {
	case response.StatusCode == http.StatusNotFound:
		return false, fmt.Errorf("reference: %w", supportbot.ErrNotFound)
	case response.StatusCode != http.StatusOK:
		return false, fmt.Errorf("reference: the other side answers %d", response.StatusCode)
	case json.Unmarshal(body, &answer) != nil || answer.Match == nil:
		return false, errors.New(`reference: the other side does not answer {"match": true} or false`)
	}
	return *answer.Match, nil
}

// ready tells whether the other side may be asked.
func (l *Lookup) ready(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !now.Before(l.until)
}

// judge notes whether the other side answered.
func (l *Lookup) judge(answered bool, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if answered {
		l.failed = 0
		return
	}
	if l.failed++; l.failed >= tripAfter {
		l.until = now.Add(restFor)
	}
}
