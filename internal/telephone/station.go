package telephone

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// station is a telephone's wire to the exchange of `supportbot call --agent`, which
// runs in another process. A nil station leads nowhere.
type station struct {
	url, token, sid string
	letters         chan dispatch
}

// dispatch is what a telephone hears of the exchange.
type dispatch struct {
	Redirect string `json:"redirect,omitempty"` // the server has sent the call here
	Words    string `json:"words,omitempty"`    // of others in the conference
	Held     string `json:"held,omitempty"`     // what is played while on hold
	End      bool   `json:"end,omitempty"`      // the call is ended
	Rings    *rung  `json:"rings,omitempty"`    // of a telephone that waits to be called
}

// rung is a call to a telephone that waits for one.
type rung struct {
	SID      string `json:"sid"`
	From     string `json:"from"`
	URL      string `json:"url"`
	Callback string `json:"callback"`
}

// tells is what a telephone tells the exchange.
type tells struct {
	SID   string `json:"sid"`
	From  string `json:"from,omitempty"`
	Words string `json:"words,omitempty"`
	Room  *room  `json:"room,omitempty"` // joins; no name leaves
	Gone  bool   `json:"gone,omitempty"`
	Waits string `json:"waits,omitempty"` // to be called at this number
	Takes bool   `json:"takes,omitempty"` // the call that rings
}

// room is a <Conference> as it stands in TwiML.
type room struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Callback string `json:"callback"`
}

// connect lets the exchange know of the call; nil if there is none.
func (t *Telephone) connect(ctx context.Context) *station {
	if t.Exchange == "" {
		return nil
	}
	s := &station{strings.TrimSuffix(t.Exchange, "/") + "/phones", t.Token, t.sid, make(chan dispatch, 16)}
	if s.tell(ctx, tells{From: t.From}) != nil {
		return nil
	}
	go s.listen(ctx)
	return s
}

func (s *station) mail() <-chan dispatch {
	if s == nil {
		return nil
	}
	return s.letters
}

func (s *station) tell(ctx context.Context, what tells) error {
	if s == nil {
		return nil
	}
	what.SID = s.sid
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	return s.ask(ctx, http.MethodPost, s.url, body, nil)
}

// listen brings letters until the context ends.
func (s *station) listen(ctx context.Context) {
	for ctx.Err() == nil {
		var some []dispatch
		if s.ask(ctx, http.MethodGet, s.url+"?sid="+url.QueryEscape(s.sid), nil, &some) != nil {
			return
		}
		for _, l := range some {
			s.letters <- l
		}
	}
}

func (s *station) ask(ctx context.Context, method, to string, body []byte, into any) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.SetBasicAuth("", s.token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("call: the exchange answers %s", res.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(into)
}

// dial is a talk in a conference, until a side leaves or the server sends the call
// elsewhere.
func (t *Telephone) dial(ctx context.Context, v tag) (webhook, error) {
	if len(v.Nodes) != 1 || v.Nodes[0].XMLName.Local != "Conference" || t.station == nil {
		return webhook{}, t.Hear(Event{Note: "is put through, which this telephone cannot be without supportbot call --agent"})
	}
	c := v.Nodes[0]
	in := room{Name: plain(c), Label: c.attr("participantLabel", ""), Callback: c.attr("statusCallback", "")}
	if err := t.station.tell(ctx, tells{Room: &in}); err != nil {
		return webhook{}, err
	}
	if err := t.Hear(Event{Note: "in conference"}); err != nil {
		return webhook{}, err
	}
	defer func() { _ = t.station.tell(context.WithoutCancel(ctx), tells{Room: &room{}}) }()
	for {
		answers := t.Answers
		if t.until != "" {
			answers = nil
		}
		select {
		case a, there := <-answers:
			switch {
			case !there || a.HangUp:
				return webhook{}, nil
			case a.Until != "":
				t.until, t.since = a.Until, time.Now()
			case a.Said+a.Keys != "":
				if err := t.station.tell(ctx, tells{Words: a.Said + a.Keys}); err != nil {
					return webhook{}, err
				}
			}
		case l := <-t.station.mail():
			if next, moved := t.open(l); moved {
				return next, nil
			}
		case <-ctx.Done():
			return webhook{}, ctx.Err()
		}
	}
}

// open reads a letter, and tells where the call goes if it goes on elsewhere.
func (t *Telephone) open(l dispatch) (next webhook, moved bool) {
	switch {
	case l.End:
		return webhook{}, true
	case l.Redirect != "":
		return webhook{path: resolve("/", l.Redirect)}, true
	case l.Words != "":
		_ = t.listenTo(tag{Inner: l.Words}) // a terminal that is gone hears nothing
	case l.Held != "":
		_ = t.Hear(Event{Note: l.Held})
	}
	return webhook{}, false
}

// pause lets time go by, unless the server sends the call elsewhere.
func (t *Telephone) pause(ctx context.Context, d time.Duration) (next webhook, moved bool) {
	over := time.After(d)
	for {
		select {
		case <-over:
			return webhook{}, false
		case <-ctx.Done():
			return webhook{}, false
		case l := <-t.station.mail():
			if next, moved = t.open(l); moved {
				return next, true
			}
		}
	}
}
