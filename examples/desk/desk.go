package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// desk does what there is to do, and keeps a list of what merchants said.
type desk struct {
	url, token string

	mu   sync.Mutex
	list map[string][]message // by case, in order
}

type kase struct {
	ID         string
	State      string
	Fence      int64
	Replied    string `json:"replied_at"` // when somebody first wrote to the merchant
	Transcript []message
}

type message struct {
	Seq  int64  `json:"seq"`
	From string `json:"from"`
	Text string `json:"text"`
}

// run looks at all cases once, for what happened while we were away. From then on it
// does what it is told. The heartbeat keeps our cases.
func (d *desk) run(events <-chan event) {
	d.again(event{Type: "case.ended"}) // as good a reason to look as any
	for {
		select {
		case e := <-events:
			d.again(e)
		case <-time.After(15 * time.Second):
			_ = d.call(http.MethodPost, "heartbeat", nil, nil) // the next one is soon
		}
	}
}

// again does what an event asks for until it is done, since we have said that we took
// it. Nothing is doubled by that: every act has a fence, and every message an id.
func (d *desk) again(e event) {
	for err := d.told(e); err != nil; err = d.told(e) {
		slog.Error("will try again", "error", err)
		time.Sleep(time.Second)
	}
}

func (d *desk) told(e event) error {
	slog.Info("told", "type", e.Type, "case", e.Data.Case.ID, "state", e.Data.Case.State)
	if e.Type != "case.ended" {
		d.show(e.Data.Case.ID, e.Data.Message)
		return d.tend(e.Data.Case.ID)
	}
	for _, state := range []string{"mine", "waiting"} { // now we may have another one
		var all struct{ Cases []kase }
		if err := d.call(http.MethodGet, "cases?state="+state, nil, &all); err != nil {
			return err
		}
		for _, c := range all.Cases {
			if err := d.tend(c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// tend looks at a case, makes it ours if it may be, and answers. A case that is
// somebody else's by now, or that we may not have beside others, is passed over.
func (d *desk) tend(id string) error {
	c := kase{ID: id}
	err := d.call(http.MethodGet, "cases/"+id, nil, &c)
	d.show(id, c.Transcript...)
	way, ours := map[string]string{"waiting": "/claim", "grace": "/resume", "active": ""}[c.State] // grace: we were not heard of
	if err == nil && way != "" {
		err = d.call(http.MethodPost, "cases/"+id+way, nil, &c)
	}
	if err == nil && ours {
		err = d.answer(c)
	}
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}

// answer answers what came after our last words. If there are none yet it greets,
// which answers all.
func (d *desk) answer(c kase) error {
	if c.Replied == "" {
		return d.say(c, "greeting", "您好，我来帮您。办好了请说“好了”。 Hello, I am here to help. Say “done” when all is well.")
	}
	open := c.Transcript
	for i, m := range c.Transcript {
		if m.From == "agent" {
			open = c.Transcript[i+1:]
		}
	}
	for _, m := range open {
		said := strings.ToLower(strings.TrimSpace(m.Text))
		var err error
		switch {
		case m.From != "user":
		case said == "done" || said == "好了":
			verdict := map[string]any{"fence": c.Fence, "outcome": "inconclusive", "note": "by the example desk", "code": "solved"}
			return d.call(http.MethodPost, "cases/"+c.ID+"/outcome", verdict, nil)
		default:
			err = d.say(c, fmt.Sprintf("re-%d", m.Seq), "收到，正在处理。 I have read that, and am on it.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// say writes to the merchant. By the key a repeat after a lost answer is not said twice.
func (d *desk) say(c kase, key, text string) error {
	return d.call(http.MethodPost, "cases/"+c.ID+"/messages", map[string]any{"fence": c.Fence, "id": c.ID + "-" + key, "text": text}, nil)
}

var client = http.Client{Timeout: 10 * time.Second}

// errTaken: the case is not ours under this fence; nothing was changed.
var errTaken = errors.New("the case is somebody else's")

// call calls supportbot's agent API.
func (d *desk) call(method, path string, body, into any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(context.Background(), method, d.url+"/console/api/"+path, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+d.token)
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusConflict, response.StatusCode == http.StatusNotFound:
		return errTaken
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	case into == nil:
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// show puts what the merchant said into the list, once and in its place.
func (d *desk) show(id string, said ...message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range said {
		i, there := slices.BinarySearchFunc(d.list[id], m.Seq, func(m message, seq int64) int { return cmp.Compare(m.Seq, seq) })
		if m.From == "user" && !there {
			d.list[id] = slices.Insert(d.list[id], i, m)
		}
	}
}

// ServeHTTP shows the list.
func (d *desk) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(d.list) // whoever has gone needs no answer
}
