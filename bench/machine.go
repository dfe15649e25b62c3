package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// buildProgram builds supportbot from the module that this command is of.
func buildProgram(ctx context.Context, dir string) (string, error) {
	program := filepath.Join(dir, "supportbot")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "supportbot/cmd/supportbot").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build supportbot: %w\n%s", err, out)
	}
	return program, nil
}

func printMachine(ctx context.Context, quick bool) {
	if quick {
		fmt.Print("**A quick run: the figures show that everything works, and nothing else.**\n\n")
	}
	fmt.Printf("%s, commit %s. %d × %s, %d GB of memory, Linux %s, %s; the load is generated on the same machine.\n",
		time.Now().UTC().Format("2 January 2006, 15:04 UTC"), commit(ctx),
		runtime.NumCPU(), field("/proc/cpuinfo", "model name"), kilobytes(field("/proc/meminfo", "MemTotal"))>>30, kernel(), runtime.Version())
}

// commit is the version that is measured, "-dirty" if files differ from it.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--exclude=*").Output()
	if err != nil {
		return "unknown"
	}
	return string(bytes.TrimSpace(out))
}

func kernel() string {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "of unknown version"
	}
	return string(bytes.TrimSpace(release))
}

// field is the first value under a name in a file of lines "name: value".
func field(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// kilobytes is a value of /proc such as "12 kB", in bytes.
func kilobytes(value string) int64 {
	number, _, _ := strings.Cut(value, " ")
	n, _ := strconv.ParseInt(number, 10, 64)
	return n << 10
}
