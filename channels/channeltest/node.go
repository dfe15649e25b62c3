package channeltest

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Packages installs the npm packages that the lock file of a folder names, beside
// a copy of it, and returns where. Without npm or a registry the test is skipped,
// but with CI=true it fails.
func Packages(t *testing.T, dir string) string {
	t.Helper()
	missing := func(format string, args ...any) {
		t.Helper()
		if os.Getenv("CI") == "true" {
			t.Fatalf(format, args...)
		}
		t.Skipf(format, args...)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		missing("not tried against %s: no npm on this machine; install the package npm", dir)
	}
	at := t.TempDir()
	if err := os.CopyFS(at, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	install.Dir = at
	if out, err := install.CombinedOutput(); err != nil {
		missing("not tried against %s: %v\n%s", dir, err, out)
	}
	return at
}

// Node starts peer.js of a folder with its Packages, and returns its first line,
// such as a URL. It ends with the test, when its standard input does.
func Node(t *testing.T, dir string) string {
	t.Helper()
	at := Packages(t, dir)
	peer := exec.CommandContext(context.WithoutCancel(t.Context()), "node", "peer.js")
	peer.Dir, peer.Stderr = at, os.Stderr
	in, err := peer.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := peer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := peer.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = peer.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s says nothing: %v", dir, err)
	}
	return strings.TrimSpace(line)
}
