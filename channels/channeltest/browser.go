package channeltest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// Browser starts headless Chromium for a test, which asks pages for language,
// such as "zh-CN". Without Chromium on the machine the test is skipped, but with
// CI=true it fails.
func Browser(t *testing.T, language string) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	switch {
	case path == "" && os.Getenv("CI") == "true":
		t.Fatal("the page is untested: no Chromium on this machine; install the package chromium")
	case path == "":
		t.Skip("the page is untested: no Chromium on this machine; install the package chromium")
	}
	// The sandbox of Chromium needs rights that test machines do not give; the
	// pages are our own.
	ctx, stop := chromedp.NewExecAllocator(t.Context(), append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("accept-lang", language), chromedp.WindowSize(1280, 800))...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx
}
