package storetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

func testContent(t *testing.T, s Store) {
	first := supportbot.ContentVersion{ID: "aaa", AddedAt: noon, Source: "built in", Flows: 12, Topics: 33}
	second := supportbot.ContentVersion{ID: "bbb", AddedAt: noon.Add(time.Minute), Source: "/srv/guide", Flows: 13, Topics: 34}
	state := func(wantCurrent string, wantRetired ...string) {
		t.Helper()
		current, retired, err := s.ContentState(t.Context())
		if err != nil || current != wantCurrent || !slices.Equal(retired, wantRetired) {
			t.Errorf("in force %q, retired %q, %v; want %q and %q", current, retired, err, wantCurrent, wantRetired)
		}
	}
	add := func(v supportbot.ContentVersion, archive string, wantNew bool) {
		t.Helper()
		if added, err := s.AddContent(t.Context(), v, []byte(archive)); err != nil || added != wantNew {
			t.Fatalf("added %s: %v, %v", v.ID, added, err)
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
	state("")
	add(first, "first", true)
	add(second, "second", true)
	add(first, "other bytes", false) // known already
	if files, err := s.ContentFiles(t.Context(), "aaa"); err != nil || !bytes.Equal(files, []byte("first")) {
		t.Errorf("files %q, %v", files, err)
	}
	versions(second, first)

	must(s.PublishContent(t.Context(), "aaa", "", noon))
	must(s.PublishContent(t.Context(), "bbb", "li", noon.Add(time.Hour)))
	state("bbb")
	if err := s.RetireContent(t.Context(), "bbb", "li"); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("retire what is in force: %v, want ErrInvalid", err)
	}
	must(s.RetireContent(t.Context(), "aaa", "li"))
	state("bbb", "aaa")
	first.PublishedAt, first.Retired = noon, true
	second.PublishedAt, second.PublishedBy, second.Current = noon.Add(time.Hour), "li", true
	versions(second, first)

	must(s.PublishContent(t.Context(), "aaa", "an", noon.Add(2*time.Hour))) // a roll back
	state("aaa")
	first.PublishedAt, first.PublishedBy, first.Retired, first.Current = noon.Add(2*time.Hour), "an", false, true
	second.Current = false
	versions(second, first)

	for what, err := range map[string]error{
		"publish": s.PublishContent(t.Context(), "ccc", "", noon), "retire": s.RetireContent(t.Context(), "ccc", "li"),
		"files": func() error { _, err := s.ContentFiles(t.Context(), "ccc"); return err }(),
	} {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("%s what is not there: %v", what, err)
		}
	}
}

func testOpenOnContent(t *testing.T, s Store) {
	if _, err := s.AddContent(t.Context(), supportbot.ContentVersion{ID: "aaa", AddedAt: noon}, []byte("files")); err != nil {
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

func testContentSources(t *testing.T, s Store) {
	for i, look := range []struct{ source, version, before, last string }{
		{"built in", "aaa", "", ""},
		{"built in", "aaa", "aaa", "built in"},
		{"folder", "bbb", "", "built in"},
		{"folder", "ccc", "bbb", "folder"},
		{"built in", "aaa", "aaa", "folder"},
	} {
		before, last, err := s.SeenContent(t.Context(), look.source, look.version, noon.Add(time.Duration(i)*time.Second))
		if err != nil || before != look.before || last != look.last {
			t.Errorf("look %d: held %q, last source %q, %v; want %q and %q", i+1, before, last, err, look.before, look.last)
		}
	}
}

func testContentDrafts(t *testing.T, s Store) {
	for i := range 30 {
		v := supportbot.ContentVersion{ID: fmt.Sprintf("v%02d", i), AddedAt: noon.Add(time.Duration(i) * time.Minute)}
		if _, err := s.AddContent(t.Context(), v, []byte("files")); err != nil {
			t.Fatal(err)
		}
		if i == 3 {
			if err := s.PublishContent(t.Context(), v.ID, "", noon); err != nil {
				t.Fatal(err)
			}
		}
		if i == 4 {
			play(t, s, "mei", func(c *supportbot.Commit) { c.Content = v.ID })
		}
	}
	versions, err := s.ContentVersions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, v := range versions {
		ids = append(ids, v.ID)
	}
	if len(ids) != 22 || ids[0] != "v29" || ids[20] != "v04" || ids[21] != "v03" {
		t.Errorf("kept %q; want the last 20 drafts, what is in force, and what a conversation is on", ids)
	}
	if _, err := s.ContentFiles(t.Context(), "v00"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("files of a draft that gave way: %v", err)
	}
}
