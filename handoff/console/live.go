package console

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"supportbot/handoff"
)

const (
	hintGap   = 100 * time.Millisecond // at most ten hints a second
	pingEvery = 10 * time.Second       // each ping also renews the leases
	pongLost  = 30 * time.Second       // without a pong the page counts as gone

	// What ends an agent's sessions, on whatever node, ends an open socket within
	// a second.
	lookEvery = 800 * time.Millisecond
	lookLimit = 5 * time.Second // a database that does not answer ends the socket too; the page comes back
)

// The zero Upgrader refuses sockets that pages of other sites open.
var upgrader = websocket.Upgrader{}

// event is what a page hears: that something has changed, or only that the server
// is there. Seq counts the changes since the socket was opened, so that a page
// knows whether it has fetched all that it was told of.
type event struct {
	Type string `json:"type"` // changed or beat
	Seq  int64  `json:"seq"`
}

// live tells a page that something has changed, without saying what: the page
// fetches it. An open page also keeps its agent's leases, even in a tab in the
// background, where browsers slow down scripts but still answer pings.
func (c *Console) live(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer conn.Close()
	changed, stop := c.desk.WatchCases()
	defer stop()
	gone := listen(conn)
	var seq int64
	tell := func(kind string) error {
		_ = conn.SetWriteDeadline(time.Now().Add(pongLost))
		return conn.WriteJSON(event{kind, seq})
	}
	beat, look := time.NewTicker(c.ping), time.NewTicker(lookEvery)
	defer beat.Stop()
	defer look.Stop()

	for {
		select {
		case <-gone:
			return
		case <-beat.C:
			c.renew(r.Context(), agent.Name)
			if conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(hintGap)) != nil || tell("beat") != nil {
				return
			}
		case <-look.C:
			if !c.still(r, agent) {
				return
			}
		case _, open := <-changed:
			if !open {
				return
			}
			seq++
			if tell("changed") != nil {
				return
			}
			select { // what changes meanwhile is covered by the next hint
			case <-time.After(hintGap):
			case <-gone:
				return
			}
		}
	}
}

// still tells whether a request that was let in as agent would be now: nobody has
// logged out, revoked the token, or changed what ends the agent's sessions.
func (c *Console) still(r *http.Request, agent handoff.Agent) bool {
	ctx, cancel := context.WithTimeout(r.Context(), lookLimit)
	defer cancel()
	now, err := c.agent(r.WithContext(ctx))
	return err == nil && now.Stamp == agent.Stamp
}

// listen reads pongs and drops whatever else the page sends. The channel is
// closed when the page has gone.
func listen(conn *websocket.Conn) <-chan struct{} {
	gone := make(chan struct{})
	heard := func(string) error { return conn.SetReadDeadline(time.Now().Add(pongLost)) }
	conn.SetReadLimit(512)
	conn.SetPongHandler(heard)
	_ = heard("")
	go func() {
		defer close(gone)
		for {
			if _, _, err := conn.NextReader(); err != nil {
				return
			}
		}
	}()
	return gone
}
