package explore

import (
	"context"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
	"supportbot/kb"
)

// content is what is built in.
var content = os.DirFS("../../kb-content")

// bundled is its guide; the reader is trained once.
var bundled = func() *kb.Base {
	base, err := kb.Load(content)
	if err != nil {
		panic(err)
	}
	return base
}()

var reader = kb.NewReader(bundled)

// explorer explores flows, with the words and articles of the bundled guide.
func explorer(t testing.TB, flows fs.FS) *Explorer {
	t.Helper()
	guide := dialog.Guide{
		Topics: map[string]supportbot.Text{}, Articles: map[string]supportbot.Text{},
		Related: map[string][]string{}, Hotlines: bundled.Hotlines,
	}
	for _, id := range []string{"errand", "second", "third"} {
		guide.Topics[id] = supportbot.Text{Written: map[supportbot.Language]string{supportbot.Chinese: "办事", supportbot.English: id}}
	}
	for _, topic := range bundled.Topics {
		guide.Topics[topic.ID] = supportbot.Text{Written: topic.Name}
		if a, ok := bundled.Article(topic.ID); ok {
			guide.Topics[topic.ID] = supportbot.Text{Written: a.Title}
			guide.Articles[topic.ID], guide.Related[topic.ID] = a.Text, a.Related
		}
	}
	book, err := dialog.Load(flows, guide)
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(flows, turn.Content{Book: book, Reader: reader}, bundled)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// tiny are the flows on which the engine is tested.
var tiny = os.DirFS("../../dialog/testdata/content")

func TestSoundFlowsHaveNoFindings(t *testing.T) {
	r := explorer(t, tiny).Explore(t.Context(), 1, 25_000)
	if r.Events != 25_000 {
		t.Errorf("%d events", r.Events)
	}
	for _, f := range r.Findings {
		t.Errorf("%s: %s\n%s", f.Invariant, f.Saw, f.yaml())
	}
	if 10*r.Tried < 9*r.Pairs {
		t.Errorf("tried %d of %d, left out:\n%s", r.Tried, r.Pairs, strings.Join(r.Untried, "\n"))
	}
	for _, step := range r.Unvisited {
		if !strings.HasPrefix(step, "pattern-") {
			t.Errorf("not visited: %s", step)
		}
	}
}

func TestTheSameSeedWalksTheSameWays(t *testing.T) {
	report := func(seed uint64) (Report, string) {
		r := explorer(t, tiny).Explore(t.Context(), seed, 3000)
		r.Took = 0
		var out strings.Builder
		r.Write(&out)
		return r, out.String()
	}
	first, printed := report(7)
	again, same := report(7)
	if printed != same || !reflect.DeepEqual(first.coverage, again.coverage) {
		t.Errorf("one seed, two reports:\n%s\n%s", printed, same)
	}
	if other, _ := report(8); reflect.DeepEqual(first.coverage, other.coverage) {
		t.Error("another seed walks the same ways")
	}
}

// TestOneFlow: walks begin in it, whether it has a button or not, and the report
// counts its steps alone.
func TestOneFlow(t *testing.T) {
	e := explorer(t, content)
	for _, flow := range []string{"forgot-password", "verify-identity"} {
		if err := e.Only(flow); err != nil {
			t.Fatal(err)
		}
		r := e.Explore(t.Context(), 1, 4000)
		if want := len(e.book.Steps(flow)); r.Steps != want || len(r.Unvisited) > want/2 || r.Pairs == 0 {
			t.Errorf("%s: %d steps, want %d; not visited %v; %d pairs", flow, r.Steps, want, r.Unvisited, r.Pairs)
		}
		for _, line := range r.Untried {
			if !strings.HasPrefix(line, flow+"/") {
				t.Errorf("%s is no place of %s", line, flow)
			}
		}
		for _, f := range r.Findings {
			t.Errorf("%s: %s\n%s", f.Invariant, f.Saw, f.yaml())
		}
	}
	if err := e.Only("forgot-pasword"); err == nil || !strings.Contains(err.Error(), `there is no flow "forgot-pasword" (did you mean "forgot-password"?)`) {
		t.Errorf("%v", err)
	}
}

func TestExploringStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := explorer(t, tiny).Explore(ctx, 1, 1_000_000); r.Events != 0 {
		t.Errorf("%d events after the end", r.Events)
	}
}

// BenchmarkExplore plays events on the bundled content. The aim is a million in
// a minute on two processors.
func BenchmarkExplore(b *testing.B) {
	e := explorer(b, content)
	b.ReportAllocs()
	b.ResetTimer()
	e.Explore(b.Context(), 1, b.N)
}
