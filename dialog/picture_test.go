package dialog

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

// What the proofs walk is what people see: a picture has every way out of every
// step, and no other.
func TestAPictureShowsEveryWay(t *testing.T) {
	b := content(t)
	for _, name := range b.Flows() {
		p, err := b.Picture(name)
		if err != nil {
			t.Fatal(err)
		}
		f := b.flow(name)
		for _, s := range f.Steps {
			if _, ends := s.do.(*end); ends {
				continue // it is its own end
			}
			var walked, shown []string
			for _, e := range f.edges(s) {
				if e.to == "" {
					e.to = "end:" + e.end
				}
				if e.to != s.ID {
					walked = append(walked, e.to)
				}
			}
			for _, e := range p.Edges {
				if e.From == s.ID && e.From != e.To {
					shown = append(shown, e.To)
				}
			}
			slices.Sort(walked)
			slices.Sort(shown)
			if diff := cmp.Diff(slices.Compact(walked), slices.Compact(shown)); diff != "" {
				t.Errorf("%s/%s (-walked +shown):\n%s", name, s.ID, diff)
			}
		}
	}
}

// Whoever reads a picture finds every edge's ends, and every branch's reason in
// both languages.
func TestAPictureIsComplete(t *testing.T) {
	b := content(t)
	for _, name := range b.Flows() {
		p, _ := b.Picture(name)
		nodes := map[string]bool{}
		for _, n := range p.Nodes {
			if nodes[n.ID] {
				t.Errorf("%s has %s twice", name, n.ID)
			}
			nodes[n.ID] = true
			if n.Kind == "ask" && (n.Text.IsZero() || n.Slot.IsZero()) {
				t.Errorf("%s/%s asks nothing: %+v", name, n.ID, n)
			}
		}
		for _, e := range p.Edges {
			if !nodes[e.From] || !nodes[e.To] {
				t.Errorf("%s has an edge to nowhere: %+v", name, e)
			}
			for _, l := range supportbot.Languages {
				if e.Kind == EdgeBranch && e.On == "" && e.Label.Written[l] == "" {
					t.Errorf("%s has a branch without a reason in %s: %+v", name, l, e)
				}
			}
		}
	}
}

func TestAPictureOfAnErrand(t *testing.T) {
	b, err := Load(os.DirFS("testdata/content"), Guide{Topics: map[string]supportbot.Text{"errand": both("办事", "Errand"), "second": both("二", "Two"), "third": both("三", "Three")}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Picture("errand")
	if err != nil {
		t.Fatal(err)
	}
	brand := p.Nodes[1]
	if brand.Kind != "ask" || brand.Slot.Written["en"] != "Make" || len(brand.Choices) != 2 || brand.Text.Written["zh"] != "什么牌子" {
		t.Errorf("the first question is %+v", brand)
	}
	agent := p.Nodes[slices.IndexFunc(p.Nodes, func(n PictureNode) bool { return n.ID == "agent" })]
	if agent.Kind != "handoff" || !agent.Verifies {
		t.Errorf("the handoff is %+v", agent)
	}
	for _, want := range []string{
		`s-agent[["agent"]]`, "s-agent -->|verified| s-happy", "s-agent -->|failed| e-not-verified", "s-brand -.-> s-agent", `e-expired(["expired"])`,
	} {
		if !strings.Contains(p.Mermaid(supportbot.English), want) {
			t.Errorf("mermaid lacks %s:\n%s", want, p.Mermaid(supportbot.English))
		}
	}
	third, _ := b.Picture("third")
	if calls := third.Nodes[1]; calls.Kind != "call" || calls.Calls != "second" {
		t.Errorf("the call is %+v", calls)
	}
	if _, err := b.Picture("erand"); !errors.Is(err, supportbot.ErrNotFound) || !strings.Contains(err.Error(), `"errand"`) {
		t.Errorf("of an unknown flow: %v", err)
	}
}
