// Package hook calls other programs of the operator's, on behalf of an agent who has
// verified somebody. What they do, such as a reset, the bot never does itself.
package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"time"

	"supportbot/channels"
	"supportbot/handoff/console"
	"supportbot/internal/authoring"
)

const (
	tryLimit  = 4 * time.Second
	tries     = 3
	pause     = 500 * time.Millisecond // before the second try, twice that before the third
	maxAnswer = 64 << 10               // bytes
)

// Hooks are what a file of the operator's describes. They are safe for concurrent use.
type Hooks struct {
	all    []entry
	client channels.Client
}

type entry struct {
	Name   string `yaml:"name"`
	Label  label  `yaml:"label"`
	URL    string `yaml:"url"`
	Secret string `yaml:"secret"`

	Reasons []string `yaml:"reasons"` // none: all

	key channels.Secret
}

type label struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// Open reads a file. The error says which hook is at fault; no secret is in it.
func Open(path string) (*Hooks, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("hook: %w", err)
	}
	var file struct {
		Hooks []entry `yaml:"hooks"`
	}
	faults, _ := authoring.Decode(string(data), &file)
	for _, f := range faults {
		err = errors.Join(err, fmt.Errorf("%s:%d: %s", path, f.Line, f.Text))
	}
	if err != nil {
		return nil, err
	}
	for i := range file.Hooks {
		if problem := file.Hooks[i].check(file.Hooks[:i]); problem != nil {
			err = errors.Join(err, fmt.Errorf("%s: hook %d, %q: %w", path, i+1, file.Hooks[i].Name, problem))
		}
	}
	return &Hooks{file.Hooks, channels.NewClient(tryLimit, maxAnswer)}, err
}

func (e *entry) check(before []entry) (err error) {
	u, wrong := url.Parse(e.URL)
	switch {
	case !namePattern.MatchString(e.Name):
		return errors.New("name must be small letters, digits and -")
	case slices.ContainsFunc(before, func(b entry) bool { return b.Name == e.Name }):
		return errors.New("there are two of this name; keep one")
	case e.Label.Zh == "" || e.Label.En == "":
		return errors.New("label needs zh and en")
	case wrong != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("url must be such as https://core.example.com/reset, without a password")
	}
	if e.key, err = channels.ParseSecret(e.Secret); err != nil {
		return fmt.Errorf("secret %w", err)
	}
	return nil
}

// For implements console.Hooks.
func (h *Hooks) For(reason string) (all []console.Hook) {
	for _, e := range h.all {
		if len(e.Reasons) == 0 || slices.Contains(e.Reasons, reason) {
			all = append(all, console.Hook{Name: e.Name, Zh: e.Label.Zh, En: e.Label.En})
		}
	}
	return all
}

// Call implements console.Hooks. It tries again what may go better: the other side
// tells a repeat by the key.
func (h *Hooks) Call(ctx context.Context, name, key string, what console.HookCall) error {
	i := slices.IndexFunc(h.all, func(e entry) bool { return e.Name == name })
	if i < 0 {
		return fmt.Errorf("hook: there is no %q", name)
	}
	payload, err := json.Marshal(map[string]any{"type": "case." + name, "timestamp": time.Now().UTC(), "data": what})
	if err != nil {
		return fmt.Errorf("hook: encode: %w", err)
	}
	for try := range tries {
		if try > 0 {
			select {
			case <-ctx.Done():
				return err
			case <-time.After(time.Duration(try) * pause):
			}
		}
		if err = h.post(ctx, h.all[i], key, payload); err == nil || kindOf(err) == channels.Refused {
			break
		}
	}
	return err
}

func (h *Hooks) post(ctx context.Context, e entry, key string, payload []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(payload))
	if err != nil {
		return &channels.Failure{Kind: channels.Refused, Err: err}
	}
	e.key.Sign(request.Header, key, time.Now(), payload)
	response, err := h.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // leaves the connection to the next call
	switch {
	case response.StatusCode/100 == 2:
		return nil
	case response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable:
		return &channels.Failure{Kind: channels.Absent, Err: fmt.Errorf("the other side answers %d", response.StatusCode)}
	case response.StatusCode >= 500:
		return &channels.Failure{Kind: channels.Unsure, Err: fmt.Errorf("the other side answers %d", response.StatusCode)}
	}
	return &channels.Failure{Kind: channels.Refused, Err: fmt.Errorf("the other side answers %d", response.StatusCode)}
}

func kindOf(err error) channels.FailureKind {
	if failure := (*channels.Failure)(nil); errors.As(err, &failure) {
		return failure.Kind
	}
	return channels.Unsure
}
