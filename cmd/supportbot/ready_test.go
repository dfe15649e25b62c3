package main

import (
	"net/http"
	"testing"
	"time"

	"supportbot/internal/store/pgtest"
)

// TestReadyTellsTheTruth takes the database away from a server and gives it
// back.
func TestReadyTellsTheTruth(t *testing.T) {
	postgres := pgtest.Start(t)
	s := nodes(t, postgres.Database(t), 1)[0]
	s.says("1", "POS机密码忘了")
	becomes := func(status int) {
		t.Helper()
		begun := time.Now()
		for {
			got, _ := s.get("/readyz")
			if got == status {
				t.Logf("/readyz is %d after %s", status, time.Since(begun))
				return
			}
			if time.Since(begun) > 2*time.Second {
				t.Fatalf("/readyz is %d two seconds later, want %d", got, status)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	becomes(http.StatusOK)
	postgres.Stop(t)
	becomes(http.StatusServiceUnavailable)
	if status, _ := s.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz is %d, but the process is well", status)
	}
	body := `{"conversation":"c","id":"2","text":"手机银行"}`
	if status, answer := s.rest(restKey, "POST", "/api/v1/messages", body); status != http.StatusServiceUnavailable {
		t.Errorf("a message without a database: %d %v", status, answer)
	}
	postgres.Resume(t)
	becomes(http.StatusOK)
	said, _ := s.says("2", "手机银行")
	s.reads(said, "能登录了吗")
}

func TestADrainingServerSaysSo(t *testing.T) {
	s := serve(t, t.TempDir(), "--drain", "1s")
	ended := make(chan struct{})
	go func() { s.stop(); close(ended) }()
	s.log.wait(t, "msg=stopping")
	if status, _ := s.get("/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz is %d while the server stops", status)
	}
	said, _ := s.says("1", "POS机密码忘了")
	s.reads(said, "用哪种方式重设")
	<-ended
}
