package twilio

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// packages returns the folder with the npm packages of testdata/npm, which the
// first test of a machine installs into the user's cache. Where there is no npm,
// or it reaches no registry, the test is skipped, but with CI=true it fails.
func packages(t *testing.T) string {
	t.Helper()
	wanted, err := os.ReadFile("testdata/npm/package.json")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(wanted)
	folder := filepath.Join(cache, "supportbot-test", "npm-"+hex.EncodeToString(sum[:4]))
	if _, err := os.Stat(folder); err == nil {
		return folder
	}
	if err := install(wanted, folder); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("untested against Twilio's own packages: %v", err)
	}
	return folder
}

// install makes the folder whole or not at all; another process may be doing the
// same.
func install(wanted []byte, folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(folder), "fresh")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := os.WriteFile(filepath.Join(fresh, "package.json"), wanted, 0o600); err != nil {
		return err
	}
	npm := exec.Command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", fresh)
	if out, err := npm.CombinedOutput(); err != nil {
		return errors.New(err.Error() + ": " + string(out))
	}
	if err := os.Rename(fresh, folder); err != nil {
		if _, gone := os.Stat(folder); gone != nil {
			return err
		}
	}
	return nil
}

// node runs a script that finds the packages, with in as JSON on its standard
// input, and reads out from its standard output.
func node(t *testing.T, script string, in, out any) {
	t.Helper()
	cmd := exec.Command("node", "-e", "const input = JSON.parse(require('fs').readFileSync(0));\n"+script)
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
