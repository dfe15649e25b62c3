// Command desk is a small desk of its own behind supportbot: it takes every case
// that waits, greets the merchant, answers what they write, and gives a verdict
// when they say that they are done. A company's own desk would show the case to its
// people instead; the calls are the same. See docs/desk.md.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	server := flag.String("url", "http://127.0.0.1:8080", "where supportbot is")
	flag.Parse()
	d := &desk{url: *server, token: os.Getenv("DESK_TOKEN"), client: &http.Client{Timeout: 10 * time.Second}, open: map[string]*talk{}}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for ctx.Err() == nil {
		if err := d.round(ctx); err != nil {
			slog.Error("this round failed, will try again", "error", err)
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}

// desk knows the cases that are its own.
type desk struct {
	url, token string
	client     *http.Client
	open       map[string]*talk
}

// talk is a case: under which fence it is ours, and what was read of it.
type talk struct {
	fence int64
	seen  int64
}

// kase is a case as the API shows it.
type kase struct {
	ID         string `json:"id"`
	State      string `json:"state"`
	Fence      int64  `json:"fence"`
	Goal       string `json:"goal"`
	Transcript []struct {
		Seq  int64  `json:"seq"`
		From string `json:"from"`
		Text string `json:"text"`
	} `json:"transcript"`
}

// round takes what waits and answers what was written. Any call of the API keeps
// our cases; who is not heard of for 45 seconds has a minute to come back for them.
func (d *desk) round(ctx context.Context) error {
	var waiting, mine struct{ Cases []kase }
	if err := d.call(ctx, http.MethodGet, "cases?state=waiting", nil, &waiting); err != nil {
		return err
	}
	for _, c := range waiting.Cases {
		if err := d.take(ctx, c); err != nil {
			return err
		}
	}
	if err := d.call(ctx, http.MethodGet, "cases?state=mine", nil, &mine); err != nil {
		return err
	}
	for _, c := range mine.Cases {
		if err := d.answer(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) take(ctx context.Context, c kase) error {
	var claimed struct{ Fence int64 }
	err := d.call(ctx, http.MethodPost, path(c.ID, "/claim"), map[string]any{}, &claimed)
	if errors.Is(err, errTaken) {
		return nil // somebody else was quicker, or we have as many as we may
	}
	if err != nil {
		return err
	}
	slog.Info("took a case", "case", c.ID)
	// The id makes that a repeat after a lost answer does not greet twice.
	return d.say(ctx, c.ID, claimed.Fence, "greeting", "您好，我来帮您。办好了请说“好了”。 Hello, I am here to help. Say “done” when all is well.")
}

func (d *desk) answer(ctx context.Context, c kase) error {
	if c.State == "grace" { // we were away; the next round sees the new fence
		return passOver(d.call(ctx, http.MethodPost, path(c.ID, "/resume"), map[string]any{}, nil))
	}
	t := d.open[c.ID]
	if t == nil || t.fence != c.Fence {
		t = &talk{fence: c.Fence}
		d.open[c.ID] = t
	}
	var shown kase
	if err := d.call(ctx, http.MethodGet, path(c.ID, fmt.Sprintf("?after=%d", t.seen)), nil, &shown); err != nil {
		return err
	}
	if t.seen == 0 { // what was said before we came, or answered before a restart
		for _, m := range shown.Transcript {
			if m.From == "agent" {
				t.seen = m.Seq
			}
		}
	}
	for _, m := range shown.Transcript {
		said := strings.ToLower(strings.TrimSpace(m.Text))
		switch {
		case m.Seq <= t.seen:
			continue
		case m.From != "user":
		case said == "done" || said == "好了":
			delete(d.open, c.ID)
			slog.Info("gives a verdict", "case", c.ID)
			return passOver(d.call(ctx, http.MethodPost, path(c.ID, "/outcome"), map[string]any{
				"fence": c.Fence, "outcome": "inconclusive", "note": "by the example desk", "code": "solved",
			}, nil))
		default:
			if err := d.say(ctx, c.ID, c.Fence, fmt.Sprintf("re-%d", m.Seq), "收到，正在处理。 I have read that, and am on it."); err != nil {
				return err
			}
		}
		t.seen = m.Seq
	}
	return nil
}

func (d *desk) say(ctx context.Context, id string, fence int64, key, text string) error {
	return passOver(d.call(ctx, http.MethodPost, path(id, "/messages"), map[string]any{"fence": fence, "id": id + "-" + key, "text": text}, nil))
}

// errTaken: the case is not ours under this fence; nothing was changed.
var errTaken = errors.New("the case is somebody else's")

// passOver forgets that a case was given on: the next round sees whose it is.
func passOver(err error) error {
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}

func path(id, rest string) string { return "cases/" + url.PathEscape(id) + rest }

func (d *desk) call(ctx context.Context, method, path string, body, into any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, d.url+"/console/api/"+path, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+d.token)
	response, err := d.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusConflict:
		return errTaken
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	case into == nil:
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}
