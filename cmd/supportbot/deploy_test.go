package main

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheServiceStarts: the command of the systemd unit is one that the program
// takes, and it keeps its data where the unit lets it write.
func TestTheServiceStarts(t *testing.T) {
	unit := readText(t, "../../deploy/supportbot.service")
	line := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/supportbot (.*)$`).FindStringSubmatch(unit)
	if line == nil {
		t.Fatal("the unit starts no supportbot")
	}
	if !strings.Contains(unit, "\nStateDirectory=supportbot\n") || !strings.Contains(line[1], "--data ${STATE_DIRECTORY}") {
		t.Error("the data is not in the folder that systemd makes")
	}
	dir := t.TempDir()
	args := strings.Fields(strings.ReplaceAll(line[1], "${STATE_DIRECTORY}", dir))
	out, err := command(t, "", append(args, "--print-config")...)
	if err != nil || !strings.Contains(out, `data: "`+dir+`"`) {
		t.Errorf("%v: %s, %v", args, out, err)
	}
	for _, run := range regexp.MustCompile(`(?m)^#   sudo -u supportbot supportbot (.*)$`).FindAllStringSubmatch(unit, -1) {
		args := strings.Fields(strings.ReplaceAll(run[1], "/var/lib/supportbot", dir))
		if out, err := command(t, "", args...); err != nil {
			t.Errorf("%s: %s, %v", run[0], out, err)
		}
	}
}

// TestTheImageIsMadeOfWhatIsThere: the container file copies and builds what the
// tree has, with a Go that can build it, and starts a command of the program.
func TestTheImageIsMadeOfWhatIsThere(t *testing.T) {
	file := readText(t, "../../Containerfile")
	for _, copied := range regexp.MustCompile(`(?m)^COPY ([^-].*) \S+$`).FindAllStringSubmatch(file, -1) {
		for _, name := range strings.Fields(copied[1]) {
			if _, err := os.Stat(path.Join("../..", name)); err != nil {
				t.Errorf("%s: %v", copied[0], err)
			}
		}
	}
	for _, want := range []string{"go build -trimpath", " ./cmd/supportbot\n", `ENTRYPOINT ["/supportbot"]`, `CMD ["serve"]`, "\nUSER 65532:65532\n", "SUPPORTBOT_DATA=/data ", "\nVOLUME /data\n"} {
		if !strings.Contains(file, want) {
			t.Errorf("there is no %q", want)
		}
	}
	needs := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readText(t, "../../go.mod"))
	if !strings.Contains(file, "/golang:"+needs[1]+".") {
		t.Errorf("go.mod needs Go %s", needs[1])
	}
}

// TestDeploymentsNameSettingsThatExist: so does the runbook.
func TestDeploymentsNameSettingsThatExist(t *testing.T) {
	help, err := command(t, "", "serve", "--help")
	if err != nil {
		t.Fatal(err)
	}
	setting := regexp.MustCompile(`SUPPORTBOT_[A-Z_]+`)
	known := setting.FindAllString(help, -1)
	for _, file := range []string{"../../deploy/supportbot.service", "../../Containerfile", "../../docs/runbook.md"} {
		for _, name := range setting.FindAllString(readText(t, file), -1) {
			if !slices.Contains(known, name) {
				t.Errorf("%s: there is no setting %s", file, name)
			}
		}
	}
}

func readText(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
