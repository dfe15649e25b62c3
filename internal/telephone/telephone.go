// Package telephone is a telephone for people without an account at Twilio: it
// follows the TwiML of a server, and a page has its pad.
package telephone

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Telephone follows the TwiML of a server as Twilio does, with somebody who types
// in the place of keys and voice.
type Telephone struct {
	Server   string // scheme and host
	Token    string // signs the webhooks
	From, To string // numbers, as Twilio tells them
	Hear     func(Event) error
	Answers  <-chan Answer // closed when the caller hangs up
	Patient  bool          // a person types: a question waits as long as they like
	Exchange string        // scheme and host of who puts callers through, "" for nobody

	sid        string
	begin, end string // the first webhook, and the one that is told of the end
	away       bool   // the server has called us
	station    *station
	until      string // only listen until these words are heard; "" is now
	since      time.Time
	moved      *webhook // where the server has sent the call meanwhile
}

// Answer is what the caller does when asked; the zero one is silence.
type Answer struct {
	Keys   string // 0 to 9, * and #
	Said   string
	Until  string // only listen until these words are heard, for a minute at most
	HangUp bool
}

// Event is what happens on the line.
type Event struct {
	Say      string `json:"say,omitempty"`
	Language string `json:"language,omitempty"` // of Say
	Listen   bool   `json:"listen,omitempty"`
	Hints    string `json:"hints,omitempty"` // of Listen
	Keys     int    `json:"keys,omitempty"`  // of Listen: how many there may be; 0 is any number, up to #
	Note     string `json:"note,omitempty"`
	Ended    bool   `json:"ended,omitempty"`
}

// Call goes from document to document until a side hangs up, and reports the end,
// also when ctx ends or something fails.
func (t *Telephone) Call(ctx context.Context) error {
	t.sid, t.begin, t.end = newSID(), "/channels/twilio/voice", "/channels/twilio/voice/status"
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t.station = t.connect(ctx)
	return t.run(ctx)
}

// newSID names a call as Twilio does.
func newSID() string { return newID("CA") }

func (t *Telephone) run(ctx context.Context) error {
	err := t.talk(ctx)
	_ = t.station.tell(context.WithoutCancel(ctx), tells{Gone: true}) // which may have gone first
	_, unheard := t.post(context.WithoutCancel(ctx), webhook{t.end, url.Values{"CallStatus": {"completed"}}})
	if err == nil {
		err = unheard
	}
	if err != nil {
		return err
	}
	return t.Hear(Event{Ended: true})
}

func (t *Telephone) talk(ctx context.Context) error {
	next := webhook{path: t.begin}
	for next.path != "" {
		document, err := t.fetch(ctx, next)
		if err != nil {
			return err
		}
		if next, err = t.follow(ctx, document.Nodes, next.path); err != nil {
			return err
		}
	}
	return nil
}

// follow carries out the verbs of a document. One that ends ends the call.
func (t *Telephone) follow(ctx context.Context, verbs []tag, here string) (webhook, error) {
	for _, v := range verbs {
		var err error
		switch v.XMLName.Local {
		case "Say":
			err = t.listenTo(v)
		case "Play":
			err = t.Hear(Event{Note: "plays " + strings.TrimSpace(v.Text)})
		case "Pause":
			if next, moved := t.pause(ctx, v.seconds("length", 1)); moved {
				return next, nil
			}
			err = ctx.Err()
		case "Gather":
			next, answered, err := t.gather(ctx, v, here)
			if answered || err != nil {
				return next, err
			}
		case "Redirect":
			return webhook{path: resolve(here, strings.TrimSpace(v.Text))}, nil
		case "Enqueue":
			err = t.Hear(Event{Note: "waits in the queue " + strings.TrimSpace(v.Text)})
			if wait := v.attr("waitUrl", ""); err == nil && wait != "" {
				return webhook{path: resolve(here, wait)}, nil
			}
		case "Dial":
			return t.dial(ctx, v)
		case "Hangup", "Reject", "Leave":
			return webhook{}, nil
		default:
			err = t.Hear(Event{Note: "does not know " + v.XMLName.Local})
		}
		if err != nil {
			return webhook{}, err
		}
	}
	return webhook{}, nil
}

// gather says what is inside and takes an answer; answered is false if none came
// and silence goes on behind.
func (t *Telephone) gather(ctx context.Context, v tag, here string) (next webhook, answered bool, err error) {
	for _, inner := range v.Nodes {
		if inner.XMLName.Local == "Say" {
			if err := t.listenTo(inner); err != nil {
				return webhook{}, false, err
			}
		}
	}
	asks := v.attr("actionOnEmptyResult", "false") == "true"
	a, err := t.answer(ctx, v, asks)
	if t.moved != nil {
		next, t.moved = *t.moved, nil
		return next, true, nil
	}
	if err != nil || a.HangUp {
		return webhook{}, true, err
	}
	form := url.Values{}
	switch {
	case a == Answer{} && !asks:
		return webhook{}, false, nil
	case a.Said != "":
		form.Set("SpeechResult", a.Said)
		form.Set("Confidence", "0.9")
	default:
		form.Set("Digits", pressed(v, a.Keys))
	}
	return webhook{resolve(here, v.attr("action", here)), form}, true, nil
}

// pressed is what a <Gather> takes of keys.
func pressed(v tag, keys string) string {
	if finish := v.attr("finishOnKey", "#"); finish != "" {
		keys, _, _ = strings.Cut(keys, finish)
	}
	return keys[:min(len(keys), v.number("numDigits", len(keys)))]
}

// untilLimit is how long words are waited for.
const untilLimit = time.Minute

// answer waits for what the caller does.
func (t *Telephone) answer(ctx context.Context, v tag, asks bool) (a Answer, err error) {
	timeout := v.seconds("timeout", 5)
	if t.until != "" {
		if time.Since(t.since) > untilLimit {
			return a, fmt.Errorf("call: %q was not heard within %s", t.until, untilLimit)
		}
		if !asks {
			if next, moved := t.pause(ctx, min(timeout, time.Second)); moved {
				t.moved = &next
			}
			return a, ctx.Err()
		}
		return a, fmt.Errorf("call: %q was not heard before the next question", t.until)
	}
	listen := Event{Listen: true, Hints: v.attr("hints", ""), Keys: v.number("numDigits", 0)}
	if err := t.Hear(listen); err != nil {
		return a, err
	}
	var silence <-chan time.Time
	if !t.Patient || !asks {
		silence = time.After(timeout)
	}
	there := true
	select {
	case a, there = <-t.Answers:
	case <-silence:
	case l := <-t.station.mail():
		if next, moved := t.open(l); moved {
			t.moved = &next
		}
	case <-ctx.Done():
		there = false
	}
	if a.Until != "" && asks {
		return a, fmt.Errorf("call: %q cannot be waited for: the bot waits for an answer", a.Until)
	}
	if a.Until != "" {
		t.until, t.since = a.Until, time.Now()
		a = Answer{}
	}
	a.HangUp = a.HangUp || !there
	return a, nil
}

func (t *Telephone) listenTo(say tag) error {
	text := plain(say)
	if t.until != "" && strings.Contains(text, t.until) {
		t.until = ""
	}
	return t.Hear(Event{Say: text, Language: say.attr("language", "en-US")})
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
