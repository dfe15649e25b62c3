package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"

	"supportbot/internal/store/pgtest"
)

// pgServer is a PostgreSQL of its own, which ends with this process at the
// latest.
type pgServer struct {
	*pgtest.Server
	outside *outsideTests
}

func startPostgres(settings ...string) (*pgServer, error) {
	s := &pgServer{outside: &outsideTests{}}
	return s, s.outside.do(func(t testing.TB) { s.Server = pgtest.Start(t, settings...) })
}

// database returns the URL of a new one.
func (s *pgServer) database() (url string, err error) {
	err = s.outside.do(func(t testing.TB) { url = s.Database(t) })
	return url, err
}

func (s *pgServer) stop() {
	for _, end := range s.outside.cleanups {
		end()
	}
}

// pid is that of the process that starts one for each connection.
func (s *pgServer) pid(ctx context.Context) (int, error) {
	url, err := s.database()
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	values := stat(int(conn.PgConn().PID()))
	if err := conn.Close(ctx); err != nil {
		return 0, err
	}
	if len(values) < 2 {
		return 0, errors.New("the process of PostgreSQL is not to be seen in /proc")
	}
	return strconv.Atoi(values[1])
}

// outsideTests stands in for a test where there is none, so that what starts
// servers for tests can start them here.
type outsideTests struct {
	testing.TB
	cleanups []func()
}

// do calls f and returns what would have skipped or failed the test.
func (t *outsideTests) do(f func(testing.TB)) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case skipped:
			err = v
		case failed:
			err = v
		default:
			panic(v)
		}
	}()
	f(t)
	return nil
}

type (
	skipped struct{ error }
	failed  struct{ error }
)

func (t *outsideTests) Helper()           {}
func (t *outsideTests) Cleanup(f func())  { t.cleanups = append(t.cleanups, f) }
func (t *outsideTests) Skip(args ...any)  { panic(skipped{errors.New(fmt.Sprint(args...))}) }
func (t *outsideTests) Fatal(args ...any) { panic(failed{errors.New(fmt.Sprint(args...))}) }
func (t *outsideTests) Fatalf(format string, args ...any) {
	panic(failed{fmt.Errorf(format, args...)})
}
