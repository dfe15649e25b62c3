package webchat

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

const (
	pingEvery   = 25 * time.Second
	readTimeout = 60 * time.Second // two pings may go unanswered
	queueLength = 64               // frames
)

// socket is a websocket with one writer, as gorilla demands, and a bounded
// queue before it. Its client may be slow for as long as a write takes less
// than writeTimeout; then it is dropped, and catches up when it comes back.
type socket struct {
	ws           *websocket.Conn
	queue        chan outgoing
	writeTimeout time.Duration
}

type outgoing struct {
	kind int // as gorilla numbers them: text, ping, close
	data []byte
}

func newSocket(ws *websocket.Conn, writeTimeout time.Duration) *socket {
	ws.SetReadLimit(maxFrame)
	ws.SetPongHandler(func(string) error { return ws.SetReadDeadline(time.Now().Add(readTimeout)) })
	return &socket{ws: ws, queue: make(chan outgoing, queueLength), writeTimeout: writeTimeout}
}

// read returns the next frame and whether it is text.
func (s *socket) read() (data []byte, text bool, err error) {
	if err := s.ws.SetReadDeadline(time.Now().Add(readTimeout)); err != nil {
		return nil, false, fmt.Errorf("webchat: read: %w", err)
	}
	kind, data, err := s.ws.ReadMessage()
	if err != nil {
		return nil, false, fmt.Errorf("webchat: read: %w", err)
	}
	return data, kind == websocket.TextMessage, nil
}

// send queues a frame. While the queue is full it waits, until ctx ends, as it
// does when the client is dropped.
func (s *socket) send(ctx context.Context, frame any) {
	data, err := json.Marshal(frame)
	if err != nil {
		panic(err) // our own types always encode
	}
	s.enqueue(ctx, outgoing{websocket.TextMessage, data})
}

// close ends the connection once all that was queued before is written.
func (s *socket) close(ctx context.Context, code int, reason string) {
	s.enqueue(ctx, outgoing{websocket.CloseMessage, websocket.FormatCloseMessage(code, reason)})
}

func (s *socket) enqueue(ctx context.Context, out outgoing) {
	select {
	case s.queue <- out:
	case <-ctx.Done():
	}
}

// write writes what is queued until a write fails, a close was written or ctx
// ends. It leaves the connection closed, which ends read as well.
func (s *socket) write(ctx context.Context) {
	defer s.ws.Close()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var out outgoing
		select {
		case out = <-s.queue:
		case <-ping.C:
			out.kind = websocket.PingMessage
		case <-ctx.Done():
			out = outgoing{websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, "")}
		}
		if s.ws.SetWriteDeadline(time.Now().Add(s.writeTimeout)) != nil {
			return
		}
		if s.ws.WriteMessage(out.kind, out.data) != nil || out.kind == websocket.CloseMessage {
			return
		}
	}
}
