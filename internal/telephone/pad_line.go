package telephone

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

// line is the connection to the page that calls.
type line struct {
	ws      *websocket.Conn
	answers chan Answer
	pace    *rate.Limiter
}

// How long a page may keep silent, and how often it is asked whether it is there.
const (
	quietLimit = 60 * time.Second
	pingEvery  = 20 * time.Second
	writeLimit = 10 * time.Second
)

func newLine(ws *websocket.Conn) *line {
	ws.SetReadLimit(frameLimit)
	ws.SetPongHandler(func(string) error { return ws.SetReadDeadline(time.Now().Add(quietLimit)) })
	return &line{ws, make(chan Answer), rate.NewLimiter(answerRate, answerBurst)}
}

// fromPage is what a page sends: one of these.
type fromPage struct {
	Keys    string `json:"keys"`
	Say     string `json:"say"`
	Silence bool   `json:"silence"`
	HangUp  bool   `json:"hangup"`
}

// answer is what a caller did; !ok for what no page sends.
func (f fromPage) answer() (a Answer, ok bool) {
	f.Say = strings.TrimSpace(f.Say)
	switch {
	case len(f.Keys) > keysLimit, strings.Trim(f.Keys, "0123456789*#") != "",
		len(f.Say) > sayLimit, !utf8.ValidString(f.Say), f.Keys != "" && f.Say != "":
		return a, false
	}
	return Answer{Keys: f.Keys, Said: f.Say, HangUp: f.HangUp}, f.HangUp || f.Silence || f.Keys+f.Say != ""
}

// listen takes what the page sends until it goes, or sends what no page does. More
// than a person can press waits its turn.
func (l *line) listen(ctx context.Context) {
	for l.pace.Wait(ctx) == nil && l.ws.SetReadDeadline(time.Now().Add(quietLimit)) == nil {
		var f fromPage
		if l.ws.ReadJSON(&f) != nil {
			return
		}
		a, ok := f.answer()
		if !ok {
			return
		}
		select {
		case l.answers <- a:
		case <-ctx.Done():
			return
		}
	}
}

// ping asks the browser whether it is there, which answers by itself.
func (l *line) ping(ctx context.Context) {
	for sleep(ctx, pingEvery) == nil {
		if l.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeLimit)) != nil {
			return // listen hears of it
		}
	}
}

// hear tells the page what happens.
func (l *line) hear(e Event) error {
	if err := l.ws.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return fmt.Errorf("telephone: %w", err)
	}
	if err := l.ws.WriteJSON(e); err != nil {
		return fmt.Errorf("telephone: %w", err)
	}
	return nil
}

// close says good-bye to the page.
func (l *line) close() {
	_ = l.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeLimit))
}
