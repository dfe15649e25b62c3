package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// messageSize is that of what an agent writes, in bytes.
const messageSize = 200

// fanOut has an agent write into a conversation that is open in many tabs. The
// next message is written when all tabs have the last one.
func (b *bench) fanOut(ctx context.Context, bare, server *process, token string) error {
	tabs := pick(b, 1000, 100)
	rounds, window := pick(b, 3, 1), pick(b, 3*time.Second, time.Second)
	fmt.Printf("\nOne conversation in %d tabs: an agent writes %d bytes, and all tabs get it, before the agent writes again. The bare server sends what it is given to all connections.\n\n", tabs, messageSize)

	ctx, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()

	echo := room{tabs: tabs, took: make(chan time.Duration, tabs), path: "/say"}
	if err := echo.enter(ctx, &reading, bare.addr, "/room", ""); err != nil {
		return err
	}
	first, err := openTab(ctx, server.addr, "/chat/ws", 0, "")
	if err != nil {
		return err
	}
	defer first.ws.Close()
	if err := first.ws.WriteJSON(map[string]string{"type": "message", "id": "agent", "text": "转人工"}); err != nil {
		return err
	}
	if err := first.until("done"); err != nil {
		return err
	}
	chat := room{tabs: tabs, took: make(chan time.Duration, tabs), key: token}
	if chat.path, chat.fence, err = claim(ctx, server.addr, token); err != nil {
		return err
	}
	if err := chat.enter(ctx, &reading, server.addr, "/chat/ws", first.token); err != nil {
		return err
	}
	samples, err := b.contest(ctx, rounds, window,
		side{"gorilla broadcast", bare.pids, echo.write},
		side{"supportbot", server.pids, chat.write})
	if err != nil {
		return err
	}
	header(append([]string{"server", "deliveries/s", "of the bare one"}, sampleColumns...)...)
	sampleLine("gorilla broadcast", samples[0], 0)
	sampleLine("supportbot", samples[1], ratio(samples[1], samples[0]))
	return nil
}

// room is a conversation in many tabs, and who writes into it.
type room struct {
	tabs      int
	took      chan time.Duration
	agent     *client
	path, key string
	fence     int64
	written   int
}

// enter opens the tabs, with the token of their conversation.
func (r *room) enter(ctx context.Context, reading *sync.WaitGroup, addr, path, token string) (err error) {
	if r.agent, err = dial(ctx, addr); err != nil {
		return err
	}
	for i := range r.tabs {
		t, err := openTab(ctx, addr, path, i, token)
		if err != nil {
			return err
		}
		reading.Go(func() { t.read(ctx, r.took) })
	}
	return nil
}

// write is the run of a side: its turns are deliveries.
func (r *room) write(ctx context.Context, warm, window time.Duration) (h heard) {
	from := time.Now().Add(warm)
	until := from.Add(window)
	for time.Now().Before(until) {
		took, err := r.one(ctx)
		if err != nil {
			h.err = err
			return h
		}
		if time.Now().After(from) {
			h.took = append(h.took, took...)
		}
	}
	return h
}

// one writes a message and waits until all tabs have it.
func (r *room) one(ctx context.Context) ([]time.Duration, error) {
	r.written++
	text := fmt.Sprintf("%s%d ", stamp, time.Now().UnixNano())
	text += strings.Repeat("x", messageSize-len(text))
	body, err := json.Marshal(map[string]any{"fence": r.fence, "id": fmt.Sprint("w", r.written), "text": text})
	if err != nil {
		return nil, err
	}
	status, answer, err := r.agent.request(http.MethodPost, r.path, r.key, body)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("POST %s: status %d: %s", r.path, status, answer)
	}
	all := make([]time.Duration, 0, r.tabs)
	limit := time.After(requestLimit)
	for len(all) < r.tabs {
		select {
		case took := <-r.took:
			all = append(all, took)
		case <-limit:
			return nil, fmt.Errorf("only %d of %d tabs got a message within %s", len(all), r.tabs, requestLimit)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return all, nil
}

// agentToken adds an agent to the data in a folder and returns a token.
func (b *bench) agentToken(ctx context.Context, data string) (string, error) {
	var last string
	for _, what := range []string{"add", "token"} {
		out, err := exec.CommandContext(ctx, b.program, "agent", what, "bench", "--data", filepath.Join(b.dir, data)).Output()
		if err != nil {
			return "", fmt.Errorf("supportbot agent %s: %w", what, err)
		}
		lines := strings.Fields(string(out))
		last = lines[len(lines)-1]
	}
	return last, nil
}

// claim takes the only case that waits; it returns where messages go and the
// fence that they carry.
func claim(ctx context.Context, addr, token string) (path string, fence int64, err error) {
	c, err := dial(ctx, addr)
	if err != nil {
		return "", 0, err
	}
	defer c.close()
	var waiting struct {
		Cases []struct {
			ID string `json:"id"`
		} `json:"cases"`
	}
	_, body, err := c.request(http.MethodGet, "/console/api/cases?state=waiting", token, nil)
	if err == nil {
		err = json.Unmarshal(body, &waiting)
	}
	if err == nil && len(waiting.Cases) == 0 {
		err = errors.New("no case waits for an agent")
	}
	if err != nil {
		return "", 0, err
	}
	path = "/console/api/cases/" + waiting.Cases[0].ID
	var claimed struct {
		Fence int64 `json:"fence"`
	}
	if _, body, err = c.request(http.MethodPost, path+"/claim", token, nil); err == nil {
		err = json.Unmarshal(body, &claimed)
	}
	return path + "/messages", claimed.Fence, err
}
