package store

import (
	"encoding/json"

	"supportbot"
	"supportbot/internal/seal"
)

// arrival is an inbound message as it is kept.
type arrival struct {
	supportbot.Inbound
	home    home
	digest  []byte
	payload []byte // Inbound, sealed
}

func sealIn(h home, in supportbot.Inbound, digest []byte) (*arrival, error) {
	payload, err := sealJSON(h.key, in, payloadName(sender(in.Kind), in.ID))
	return &arrival{in, h, digest, payload}, err
}

// kept is a turn with its values as they are kept.
type kept struct {
	supportbot.Commit
	home    home
	session []byte
	result  []byte
	bodies  [][]byte   // of Messages
	cases   []keptCase // that it has changed
	learned
}

type keptCase struct {
	*supportbot.Case
	data []byte
}

func sealTurn(h home, c supportbot.Commit) (k *kept, err error) {
	k = &kept{Commit: c, home: h}
	if c.Session != nil {
		if k.session, err = h.key.Seal(c.Session, sessionName(c.Version+1)); err != nil {
			return k, err
		}
	}
	if k.result, err = sealJSON(h.key, resultOf(c.Outcome, c.Events), resultName(c.Seq)); err != nil {
		return k, err
	}
	for _, m := range c.Messages {
		body, err := sealJSON(h.key, bodyOf(m), bodyName(m.Seq))
		if err != nil {
			return k, err
		}
		k.bodies = append(k.bodies, body)
	}
	for _, changed := range []*supportbot.Case{c.Ended, c.Case} {
		if changed == nil {
			continue
		}
		data, err := sealJSON(h.key, changed, caseName(changed.ID))
		if err != nil {
			return k, err
		}
		k.cases = append(k.cases, keptCase{changed, data})
	}
	k.learned, err = sealLearned(h, c)
	return k, err
}

// body is what is sealed of a message.
type body struct {
	Author  string              `json:"a,omitempty"`
	Text    string              `json:"t,omitempty"`
	Spoken  string              `json:"s,omitempty"`
	Choices []supportbot.Choice `json:"c,omitempty"`
	Notice  bool                `json:"n,omitempty"`
	Keys    int                 `json:"k,omitempty"`
}

func bodyOf(m supportbot.Message) body {
	return body{m.Author, m.Text, m.Spoken, m.Choices, m.Notice, m.Keys}
}

// result is what became of an inbox row, with the log of its turn.
type result struct {
	keptOutcome
	Log []logged `json:"log,omitempty"`
}

// logged is a supportbot.LogEvent.
type logged struct {
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"` // not there if it is nil
}

func resultOf(o supportbot.Outcome, events []supportbot.LogEvent) result {
	r := result{keptOutcome: keptOutcome{Outcome: o}}
	for _, m := range o.Replies {
		r.Replies = append(r.Replies, m.Seq)
	}
	for _, e := range events {
		r.Log = append(r.Log, logged(e))
	}
	return r
}

// sealJSON seals a value as JSON, openJSON opens it.
func sealJSON(k seal.Key, value any, name string) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return k.Seal(text, name)
}

func openJSON(k seal.Key, sealed []byte, name string, into any) error {
	text, err := k.Open(sealed, name)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
