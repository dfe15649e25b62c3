package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"supportbot/channels/twilio"
)

// telephone follows the TwiML of a server as Twilio does, with the keyboard in
// the place of keys and voice.
type telephone struct {
	server, token string
	sid, from, to string
	hear          func(event) error
	lines         <-chan string
	patient       bool   // a person types: a question waits as long as they like
	begin, end    string // the first webhook, and the one that is told of the end
	away          bool   // the server has called us
	exchange      *station
	until         string // only listen until these words are heard; "" is now
	since         time.Time
	moved         *webhook // where the server has sent the call meanwhile
}

// tag is an element of TwiML.
type tag struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []tag      `xml:",any"`
	Text    string     `xml:",chardata"`
	Inner   string     `xml:",innerxml"`
}

func (n tag) attr(name, otherwise string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return otherwise
}

func (n tag) seconds(name string, otherwise int) time.Duration {
	seconds, err := strconv.Atoi(n.attr(name, ""))
	if err != nil {
		seconds = otherwise
	}
	return time.Duration(seconds) * time.Second
}

// webhook is where the call goes next; no path ends it.
type webhook struct {
	path string
	form url.Values
}

// call goes from document to document until a side hangs up, and reports the end.
func (t *telephone) call(ctx context.Context) error {
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
	_ = t.exchange.tell(context.WithoutCancel(ctx), tells{Gone: true}) // which may have gone first
	_, err := t.post(context.WithoutCancel(ctx), webhook{t.end, url.Values{"CallStatus": {"completed"}}})
	if err != nil {
		return err
	}
	return t.hear(event{Ended: true})
}

// follow carries out the verbs of a document. One that ends ends the call.
func (t *telephone) follow(ctx context.Context, verbs []tag, here string) (webhook, error) {
	for _, v := range verbs {
		var err error
		switch v.XMLName.Local {
		case "Say":
			err = t.listenTo(v)
		case "Play":
			err = t.hear(event{Note: "plays " + strings.TrimSpace(v.Text)})
		case "Pause":
			if l, moved := t.pause(ctx, v.seconds("length", 1)); moved {
				return l, nil
			}
		case "Gather":
			next, answered, err := t.gather(ctx, v, here)
			if answered || err != nil {
				return next, err
			}
		case "Redirect":
			return webhook{path: resolve(here, strings.TrimSpace(v.Text))}, nil
		case "Enqueue":
			err = t.hear(event{Note: "waits in the queue " + strings.TrimSpace(v.Text)})
			if wait := v.attr("waitUrl", ""); err == nil && wait != "" {
				return webhook{path: resolve(here, wait)}, nil
			}
		case "Dial":
			return t.dial(ctx, v, here)
		case "Hangup", "Reject", "Leave":
			return webhook{}, nil
		default:
			err = t.hear(event{Note: "does not know " + v.XMLName.Local})
		}
		if err != nil {
			return webhook{}, err
		}
	}
	return webhook{}, nil
}

// gather says what is inside and takes an answer; answered is false if none came
// and silence goes on behind.
func (t *telephone) gather(ctx context.Context, v tag, here string) (next webhook, answered bool, err error) {
	for _, inner := range v.Nodes {
		if inner.XMLName.Local == "Say" {
			if err := t.listenTo(inner); err != nil {
				return webhook{}, false, err
			}
		}
	}
	asks := v.attr("actionOnEmptyResult", "false") == "true"
	line, ok, err := t.answer(ctx, v, asks)
	if t.moved != nil {
		next, t.moved = *t.moved, nil
		return next, true, nil
	}
	if err != nil || !ok {
		return webhook{}, true, err // hung up
	}
	form := url.Values{}
	limit, err := strconv.Atoi(v.attr("numDigits", ""))
	switch {
	case line == "" && !asks:
		return webhook{}, false, nil
	case line == "":
		form.Set("Digits", "")
	case strings.Trim(line, "0123456789*#") == "":
		if finish := v.attr("finishOnKey", "#"); finish != "" {
			line, _, _ = strings.Cut(line, finish)
		}
		if err == nil && len(line) > limit {
			line = line[:limit]
		}
		form.Set("Digits", line)
	default:
		form.Set("SpeechResult", line)
		form.Set("Confidence", "0.9")
	}
	return webhook{resolve(here, v.attr("action", here)), form}, true, nil
}

// untilLimit is how long words are waited for.
const untilLimit = time.Minute

// answer is a line of input, "" for silence; !ok hangs up.
func (t *telephone) answer(ctx context.Context, v tag, asks bool) (line string, ok bool, err error) {
	timeout := v.seconds("timeout", 5)
	if t.until != "" {
		if time.Since(t.since) > untilLimit {
			return "", false, fmt.Errorf("call: %q was not heard within %s", t.until, untilLimit)
		}
		if !asks {
			if next, moved := t.pause(ctx, min(timeout, time.Second)); moved {
				t.moved = &next
			}
			return "", true, ctx.Err()
		}
		return "", false, fmt.Errorf("call: %q was not heard before the next question", t.until)
	}
	if err := t.hear(event{Listen: true, Hints: v.attr("hints", "")}); err != nil {
		return "", false, err
	}
	var silence <-chan time.Time
	if !t.patient || !asks {
		silence = time.After(timeout)
	}
	select {
	case line, ok = <-t.lines:
	case <-silence:
		ok = true
	case l := <-t.exchange.mail():
		if next, moved := t.open(l); moved {
			t.moved = &next
		}
		ok = true
	case <-ctx.Done():
	}
	if words, waits := strings.CutPrefix(line, "until "); waits {
		t.until, t.since = words, time.Now()
		if asks {
			return "", false, fmt.Errorf("call: %q cannot be waited for: the bot waits for an answer", words)
		}
		line = ""
	}
	return line, ok && line != "hangup", nil
}

func (t *telephone) listenTo(say tag) error {
	text := plain(say)
	if t.until != "" && strings.Contains(text, t.until) {
		t.until = ""
	}
	return t.hear(event{Say: text, Language: say.attr("language", "en-US")})
}

// plain is the text of an element without the marks inside.
func plain(n tag) string {
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(n.Inner)); ; {
		token, err := d.Token()
		if err != nil {
			return strings.TrimSpace(text.String())
		}
		if words, ok := token.(xml.CharData); ok {
			text.Write(words)
		}
	}
}

// resolve is what a URL in a document means, which is at here.
func resolve(here, to string) string {
	base, err := url.Parse(here)
	if err != nil {
		return to
	}
	target, err := base.Parse(to)
	if err != nil {
		return to
	}
	return target.RequestURI()
}

func (t *telephone) fetch(ctx context.Context, h webhook) (tag, error) {
	body, err := t.post(ctx, h)
	if err != nil {
		return tag{}, err
	}
	var document tag
	if err := xml.Unmarshal(body, &document); err != nil || document.XMLName.Local != "Response" {
		return tag{}, fmt.Errorf("call: %s answers with what is no TwiML: %.200s", h.path, body)
	}
	return document, nil
}

// webhookLimit is how long Twilio waits for an answer.
const webhookLimit = 15 * time.Second

// post makes a signed request, as Twilio does.
func (t *telephone) post(ctx context.Context, h webhook) ([]byte, error) {
	form := url.Values{
		"CallSid": {t.sid}, "From": {t.from}, "To": {t.to}, "Direction": {t.direction()}, "CallStatus": {"in-progress"}, "ApiVersion": {"2010-04-01"},
	}
	for name, values := range h.form {
		form[name] = values
	}
	ctx, cancel := context.WithTimeout(ctx, webhookLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.server+h.path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(twilio.SignatureHeader, twilio.Sign(t.token, t.server+h.path, form))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("call: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("call: %s: %w", h.path, err)
	}
	switch res.StatusCode {
	case http.StatusOK, http.StatusNoContent:
		return body, nil
	case http.StatusForbidden:
		return nil, fmt.Errorf("call: the server refuses the signature; it may have been started again, or --url is not its --public-url")
	}
	return nil, fmt.Errorf("call: %s: %s: %.200s", h.path, res.Status, body)
}
