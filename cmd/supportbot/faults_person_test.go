package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// dialogue is a conversation of the REST channel, as the person and a reader who
// follows it have seen it.
type dialogue struct {
	*world
	id    string
	mu    sync.Mutex
	steps [][]string        // ids; what stands in one step was said at the same time
	said  map[string]string // by id, the text
	heard map[string]string // by id, the first answer
	top   int64             // the highest number in an answer
	over  bool
	read  []entry
}

type entry struct {
	Seq  int64
	From string
	Text string
}

// talksOn has a person begin a conversation after the other. They say what
// clients say that lose their connection: everything again, until it is answered.
func (w *world) talksOn(ctx context.Context, name string) {
	var reading sync.WaitGroup
	defer reading.Wait()
	for n := 0; ctx.Err() == nil; n++ {
		d := &dialogue{world: w, id: fmt.Sprint(name, "-", n), said: map[string]string{}, heard: map[string]string{}}
		w.mu.Lock()
		w.talks = append(w.talks, d)
		w.mu.Unlock()
		reading.Go(d.follow)
		for range 8 {
			d.step()
			if !goesOn(ctx, 20*time.Millisecond+rand.N(150*time.Millisecond)) {
				break
			}
		}
		d.mu.Lock()
		d.over = true
		d.mu.Unlock()
	}
}

// step says something, in one of the ways that clients have.
func (d *dialogue) step() {
	switch die := rand.IntN(10); {
	case die < 6:
		d.say(d.next(1)...)
	case die < 7: // the same, twice at the same time
		id := d.next(1)[0]
		d.count("persons: repeats at the same time")
		d.say(id, id)
	case die < 8: // two at the same time
		d.count("persons: two messages at the same time")
		d.say(d.next(2)...)
	case die < 9: // something again, late
		d.say(d.next(1)...)
		d.count("persons: late repeats")
		ids := d.steps[rand.IntN(len(d.steps))]
		d.say(ids[0])
	default: // an id for something else
		id := d.next(1)[0]
		d.say(id)
		d.count("persons: ids used for something else")
		if status, _ := d.send(id, "something else"); status != http.StatusConflict {
			d.violated("answers", "%s: %s with another text is answered %d", d.id, id, status)
		}
	}
}

// next begins a step of n messages.
func (d *dialogue) next(n int) (ids []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range n {
		id := fmt.Sprint(d.id, "/", len(d.said))
		d.said[id] = fmt.Sprint("一天能刷多少 ", len(d.said))
		ids = append(ids, id)
	}
	d.steps = append(d.steps, ids)
	return ids
}

// say sends messages, all at the same time.
func (d *dialogue) say(ids ...string) {
	var sending sync.WaitGroup
	for _, id := range ids {
		d.mu.Lock()
		text := d.said[id]
		d.mu.Unlock()
		sending.Go(func() {
			if status, answer := d.send(id, text); status != http.StatusOK {
				d.violated("answers", "%s: %s is answered %d %s", d.id, id, status, answer)
			} else {
				d.answered(id, answer)
			}
		})
	}
	sending.Wait()
}

func (d *dialogue) answered(id, answer string) {
	var replies struct{ Replies []entry }
	if err := json.Unmarshal([]byte(answer), &replies); err != nil {
		d.violated("answers", "%s: %v in %s", d.id, err, answer)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	first, again := d.heard[id]
	if again && first != answer {
		d.violated("answers", "%s: %s is answered\n%s\nand then\n%s", d.id, id, first, answer)
	}
	d.heard[id] = answer
	for _, r := range replies.Replies {
		d.top = max(d.top, r.Seq)
	}
}

// patience is how long a person tries.
const patience = time.Minute

// send sends a message to any node until one answers.
func (d *dialogue) send(id, text string) (status int, answer string) {
	body, err := json.Marshal(map[string]string{"conversation": d.id, "id": id, "text": text})
	if err != nil {
		return 0, err.Error()
	}
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		status, answer = d.call(ctx, "POST", "/api/v1/messages", body)
		cancel()
		switch status {
		case http.StatusOK:
			d.count("persons: answers")
			return status, answer
		case 0, http.StatusServiceUnavailable, http.StatusTooManyRequests:
			d.count("persons: tries without an answer")
		default:
			return status, answer
		}
	}
	return status, answer
}

// call asks any node; the status is 0 if it does not answer.
func (d *dialogue) call(ctx context.Context, method, path string, body []byte) (status int, answer string) {
	request, err := http.NewRequestWithContext(ctx, method, d.url()+path, bytes.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	request.Header.Set("Authorization", "Bearer "+restKey)
	response, err := d.client.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(data)
}

// follow reads the conversation from any node while it goes on, as a client does
// that waits for news.
func (d *dialogue) follow() {
	for begun := time.Now(); ; {
		d.mu.Lock()
		over, wait := d.over, 1
		if over {
			wait = 0 // all is there
		}
		path := fmt.Sprintf("/api/v1/conversations/%s/messages?wait=%d&after=%d", d.id, wait, len(d.read))
		d.mu.Unlock()
		if !over {
			begun = time.Now()
		} else if time.Since(begun) > patience {
			d.violated("streams", "%s: after %d messages nothing comes any more, and there are %d", d.id, len(d.read), d.top)
			return
		}
		status, answer := d.call(context.Background(), "GET", path, nil)
		var page struct{ Messages []entry }
		if status != http.StatusOK || json.Unmarshal([]byte(answer), &page) != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		d.mu.Lock()
		for _, m := range page.Messages {
			if d.read = append(d.read, m); m.Seq != int64(len(d.read)) {
				d.violated("streams", "%s: message %d comes where %d is next", d.id, m.Seq, len(d.read))
			}
		}
		complete := int64(len(d.read)) >= d.top
		d.mu.Unlock()
		if over && complete {
			return
		}
	}
}
