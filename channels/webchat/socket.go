package webchat

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	readTimeout = 60 * time.Second // two signs of life may go unanswered
	queueLength = 64               // frames
)

// socket is a websocket with a bounded queue before it. Whoever sends never
// waits: a client that is slow for longer than writeTimeout, or that has the
// queue full, is dropped, and catches up when it comes back. What is queued is
// written by a goroutine that lives only as long as there is something: most
// connections are idle most of the time.
type socket struct {
	ws           *websocket.Conn
	writeTimeout time.Duration

	mu     sync.Mutex
	queue  []outgoing
	writer chan struct{} // closed when it ends; nil while nobody writes
	ended  bool          // nothing more is taken
}

// outgoing is a frame: data for one client, or shared for many.
type outgoing struct {
	kind   int // as gorilla numbers them: text, ping, close
	data   []byte
	shared *websocket.PreparedMessage
}

func newSocket(ws *websocket.Conn, writeTimeout time.Duration) *socket {
	ws.SetReadLimit(maxFrame)
	ws.SetPongHandler(func(string) error { return ws.SetReadDeadline(time.Now().Add(readTimeout)) })
	return &socket{ws: ws, writeTimeout: writeTimeout}
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

// send queues a frame.
func (s *socket) send(frame any) {
	s.enqueue(outgoing{kind: websocket.TextMessage, data: encode(frame)})
}

// close ends the connection once all that was queued before is written.
func (s *socket) close(code int, reason string) {
	s.enqueue(outgoing{kind: websocket.CloseMessage, data: websocket.FormatCloseMessage(code, reason)})
}

func encode(frame any) []byte {
	data, err := json.Marshal(frame)
	if err != nil {
		panic(err) // our own types always encode
	}
	return data
}

func (s *socket) enqueue(out outgoing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	if len(s.queue) == queueLength {
		s.end()
		return
	}
	s.queue = append(s.queue, out)
	if s.writer == nil {
		s.writer = make(chan struct{})
		go s.write(s.writer)
	}
}

// end drops the connection, which ends read and write as well. mu is held.
func (s *socket) end() {
	s.ended, s.queue = true, nil
	_ = s.ws.Close() // whatever it says, nothing can be done
}

// write writes what is queued until nothing is left, a write fails or a close
// was written.
func (s *socket) write(done chan<- struct{}) {
	defer close(done)
	for batch := s.take(); len(batch) > 0; batch = s.take() {
		for _, out := range batch {
			if !s.put(out) || out.kind == websocket.CloseMessage {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.end()
				return
			}
		}
	}
}

// take empties the queue. If it was empty, the writer is done.
func (s *socket) take() []outgoing {
	s.mu.Lock()
	defer s.mu.Unlock()
	batch := s.queue
	s.queue = nil
	if len(batch) == 0 {
		s.writer = nil
	}
	return batch
}

// put writes one frame and tells whether that went well.
func (s *socket) put(out outgoing) bool {
	if s.ws.SetWriteDeadline(time.Now().Add(s.writeTimeout)) != nil {
		return false
	}
	if out.shared != nil {
		return s.ws.WritePreparedMessage(out.shared) == nil
	}
	return s.ws.WriteMessage(out.kind, out.data) == nil
}

// flush waits until all that was queued is written, or the connection dropped.
func (s *socket) flush() {
	s.mu.Lock()
	writer := s.writer
	s.mu.Unlock()
	if writer != nil {
		<-writer
	}
}
