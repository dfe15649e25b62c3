package explore

import (
	"strings"
	"sync"

	"supportbot"
	"supportbot/internal/turn"
)

// memory is a reader that reads every text once per question. A reading costs
// more than all the rest of a turn.
type memory struct {
	reader turn.Reader

	mu       sync.RWMutex
	readings map[string]supportbot.Reading
}

func (m *memory) Read(text string, q supportbot.Question) supportbot.Reading {
	key := readingKey(text, q)
	m.mu.RLock()
	r, ok := m.readings[key]
	m.mu.RUnlock()
	if ok {
		return r
	}
	full := m.reader.Read(text, q)
	r = supportbot.Reading{Language: full.Language, Commands: full.Commands} // all that a turn looks at
	m.mu.Lock()
	m.readings[key] = r
	m.mu.Unlock()
	return r
}

// readingKey holds all of a question that differs within one content: the flow
// and the slot stand for what the content says of them.
func readingKey(text string, q supportbot.Question) string {
	var key strings.Builder
	for _, part := range []string{text, q.Flow, q.Slot.Name, string(q.Language)} {
		key.WriteString(part)
		key.WriteByte(0)
	}
	if q.Queued {
		key.WriteByte(1)
	}
	if q.Slot.Type == supportbot.SlotPick {
		for _, o := range q.Slot.Options {
			key.WriteString(o.Value)
			key.WriteByte(0)
		}
	}
	for _, s := range q.Answered {
		key.WriteString(s.Name)
		key.WriteByte('=')
		key.WriteString(s.Value)
		key.WriteByte(0)
		if s.Type == supportbot.SlotPick {
			for _, o := range s.Options {
				key.WriteString(o.Value)
				key.WriteByte(0)
			}
		}
	}
	return key.String()
}

// listener is the reader of one conversation, which remembers what was made of
// the last words.
type listener struct {
	*memory
	heard *supportbot.Reading // nil if the turn had no words
}

func (l *listener) Read(text string, q supportbot.Question) supportbot.Reading {
	r := l.memory.Read(text, q)
	l.heard = &r
	return r
}
