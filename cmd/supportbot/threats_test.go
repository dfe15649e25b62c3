package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// TestNamedTestsAreThere: a document that says which test shows a thing must not
// outlive the test, and no threat and no promise stands without one.
func TestNamedTestsAreThere(t *testing.T) {
	there := testNames(t)
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	for _, file := range []string{"../../docs/guarantees.md", "../../docs/threats.md", "../../docs/security.md"} {
		for _, m := range named.FindAllStringSubmatch(readText(t, file), -1) {
			if !slices.Contains(there, m[1]) {
				t.Errorf("%s: there is no %s", file, m[1])
			}
		}
	}
	for file, heading := range map[string]string{"../../docs/threats.md": "## Threats, and", "../../docs/security.md": "## Promises"} {
		_, section, found := strings.Cut(readText(t, file), heading)
		section, _, _ = strings.Cut(section, "\n## ")
		rows := regexp.MustCompile(`(?m)^\| [^-*].*\|$`).FindAllString(section, -1)
		if !found || len(rows) < 10 {
			t.Fatalf("%s has %d rows", file, len(rows))
		}
		for _, row := range rows[1:] { // below the head
			if !named.MatchString(row) {
				t.Errorf("%s: no test in %s", file, row)
			}
		}
	}
}

// testNames lists the tests and fuzz targets of the tree.
func testNames(t *testing.T) []string {
	t.Helper()
	var names []string
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	err := filepath.WalkDir("../..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		data, err := os.ReadFile(file)
		for _, m := range declared.FindAllStringSubmatch(string(data), -1) {
			names = append(names, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestNoOtherRegularExpressions: Go's regexp takes time linear in the text; other
// engines do not promise that.
func TestNoOtherRegularExpressions(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		t.Fatal("nothing is known of what is linked")
	}
	other := regexp.MustCompile(`(?i)regexp2|pcre|onigmo|oniguruma|rure|hyperscan|coregex`)
	for _, m := range info.Deps {
		if other.MatchString(m.Path) {
			t.Errorf("%s is another engine", m.Path)
		}
	}
}

// TestEveryRunLooksForVulnerabilities: and says so where it cannot.
func TestEveryRunLooksForVulnerabilities(t *testing.T) {
	if !strings.Contains(readText(t, "../../.ci/run"), "\nmake vuln\n") {
		t.Error(".ci/run does not look")
	}
	const nowhere = "nowhere.tgz"
	out, err := exec.CommandContext(t.Context(), "../../tools/vuln", nowhere).CombinedOutput()
	if err != nil || !strings.Contains(string(out), nowhere) || !strings.Contains(string(out), "not looked for") {
		t.Errorf("%s, %v", out, err)
	}
}
