package store_test

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"supportbot/internal/seal"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// pooler passes connections on to PostgreSQL as PgBouncer does: it refuses those
// that begin with a setting it does not track, see
// https://www.pgbouncer.org/config.html#ignore_startup_parameters.
func pooler(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go pool(client, server)
		}
	}()
	u.Host = l.Addr().String()
	return u.String()
}

func pool(client net.Conn, server string) {
	defer client.Close()
	front := pgproto3.NewBackend(client, client)
	first, err := front.ReceiveStartupMessage()
	if err != nil {
		return
	}
	startup, ok := first.(*pgproto3.StartupMessage)
	if !ok {
		return // a cancellation
	}
	tracked := []string{"user", "database", "client_encoding", "datestyle", "timezone", "standard_conforming_strings", "application_name"}
	for name := range startup.Parameters {
		if !slices.Contains(tracked, strings.ToLower(name)) {
			front.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: " + name})
			_ = front.Flush() // who is refused may be gone
			return
		}
	}
	back, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer back.Close()
	hello, err := startup.Encode(nil)
	if err != nil {
		return
	}
	if _, err := back.Write(hello); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(back, client)
		back.Close()
	}()
	_, _ = io.Copy(client, back)
}

func TestAPoolerMayStandBeforePostgreSQL(t *testing.T) {
	s, err := store.Open(t.Context(), pooler(t, pgtest.Database(t)), seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
