package console_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
	"supportbot/handoff/console"
	"supportbot/internal/transcript"
	"supportbot/internal/turn"
	"supportbot/kb"
	kbcontent "supportbot/kb-content"
)

// shelf is a library in memory: "old" is retired, "back" was in force before
// "now", and "next" has one word changed. Beside them "real" is the content of
// the program, for its pictures.
type shelf struct {
	mu       sync.Mutex
	versions []supportbot.ContentVersion
	down     error
}

// The real topics, articles and phrases, with flows of our own.
var contents = sync.OnceValue(func() map[string]turn.Content {
	flows, err := os.ReadFile("testdata/flows.yaml")
	must(err)
	base, err := kb.Load(kbcontent.FS)
	must(err)
	reader := kb.NewReader(base)
	load := func(content fs.FS) turn.Content {
		book, err := dialog.Load(content, guide(base))
		must(err)
		return turn.Content{Book: book, Reader: reader}
	}
	now := load(withFlows(flows))
	evil := load(withFlows(bytes.ReplaceAll(flows, []byte("Reset the terminal's sign-in password"), []byte(payload))))
	next := load(withFlows(bytes.Replace(flows, []byte("别着急"), []byte("请放心"), 1)))
	return map[string]turn.Content{"old": now, "back": now, "now": now, "next": next, "evil": evil, "real": load(kbcontent.FS)}
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// withFlows is the content of the program with other flows.
func withFlows(flows []byte) fs.FS {
	files := fstest.MapFS{"flows/flows.yaml": {Data: flows}}
	err := fs.WalkDir(kbcontent.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "flows/") {
			return err
		}
		data, err := fs.ReadFile(kbcontent.FS, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	must(err)
	return files
}

func guide(base *kb.Base) dialog.Guide {
	g := dialog.Guide{
		Topics: map[string]supportbot.Text{}, Articles: map[string]supportbot.Text{}, Related: map[string][]string{}, Hotlines: base.Hotlines,
	}
	for _, t := range base.Topics {
		g.Topics[t.ID] = supportbot.Text{Written: t.Name}
		if a, ok := base.Article(t.ID); ok {
			g.Articles[t.ID], g.Related[t.ID] = a.Text, a.Related
		}
	}
	return g
}

func newShelf() *shelf {
	at := time.Date(2026, time.November, 20, 3, 0, 0, 0, time.UTC)
	return &shelf{versions: []supportbot.ContentVersion{
		{ID: "next", AddedAt: at.Add(48 * time.Hour), Source: "/srv/kb-content", Flows: 6, Topics: 33},
		{ID: "now", AddedAt: at.Add(24 * time.Hour), Source: "/srv/kb-content", Flows: 6, Topics: 33, PublishedAt: at.Add(25 * time.Hour), PublishedBy: "chen", Current: true, Open: 12},
		{ID: "back", AddedAt: at, Source: "built in", Flows: 6, Topics: 33, PublishedAt: at, Open: 7},
		{ID: "old", AddedAt: at.Add(-240 * time.Hour), Source: "built in", Flows: 5, Topics: 30, PublishedAt: at.Add(-240 * time.Hour), Retired: true},
	}}
}

func (s *shelf) Versions(context.Context) ([]supportbot.ContentVersion, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.versions), s.down
}

// change calls f with a version.
func (s *shelf) change(version string, f func(*supportbot.ContentVersion)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.versions {
		if s.versions[i].ID == version {
			f(&s.versions[i])
			return s.down
		}
	}
	return supportbot.ErrNotFound
}

func (s *shelf) Publish(_ context.Context, version, by string) error {
	return s.change(version, func(v *supportbot.ContentVersion) {
		for i := range s.versions {
			s.versions[i].Current = false
		}
		v.Current, v.Retired, v.PublishedAt, v.PublishedBy = true, false, time.Now(), by
	})
}

func (s *shelf) Retire(_ context.Context, version, _ string) error {
	var refused error
	err := s.change(version, func(v *supportbot.ContentVersion) {
		if v.Current {
			refused = fmt.Errorf("%w: version %s is in force; publish another one first", supportbot.ErrInvalid, version)
			return
		}
		v.Retired, v.Open = true, 0
	})
	return errors.Join(err, refused)
}

func (s *shelf) Retirement(_ context.Context, version string) (r console.Retirement, err error) {
	err = s.change(version, func(v *supportbot.ContentVersion) {
		r.Restart = v.Open / 3
		r.Continue = v.Open - r.Restart
	})
	return r, err
}

func (s *shelf) Book(_ context.Context, version string) (*dialog.Book, error) {
	content, ok := contents()[version]
	if !ok {
		return nil, supportbot.ErrNotFound
	}
	return content.Book, s.down
}

func (s *shelf) Preview(_ context.Context, version string, p console.Preview) (console.PreviewResult, error) {
	content, ok := contents()[version]
	if !ok {
		return console.PreviewResult{}, supportbot.ErrNotFound
	}
	player := transcript.NewPlayer(content, p.Channel, p.Language)
	saved := transcript.Transcript{Shows: "saved from the console", Channel: p.Channel, Language: p.Language}
	result := console.PreviewResult{Turns: []console.PreviewTurn{}}
	for i, act := range p.Acts {
		before := len(player.Transcript)
		turn, out, err := player.PlayOutcome(transcript.Turn{
			User: act.User, Choice: act.Choice, Digits: act.Digits, Event: act.Event, Agent: act.Agent, Wait: act.Wait,
		})
		if err != nil {
			return result, fmt.Errorf("%w: act %d: %w", supportbot.ErrInvalid, i+1, err)
		}
		saved.Turns = append(saved.Turns, turn)
		result.Turns = append(result.Turns, console.PreviewTurn{
			Act: act, Said: slices.Clone(player.Transcript[before:]), At: turn.At, Topic: out.Topic, Case: turn.Case, Ended: turn.Ended,
		})
	}
	var yaml strings.Builder
	err := saved.Write(&yaml)
	result.Transcript = yaml.String()
	return result, err
}

// newLibrary is a desk with a library, and with chen, a supervisor.
func newLibrary(t *testing.T) (*desk, *shelf) {
	t.Helper()
	contents() // not while a page waits for it
	d, s := newDesk(t), newShelf()
	token, sum := handoff.NewToken()
	d.agents = append(d.agents, handoff.Agent{Name: "chen", Role: handoff.RoleSupervisor, Password: passwordHash()})
	d.token["chen"], d.tokens[sum] = token, "chen"
	d.console = console.New(d.memory, d.memory, console.Options{
		Papers: d.memory, Knowledge: handbook{}, Mask: masked,
		Library: s, Key: []byte("key"), Client: client, Sessions: newSessions(), Log: discard,
	})
	d.Server = serve(t, d.console)
	return d, s
}
