package main

import (
	"errors"
	"testing"
)

// Helpers of tests may change; part e must notice before it is due.
func TestPostgresStartsOutsideTests(t *testing.T) {
	server, err := startPostgres("fsync=off")
	if errors.As(err, new(skipped)) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	if len(server.outside.cleanups) == 0 {
		t.Error("nothing would end the server")
	}
	pid, err := server.pid(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if cpuTime(pid) == 0 && len(stat(pid)) == 0 {
		t.Errorf("there is no process %d", pid)
	}
}

func TestAFailureOutsideTestsIsAnError(t *testing.T) {
	var outside outsideTests
	if err := outside.do(func(t testing.TB) { t.Fatalf("no %s", "disk") }); err == nil || err.Error() != "no disk" {
		t.Errorf("got %v", err)
	}
	if err := outside.do(func(t testing.TB) { t.Skip("none here") }); !errors.As(err, new(skipped)) {
		t.Errorf("got %v, want a skip", err)
	}
	if err := outside.do(func(testing.TB) {}); err != nil {
		t.Errorf("got %v", err)
	}
}
