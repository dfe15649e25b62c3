package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
)

// TestWrite reads this test's own binary.
func TestWrite(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(&out, self, "../../handoff/console/static/vendor"); err != nil {
		t.Fatal(err)
	}
	var bom cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(&out, cyclonedx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, c := range *bom.Components {
		versions[c.Name] = c.Version
		if c.PackageURL == "" || c.Version == "" || c.Name != "std" && c.Hashes == nil {
			t.Errorf("%s has no version, address or hash: %+v", c.Name, c)
		}
	}
	for _, name := range []string{"std", "github.com/CycloneDX/cyclonedx-go", "@dagrejs/dagre"} {
		if versions[name] == "" {
			t.Errorf("%s is missing in %v", name, versions)
		}
	}
}

func TestAScriptOfUnknownOriginIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"README.md": "Scripts of others.\n", "stray.js": "1"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := vendored(dir); err == nil || !strings.Contains(err.Error(), "stray.js") {
		t.Errorf("got %v", err)
	}
}
