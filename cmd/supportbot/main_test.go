package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"supportbot/internal/seal"
)

var builds string // a folder for what tests build

func TestMain(m *testing.M) {
	var err error
	if builds, err = os.MkdirTemp("", "supportbot"); err != nil {
		panic(err)
	}
	os.Setenv("SUPPORTBOT_KEY_FILE", testKey().File) // of all servers of these tests
	os.Setenv("SUPPORTBOT_READERS", filepath.Join(builds, "readers"))
	code := m.Run()
	os.RemoveAll(builds)
	os.Exit(code)
}

func testKey() seal.Place {
	return seal.Place{File: filepath.Join(builds, "supportbot.key"), Make: true}
}

// built builds the program, once: tests start it as people do.
var built = sync.OnceValues(func() (string, error) { return build(builds) })

// command runs a command to its end and returns what it printed.
func command(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := program(t, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var errors bytes.Buffer
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("supportbot %s: %w\n%s", strings.Join(args, " "), err, errors.String())
	}
	return string(out), err
}

func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary, args...)
	cmd.Env = os.Environ()
	return cmd
}

// server is a running `supportbot serve`.
type server struct {
	*testing.T
	url  string
	data string
	cmd  *exec.Cmd
	log  *lines
}

const adminPassword, restKey = "correct horse", "test-key"

// serve starts a server on a free port over dir and waits until it is ready.
func serve(t *testing.T, dir string, args ...string) *server {
	t.Helper()
	return serveUnder(t, ":", dir, args...)
}

// serveUnder is serve after a command of the shell, such as one that sets a
// limit.
func serveUnder(t *testing.T, before, dir string, args ...string) *server {
	t.Helper()
	return serveBy(t, program(t), before, dir, args...)
}

// serveBy is serveUnder by another build of the program.
func serveBy(t *testing.T, cmd *exec.Cmd, before, dir string, args ...string) *server {
	t.Helper()
	cmd.Args = append([]string{cmd.Path, "serve", "--listen", "127.0.0.1:0", "--data", dir}, args...)
	cmd.Args = append([]string{"sh", "-c", before + ` && exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.Env = append(cmd.Env, "SUPPORTBOT_ADMIN_PASSWORD="+adminPassword, "SUPPORTBOT_REST_KEY="+restKey)
	s := &server{T: t, data: dir, cmd: cmd, log: &lines{}}
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	ready := s.log.wait(t, `msg=ready url=(\S+)`)
	s.url = ready[1]
	return s
}

// stop ends the server as an operator does.
func (s *server) stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan error, 1)
	go func() { done <- s.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			s.Errorf("stop: %v\n%s", err, s.log)
		}
	case <-time.After(15 * time.Second):
		s.Error("the server does not stop")
		s.cmd.Process.Kill()
	}
}

// kill ends it as a power cut does.
func (s *server) kill() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// get asks for a path without anything.
func (s *server) get(path string) (status int, body string) {
	s.Helper()
	response, err := http.Get(s.url + path)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	var b bytes.Buffer
	b.ReadFrom(response.Body)
	return response.StatusCode, b.String()
}

// lines collects what a process logs.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// wait waits for a line that matches.
func (l *lines) wait(t *testing.T, pattern string) []string {
	t.Helper()
	match := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if found := match.FindStringSubmatch(l.String()); found != nil {
			return found
		}
	}
	t.Fatalf("never logged %s:\n%s", pattern, l)
	return nil
}
