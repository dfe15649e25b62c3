package replay

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// Versions finds the content of a version. Only its flows are needed: what was
// said is read as it was read then.
type Versions func(version string) (turn.Content, error)

// Fault is where a replay and the log part.
type Fault struct {
	Turn             int64  // the inbox row, 0 for what concerns no single turn
	What             string // differs: "message 5", "session"
	Logged, Replayed string
}

// Error says where, and shows both around the first character that differs.
func (f *Fault) Error() string {
	logged, replayed := excerpts(f.Logged, f.Replayed)
	where := "after the last turn"
	if f.Turn > 0 {
		where = fmt.Sprintf("turn %d", f.Turn)
	}
	return fmt.Sprintf("%s: %s differs: logged %s, replayed %s", where, f.What, logged, replayed)
}

// recorded is a reader that reads as it was read then.
type recorded struct{ reading supportbot.Reading }

func (r recorded) Read(string, supportbot.Question) supportbot.Reading { return r.reading }

// ErrRemasked means that the words of a turn are not all there any more.
var ErrRemasked = errors.New("a part of a secret was removed later")

// Verify replays a conversation turn by turn, on the content that each turn ran
// on, and compares all that comes of it with the log, byte by byte. The error is
// a *Fault for the first difference. What no turn depends on is not checked,
// such as the language that a device asked for in the middle of a conversation.
// Where a part of a secret was removed after its turn, it is ErrRemasked as well:
// a turn that answered it may go another way without it.
func Verify(l Log, versions Versions) error {
	turns, err := l.turns()
	if err != nil {
		return err
	}
	err = verify(l, turns, versions)
	if seq := remasked(turns); seq > 0 && err != nil {
		return fmt.Errorf("%w (%w, from turn %d)", err, ErrRemasked, seq)
	}
	return err
}

// remasked is the first turn of whose words a part was removed later, 0 if none is.
func remasked(turns []past) int64 {
	for _, p := range turns {
		if p.row.Inbound.Remasked {
			return p.row.Seq
		}
	}
	return 0
}

func verify(l Log, turns []past, versions Versions) error {
	t := supportbot.Thread{ID: l.Thread.ID, Address: l.Thread.Address}
	for _, p := range turns {
		content, err := versions(p.began.Content)
		if err != nil {
			return fmt.Errorf("turn %d: %w", p.row.Seq, err)
		}
		content.Reader, content.Desk = recorded{p.reading()}, p.began.Desk
		t.Version = max(t.Version, p.began.Version)
		run := runOf(content, p.began)
		if timer := p.row.Inbound.Timer; timer != nil && timer.Kind == supportbot.TimerLease {
			t = withTimer(t, p)
		}
		c, err := take(run, t, p.row)
		if err != nil {
			return fmt.Errorf("turn %d: the replay fails: %w", p.row.Seq, err)
		}
		if f := sameTurn(p, c, l.Messages); f != nil {
			return f
		}
		t = turn.After(t, c)
	}
	if f := sameEnd(l, t); f != nil {
		return f
	}
	return nil
}

// runOf is how a turn was run.
func runOf(content turn.Content, began turn.Began) func(supportbot.Thread, turn.Row) (supportbot.Commit, error) {
	switch {
	case began.Anew:
		return content.Anew
	case began.Full:
		return content.Full
	}
	return content.Turn
}

// sameTurn compares what one turn made with what the log has of it.
func sameTurn(p past, c supportbot.Commit, logged []supportbot.Message) *Fault {
	var all pairs
	for i := range max(len(p.events), len(c.Events)) {
		all.add(fmt.Sprintf("log entry %d", i+1), entry(p.events, i), entry(c.Events, i))
	}
	for _, m := range c.Messages {
		m.At = m.At.Truncate(time.Microsecond) // as the store keeps it
		before := []byte("none")
		if n := int(m.Seq); n <= len(logged) {
			before = encode(logged[n-1])
		}
		all.add(fmt.Sprintf("message %d", m.Seq), before, encode(m))
	}
	all.add("outcome", p.raw, encode(c.Outcome))
	return all.fault(p.row.Seq)
}

// sameEnd compares where the replay has led with where the conversation stands.
// When a lease ends is left out, since heartbeats move it.
func sameEnd(l Log, t supportbot.Thread) *Fault {
	var all pairs
	all.add("number of turns", encode(l.Thread.Version), encode(t.Version))
	all.add("number of messages", encode(len(l.Messages)), encode(t.LastSeq))
	all.add("last message", encode(l.Thread.LastSeq), encode(t.LastSeq))
	all.add("session", l.Thread.Session, t.Session)
	var last []byte
	if t.Case != nil {
		last = encode(t.Case)
	}
	all.add("case", l.Case, last)
	all.add("timers", encode(sorted(l.Thread.Timers)), encode(sorted(t.Timers)))
	return all.fault(0)
}

// sorted puts timers in order and takes out when a lease ends.
func sorted(timers []supportbot.Timer) []supportbot.Timer {
	timers = slices.SortedFunc(slices.Values(timers), func(a, b supportbot.Timer) int {
		return cmp.Compare(a.Kind, b.Kind)
	})
	for i := range timers {
		if timers[i].Kind == supportbot.TimerLease {
			timers[i].Due = time.Time{}
		}
	}
	return timers
}

// pairs are things to compare, as bytes.
type pairs []Fault

func (p *pairs) add(what string, logged, replayed []byte) {
	*p = append(*p, Fault{What: what, Logged: string(logged), Replayed: string(replayed)})
}

// fault is the first pair that differs, nil if none does.
func (p pairs) fault(turn int64) *Fault {
	for _, pair := range p {
		if pair.Logged != pair.Replayed {
			pair.Turn = turn
			return &pair
		}
	}
	return nil
}

// entry is a log entry as bytes.
func entry(events []supportbot.LogEvent, i int) []byte {
	if i >= len(events) {
		return []byte("none")
	}
	return append([]byte(events[i].Type+" "), events[i].Payload...)
}

// encode is JSON as the store writes it.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return []byte(err.Error())
	}
	return data
}
