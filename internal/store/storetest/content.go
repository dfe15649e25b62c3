package storetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

func testContent(t *testing.T, s Store) {
	first := supportbot.ContentVersion{ID: "aaa", AddedAt: noon, Source: "built in", Flows: 12, Topics: 33}
	second := supportbot.ContentVersion{ID: "bbb", AddedAt: noon.Add(time.Minute), Source: "/srv/guide", Flows: 13, Topics: 34}
	published := func(wantCurrent, wantBySource string) {
		t.Helper()
		current, bySource, err := s.PublishedContent(t.Context())
		if err != nil || current != wantCurrent || bySource != wantBySource {
			t.Errorf("in force %q, by its source %q, %v; want %q and %q", current, bySource, err, wantCurrent, wantBySource)
		}
	}
	versions := func(want ...supportbot.ContentVersion) {
		t.Helper()
		got, err := s.ContentVersions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("versions (-want +got):\n%s", diff)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	published("", "")
	must(s.AddContent(t.Context(), first, []byte("first")))
	must(s.AddContent(t.Context(), second, []byte("second")))
	must(s.AddContent(t.Context(), first, []byte("other bytes"))) // known already
	if files, err := s.ContentFiles(t.Context(), "aaa"); err != nil || !bytes.Equal(files, []byte("first")) {
		t.Errorf("files %q, %v", files, err)
	}
	versions(second, first)

	must(s.PublishContent(t.Context(), "aaa", "", noon))
	must(s.PublishContent(t.Context(), "bbb", "li", noon.Add(time.Hour)))
	published("bbb", "aaa")
	if err := s.RetireContent(t.Context(), "bbb"); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("retire what is in force: %v, want ErrInvalid", err)
	}
	must(s.RetireContent(t.Context(), "aaa"))
	first.PublishedAt, first.Retired = noon, true
	second.PublishedAt, second.PublishedBy, second.Current = noon.Add(time.Hour), "li", true
	versions(second, first)

	must(s.PublishContent(t.Context(), "aaa", "an", noon.Add(2*time.Hour))) // a roll back
	published("aaa", "aaa")
	first.PublishedAt, first.PublishedBy, first.Retired, first.Current = noon.Add(2*time.Hour), "an", false, true
	second.Current = false
	versions(second, first)

	for what, err := range map[string]error{
		"publish": s.PublishContent(t.Context(), "ccc", "", noon), "retire": s.RetireContent(t.Context(), "ccc"),
		"files": func() error { _, err := s.ContentFiles(t.Context(), "ccc"); return err }(),
	} {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("%s what is not there: %v", what, err)
		}
	}
}

func testOpenOnContent(t *testing.T, s Store) {
	if err := s.AddContent(t.Context(), supportbot.ContentVersion{ID: "aaa", AddedAt: noon}, []byte("files")); err != nil {
		t.Fatal(err)
	}
	open := func(peer, content string) {
		t.Helper()
		play(t, s, peer, func(c *supportbot.Commit) {
			c.Session, c.Content = json.RawMessage(`{"of":"`+peer+`"}`), content
		})
	}
	open("a", "aaa")
	open("b", "")
	open("c", "bbb")
	sessions, err := s.OpenSessions(t.Context(), "aaa")
	if err != nil || len(sessions) != 1 || string(sessions[0]) != `{"of":"a"}` {
		t.Errorf("open: %s, %v", sessions, err)
	}
	versions, err := s.ContentVersions(t.Context())
	if err != nil || len(versions) != 1 || versions[0].Open != 1 {
		t.Errorf("versions %+v, %v", versions, err)
	}
}
