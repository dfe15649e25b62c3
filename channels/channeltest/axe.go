package channeltest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Axe is axe-core, which knows what a program can tell of WCAG 2.2 AA.
type Axe struct{ script string }

// NewAxe fetches the axe-core that dir/package.json names, and has the tab let it in:
// the pages' own policy forbids foreign scripts.
func NewAxe(t *testing.T, ctx context.Context, dir string) Axe {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(Packages(t, dir), "node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	return Axe{string(script)}
}

// violation is a rule that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		FailureSummary string
	}
}

const axeRun = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
	.then(r => { window.found = JSON.stringify(r.violations) })`

// Check reports every rule that the page in the tab breaks; what names the page.
func (a Axe) Check(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](a.script+"; delete window.found; "+axeRun+"; true")); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[any]("window.found !== undefined", chromedp.WithPollingTimeout(20*time.Second))); err != nil {
		t.Fatal(err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string]("window.found"))
	if err != nil {
		t.Fatal(err)
	}
	var broken []violation
	if err := json.Unmarshal([]byte(found), &broken); err != nil {
		t.Fatal(err)
	}
	for _, v := range broken {
		t.Errorf("%s: %s: %s\n\t%s\n\t%s", what, v.ID, v.Help, v.Nodes[0].HTML, v.Nodes[0].FailureSummary)
	}
}
