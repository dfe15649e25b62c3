package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// written is what a process asked the disk for, in order, as strace saw it.
type written []call

// call is one system call that has succeeded.
type call struct {
	name   string // of the system call, or create, look, remove
	path   string
	data   []byte
	offset int64 // or the length of ftruncate
	begun  int   // how many calls had ended when this one began
}

// traced is a command for serveUnder that has strace write what the server does
// into a file. The test is skipped where strace cannot be used.
func traced(t *testing.T, file string) (before string) {
	t.Helper()
	if err := exec.Command("strace", "-o", os.DevNull, "true").Run(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("strace: %v", err)
		}
		t.Skipf("strace cannot be used here: %v", err)
	}
	const calls = "write,pwrite64,ftruncate,fsync,fdatasync,?open,openat,?mkdir,mkdirat,?unlink,unlinkat" // ? for those that some machines lack
	return "exec strace -D -f -y -xx -s 1048576 -e signal=none -e trace=" + calls + " -o " + file + ` "$0" "$@"; :`
}

var (
	callLine = regexp.MustCompile(`^(\d+) +(<\.\.\. )?(\w+)(\(| resumed>)(.*)$`)
	quoted   = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
	onFile   = regexp.MustCompile(`^\w+<((?:\\x[0-9a-f]{2})*)`)
)

// readTrace reads what strace has written.
func readTrace(t *testing.T, file string) (w written) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type half struct {
		text  string
		begun int
	}
	open := map[string]half{} // by thread
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		m := callLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue // a thread has ended
		}
		thread, name, rest := m[1], m[3], half{m[5], len(w)}
		if start, unfinished := strings.CutSuffix(rest.text, " <unfinished ...>"); unfinished {
			open[thread] = half{start, len(w)}
			continue
		}
		if m[2] != "" {
			rest = half{open[thread].text + rest.text, open[thread].begun}
		}
		end := strings.LastIndex(rest.text, ") ")
		if end < 0 || strings.Contains(rest.text[end:], "= -1") {
			continue
		}
		w = append(w, readCall(t, name, rest.text[:end], rest.begun))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return w
}

func readCall(t *testing.T, name, args string, begun int) call {
	t.Helper()
	c := call{name: name, begun: begun}
	if m := quoted.FindStringSubmatch(args); m != nil {
		c.data = unhex(t, m[1])
	}
	switch name {
	case "open", "openat":
		c.name = "create"
		if !strings.Contains(args, "O_CREAT") {
			c.name = "look"
		}
	case "mkdir", "mkdirat":
		c.name = "create"
	case "unlink", "unlinkat":
		c.name = "remove"
	}
	if name != c.name {
		c.path, c.data = string(c.data), nil
	} else if m := onFile.FindStringSubmatch(args); m != nil {
		c.path = string(unhex(t, m[1]))
	}
	if name == "pwrite64" || name == "ftruncate" {
		var err error
		if c.offset, err = strconv.ParseInt(args[strings.LastIndex(args, " ")+1:], 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// subject is what must be synced for a call to last: a file, or the directory
// that holds its name.
func (c call) subject() string {
	if c.name == "create" || c.name == "remove" {
		return filepath.Dir(c.path)
	}
	return c.path
}

// cut puts what a power cut after some calls leaves of a directory into another
// one. What was synced is there; unsynced tells what reached the disk of the
// rest.
func (w written) cut(t rapid.TB, from, to string, unsynced func(call) (kept bool, data []byte)) {
	t.Helper()
	safe := map[string]int{} // calls on it before this number last
	for _, c := range w {
		if c.name == "fsync" || c.name == "fdatasync" {
			safe[c.path] = max(safe[c.path], c.begun)
		}
	}
	files, gone := map[string][]byte{}, map[string]bool{}
	for i, c := range w {
		if !strings.HasPrefix(c.path, from) || strings.HasSuffix(c.path, "-shm") { // which is memory
			continue
		}
		data := c.data
		if i >= safe[c.subject()] {
			kept := false
			if kept, data = unsynced(c); !kept {
				gone[c.path] = gone[c.path] || files[c.path] == nil && c.name == "create"
				continue
			}
		}
		switch c.name {
		case "create":
			if files[c.path] == nil {
				files[c.path] = []byte{}
			}
		case "remove":
			delete(files, c.path)
		case "ftruncate":
			files[c.path] = resize(files[c.path], int(c.offset))
		case "pwrite64":
			files[c.path] = resize(files[c.path], max(len(files[c.path]), int(c.offset)+len(data)))
			copy(files[c.path][c.offset:], data)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if gone[path] || gone[from] {
			continue
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(path)), files[path], 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func resize(b []byte, n int) []byte {
	if n <= len(b) {
		return b[:n]
	}
	return append(b, make([]byte, n-len(b))...)
}

// torn is the beginning of a write: disks write sectors.
func torn(dice *rand.Rand, data []byte) []byte {
	return bytes.Clone(data[:dice.IntN(len(data)/512+1)*512])
}
