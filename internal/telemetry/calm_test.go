package telemetry

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// page is what a log has written, also while it writes.
type page struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *page) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// While a database is gone, the log tells it once a second and not once a request.
func TestErrorsThatComeAgainAreOneLineASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out page
		log := NewLog(&out, "text", slog.LevelInfo)
		count := func(part string) int { return strings.Count(out.String(), part) }
		for i := range 1000 {
			log.Error("call failed", "route", "GET /a", "error", fmt.Errorf("dial from port %d", i))
		}
		if count("call failed") != 1 || count("port 0") != 1 {
			t.Errorf("at once there are %d lines", count("call failed"))
		}
		log.Error("call failed", "route", "GET /b", "error", errors.New("gone"))
		log.With("thread", 7).Error("call failed", "error", errors.New("gone"))
		log.With("thread", 8).Error("call failed", "error", errors.New("gone"))
		log.Warn("slow")
		log.Warn("slow")
		if count("call failed") != 4 || count("slow") != 2 {
			t.Errorf("what is something else is not there:\n%s", &out)
		}
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		if count("call failed") != 5 || count("more=999") != 1 || count("port 999") != 1 {
			t.Errorf("after a second:\n%s", &out)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if count("call failed") != 5 {
			t.Errorf("nothing happened, and yet:\n%s", &out)
		}
		log.Error("call failed", "route", "GET /a", "error", errors.New("gone again"))
		if count("gone again") != 1 {
			t.Errorf("after a pause the first is not told at once:\n%s", &out)
		}
	})
}

// Many different errors are all told, and remembered in bounded memory.
func TestDifferentErrorsAreAllTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out page
		log := NewLog(&out, "json", slog.LevelInfo)
		var all sync.WaitGroup
		for i := range 3 * calmKept {
			all.Go(func() { log.Error("stuck", "thread", i) })
		}
		all.Wait()
		if n := strings.Count(out.String(), "stuck"); n != 3*calmKept {
			t.Errorf("%d lines", n)
		}
	})
}
