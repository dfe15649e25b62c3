package main

import (
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// serveSockets is the least that gorilla/websocket can be: /echo sends back what
// comes, /room does too and gets what is posted to /say.
func serveSockets(ctx context.Context, addr string) error {
	var b broadcast
	mux := http.NewServeMux()
	mux.HandleFunc("GET /echo", echo)
	mux.HandleFunc("GET /room", b.room)
	mux.HandleFunc("POST /say", b.say)
	return listen(ctx, addr, mux)
}

var upgrader websocket.Upgrader

func echo(w http.ResponseWriter, r *http.Request) {
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer ws.Close()
	for {
		kind, data, err := ws.ReadMessage()
		if err != nil || ws.WriteMessage(kind, data) != nil {
			return
		}
	}
}

// broadcast is the connections of a room, each with what is to be written to it.
type broadcast struct {
	mu      sync.Mutex
	members []chan []byte
}

func (b *broadcast) room(w http.ResponseWriter, r *http.Request) {
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer ws.Close()
	queue := make(chan []byte, 64)
	b.mu.Lock()
	b.members = append(b.members, queue)
	b.mu.Unlock()
	go func() {
		defer ws.Close()
		for {
			select {
			case data := <-queue:
				if ws.WriteMessage(websocket.TextMessage, data) != nil {
					return
				}
			case <-r.Context().Done():
				return
			}
		}
	}()
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			return
		}
		queue <- data
	}
}

func (b *broadcast) say(_ http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return // the writer has gone
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, queue := range b.members {
		queue <- data
	}
}
