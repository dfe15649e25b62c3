package store

import (
	"slices"
	"testing"
	"time"

	"supportbot"
)

// TestContentOutOfUseIsDeleted: what was in force or added lately stays, and what a
// conversation is on, and what is in force however old it is.
func TestContentOutOfUseIsDeleted(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		day := func(n int) time.Time { return time.Now().Add(-time.Duration(n) * 24 * time.Hour) }
		for id, added := range map[string]int{"old draft": 40, "young draft": 5, "long ago": 90, "left lately": 80, "open": 85, "in force": 70} {
			if _, err := s.AddContent(t.Context(), supportbot.ContentVersion{ID: id, AddedAt: day(added)}, []byte("zip")); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range []struct {
			id  string
			ago int
		}{{"long ago", 90}, {"open", 85}, {"left lately", 80}, {"in force", 20}} {
			if err := s.PublishContent(t.Context(), p.id, "li", day(p.ago)); err != nil {
				t.Fatal(err)
			}
		}
		turnOf(t, s, "mei", func(c *supportbot.Commit) { c.Content = "open" })
		for _, want := range []int{1, 1, 0} {
			if n, err := s.CutContent(t.Context(), 30*24*time.Hour, 1); err != nil || n != want {
				t.Errorf("%d versions went, %v; want %d", n, err, want)
			}
		}
		versions, err := s.ContentVersions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, v := range versions {
			left = append(left, v.ID)
		}
		if want := []string{"young draft", "in force", "left lately", "open"}; !slices.Equal(left, want) {
			t.Errorf("left are %q, want %q", left, want)
		}
		if current, _, err := s.ContentState(t.Context()); current != "in force" || err != nil {
			t.Errorf("in force is %q, %v", current, err)
		}
	})
}
