package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// hello opens the conversation of the tab, or a new one, and returns when its
// first messages are there. A server that echoes sends it back.
func (t *tab) hello() error {
	hello := map[string]any{"type": "hello", "token": t.token, "after": 0, "language": "zh"}
	if err := t.ws.WriteJSON(hello); err != nil {
		return err
	}
	return t.until("messages", "hello")
}

// until reads frames up to the first of one of the types.
func (t *tab) until(types ...string) error {
	if err := t.ws.SetReadDeadline(time.Now().Add(requestLimit)); err != nil {
		return err
	}
	for {
		_, data, err := t.ws.ReadMessage()
		if err != nil {
			return err
		}
		var frame struct{ Type, Token string }
		if err := json.Unmarshal(data, &frame); err != nil {
			return err
		}
		if frame.Token != "" {
			t.token = frame.Token
		}
		for _, one := range types {
			if frame.Type == one {
				return t.ws.SetReadDeadline(time.Time{})
			}
		}
	}
}

// stamp stands in the text of a message before the time at which it was written.
var stamp = []byte("written-at-")

// read reads until ctx ends, and hands on how long each stamped message took.
func (t *tab) read(ctx context.Context, took chan<- time.Duration) {
	stop := context.AfterFunc(ctx, func() { t.ws.Close() })
	defer stop()
	defer t.ws.Close()
	for {
		kind, data, err := t.ws.ReadMessage()
		if err != nil {
			return
		}
		if took == nil || kind != websocket.TextMessage {
			continue
		}
		for {
			_, rest, found := bytes.Cut(data, stamp)
			if !found {
				break
			}
			data = rest
			if at, err := strconv.ParseInt(string(rest[:stampDigits]), 10, 64); err == nil {
				took <- time.Since(time.Unix(0, at))
			}
		}
	}
}

// stampDigits is the length of a time in nanoseconds since 1970.
const stampDigits = 19
