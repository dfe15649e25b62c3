// Package pgtest starts a PostgreSQL that tests can throw away.
package pgtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL of its own, on a free port of 127.0.0.1. It and its
// data are gone when the test program ends, however that ends.
type Server struct {
	bin  string // the folder of initdb and pg_ctl
	dir  string
	port int
	life io.Closer // the server ends when this is closed
}

var (
	shared   *Server
	sharedBy sync.Mutex
	made     atomic.Int64
)

// Database returns the URL of a new, empty database on the server that all tests
// of the program share. It does not wait for the disk: what is tested there is
// not whether PostgreSQL keeps its word. A test is skipped where there is no
// PostgreSQL, and fails if CI=true.
func Database(t testing.TB) string {
	t.Helper()
	sharedBy.Lock()
	defer sharedBy.Unlock()
	if shared == nil {
		shared = start(t, "fsync=off", "max_connections=300")
	}
	return shared.Database(t)
}

// Start starts a server until the end of the test, with settings such as
// "fsync=off".
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	s := start(t, settings...)
	t.Cleanup(func() { s.life.Close() })
	return s
}

func start(t testing.TB, settings ...string) *Server {
	t.Helper()
	bin := programs()
	if bin == "" {
		missing := "there is no PostgreSQL here; install postgresql-15, or set PGBIN to the folder of initdb"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{bin: bin, dir: dir, port: freePort(t)}
	s.guard(t)
	if id := servant(); id >= 0 {
		if err := os.Chown(dir, id, -1); err != nil {
			t.Fatal(err)
		}
	}
	s.run(t, "initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	conf := fmt.Sprintf("port = %d\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '%s'\n", s.port, dir)
	for _, setting := range settings {
		conf += setting + "\n"
	}
	if err := os.WriteFile(filepath.Join(s.data(), "postgresql.auto.conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Resume(t)
	return s
}

// Stop ends the server as a crash does; it keeps what was committed.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "stop", "-D", s.data(), "-m", "immediate", "-w")
}

// Resume starts it again.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	s.run(t, "pg_ctl", "start", "-D", s.data(), "-l", filepath.Join(s.dir, "log"), "-w", "-t", "60")
}

// Address is where it listens.
func (s *Server) Address() string { return fmt.Sprint("127.0.0.1:", s.port) }

// Database returns the URL of a new, empty database.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	name := fmt.Sprint("test", made.Add(1))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return s.url(name)
}

func (s *Server) url(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Host: s.Address(), Path: database, RawQuery: "sslmode=disable"}
	return u.String()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// guard has a shell wait for the end of this program, which holds the other end
// of a pipe: that closes whether the program returns or is killed.
func (s *Server) guard(t testing.TB) {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "sh", "-c", `
		trap '' INT TERM
		read -r _
		kill -QUIT "$(head -1 "$0/data/postmaster.pid")" 2>/dev/null
		sleep 1
		rm -rf "$0"`, s.dir)
	life, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.life = life
}

// run runs one of PostgreSQL's programs to its end, as its own user where this
// is root, whom PostgreSQL refuses.
func (s *Server) run(t testing.TB, program string, args ...string) {
	t.Helper()
	args = append([]string{filepath.Join(s.bin, program)}, args...)
	if servant() >= 0 {
		args = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"}, args...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = s.dir
	said, err := os.OpenFile(filepath.Join(s.dir, "said"), os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600) // no pipe: the server would keep it open
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = said.Close() }()
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(said.Name())
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, text)
	}
}

// freePort is a port that was free a moment ago.
func freePort(t testing.TB) int {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// servant is the user that PostgreSQL runs as, -1 for whoever runs the tests.
func servant() int {
	if os.Getuid() != 0 {
		return -1
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return -1
	}
	id, err := strconv.Atoi(u.Uid)
	if err != nil {
		return -1
	}
	return id
}

// programs is the folder of PostgreSQL's programs, "" if there are none.
func programs() string {
	if dir := os.Getenv("PGBIN"); dir != "" {
		return dir
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // where Debian hides them
	slices.Sort(found)
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}
