package dialog

import (
	"encoding/json"
	"testing"
	"time"

	"supportbot"
)

// BenchmarkStep takes the forgot-password flow from its start to the agent, one
// answer after another. The aim is 20 µs a step, and a session of 2 KB at most.
func BenchmarkStep(b *testing.B) {
	book := content(b)
	now := time.Date(2026, 1, 6, 9, 0, 0, 0, time.UTC)
	events := []Event{
		{Kind: Said, At: now, Commands: []supportbot.Command{start("forgot-password")}},
		{Kind: Chose, At: now, Choice: "app"},
		{Kind: Chose, At: now, Choice: "no"},
		{Kind: Chose, At: now, Choice: "lakala"},
		{Kind: Said, At: now, Commands: []supportbot.Command{fill("merchant_number", "123456789012345")}},
		{Kind: Judged, At: now, Verdict: supportbot.Verified},
		{Kind: Chose, At: now, Choice: "yes"},
	}
	b.ReportAllocs()
	longest := 0
	s := Session{Channel: supportbot.Web}
	for i := 0; b.Loop(); i++ {
		if i%len(events) == 0 {
			s = Session{Channel: supportbot.Web}
		}
		s, _ = Step(book, s, events[i%len(events)])
		if i < len(events) {
			data, err := json.Marshal(s)
			if err != nil {
				b.Fatal(err)
			}
			longest = max(longest, len(data))
		}
	}
	b.ReportMetric(float64(longest), "session-bytes")
}
