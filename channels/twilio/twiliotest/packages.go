// Package twiliotest runs what Twilio and others have written, on the other end of
// the wire, for tests: the npm package twilio, and Prism, which serves Twilio's
// description of its REST API.
package twiliotest

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // package.json
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

//go:embed package.json
var wanted []byte

// packages returns the folder with the packages of package.json, which the first
// test on a machine installs into the user's cache. Where there is no npm, or it
// reaches no registry, the test is skipped, but with CI=true it fails.
func packages(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(wanted)
	folder := filepath.Join(cache, "supportbot-test", "npm-"+hex.EncodeToString(sum[:4]))
	if _, err := os.Stat(folder); err == nil {
		return folder
	}
	if err := install(t.Context(), folder); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("untested against Twilio's own packages: %v", err)
	}
	return folder
}

// install makes the folder whole or not at all; another process may be doing the
// same.
func install(ctx context.Context, folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(folder), "fresh")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(fresh) }() // nothing is there any more once it has its name
	if err := os.WriteFile(filepath.Join(fresh, "package.json"), wanted, 0o600); err != nil {
		return err
	}
	npm := exec.CommandContext(ctx, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", fresh)
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w: %s", err, out)
	}
	if err := os.Rename(fresh, folder); err != nil {
		if _, gone := os.Stat(folder); gone != nil {
			return err
		}
	}
	return nil
}

// Node runs a script that finds the packages. What it calls input is in; what it
// writes to its standard output, as JSON, is read into out.
func Node(t *testing.T, script string, in, out any) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "-e", "const input = JSON.parse(require('fs').readFileSync(0));\n"+script)
	cmd.Dir = packages(t)
	given, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(given), &complaint
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	if err := json.Unmarshal(said, out); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}
