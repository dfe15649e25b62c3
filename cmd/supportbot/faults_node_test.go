package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// span is a time in which something was wrong, or under way.
type span struct{ from, to time.Time }

func (s span) overlaps(o span) bool { return !s.from.After(o.to) && !o.from.After(s.to) }

// node is one process of the program, again and again.
type node struct {
	name   string
	args   []string
	binary string
	first  string        // fault, "" for a node that is spared
	next   func() string // the faults after it
	alone  bool          // nobody takes over from it
	report *report
	cmd    *exec.Cmd
	log    *lines
	gone   chan struct{} // closed when the process has ended

	mu      sync.Mutex
	url     string
	trouble []span
}

// start runs it until it is ready, again if it ends before, which it may while
// the database is down.
func (n *node) start(mishap string) {
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(100 * time.Millisecond) {
		if n.once(mishap) {
			return
		}
		mishap = ""
	}
	n.report.violated("trial", "node %s does not start:\n%s", n.name, n.log)
}

var (
	readyLine  = regexp.MustCompile(`msg=ready url=(\S+)`)
	mishapLine = regexp.MustCompile(`(?m)^mishap `)
)

// once returns false if the process ends before it is ready.
func (n *node) once(mishap string) bool {
	cmd, log, gone := exec.Command(n.binary, n.args...), &lines{}, make(chan struct{})
	cmd.Env = append(os.Environ(), "SUPPORTBOT_ADMIN_PASSWORD="+adminPassword, "SUPPORTBOT_REST_KEY="+restKey, "MISHAP="+mishap)
	cmd.Stderr = log
	n.cmd, n.log, n.gone = cmd, log, gone
	if err := cmd.Start(); err != nil {
		close(gone)
		return false
	}
	go func() {
		defer close(gone)
		_ = cmd.Wait()
		now := time.Now()
		n.suffered(span{now, now})
		if cmd.ProcessState.ExitCode() == 2 {
			n.report.violated("trial", "node %s panicked:\n%s", n.name, log)
		}
	}()
	for {
		if found := readyLine.FindStringSubmatch(log.String()); found != nil {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.url = found[1]
			return true
		}
		if mishapLine.MatchString(log.String()) { // while it was starting
			return true
		}
		select {
		case <-gone:
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (n *node) suffered(s span) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.trouble = append(n.trouble, s)
}

func (n *node) address() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.url
}

func (n *node) signal(s syscall.Signal) {
	if n.cmd.Process != nil {
		_ = n.cmd.Process.Signal(s)
	}
}

// kill ends it as a power cut does.
func (n *node) kill() {
	if n.gone != nil {
		n.signal(syscall.SIGKILL)
		<-n.gone
	}
}

// stands has it stand still that is standing still already, or is about to.
func (n *node) stands(d time.Duration) {
	from := time.Now()
	time.Sleep(d)
	n.suffered(span{from, time.Now()})
	n.signal(syscall.SIGCONT)
}

// points are those of mishaps.
var points = []string{
	"before-accept", "after-accept", "before-take", "after-take", "before-commit", "after-commit",
	"before-claim", "after-claim", "before-send", "after-send", "before-settle", "after-settle",
}

// What a node that stands still for this long was at is another's when it goes
// on: a lease lasts 5 seconds for a turn and 9 for a message that is sent.
const (
	tooLongForTurns   = 7 * time.Second
	tooLongForSending = 13 * time.Second
)

// pause is for how long it stands still. Alone, it would only keep all waiting.
func (n *node) pause(fault string) time.Duration {
	switch {
	case n.alone:
		return time.Second
	case fault == "stop", strings.HasSuffix(fault, "send"), strings.HasSuffix(fault, "claim"), strings.HasSuffix(fault, "settle"):
		return tooLongForSending
	default:
		return tooLongForTurns
	}
}

// suffer is one fault.
func (n *node) suffer(fault string) {
	switch fault {
	case "kill":
		n.kill()
		n.start("")
	case "restart":
		n.signal(syscall.SIGTERM)
		<-n.gone
		n.start("")
	case "stop":
		n.signal(syscall.SIGSTOP)
		n.stands(rand.N(n.pause(fault)))
	default: // such as "kill 3 before-send"
		n.kill()
		n.start(fault)
		n.meets(fault)
		return
	}
	n.report.count(named(fault))
}

// meets waits for a fault that it was started with, and for its end.
func (n *node) meets(fault string) {
	for begun := time.Now(); !mishapLine.MatchString(n.log.String()); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > 10*time.Second { // nothing passes there now
			n.kill()
			n.start("")
			return
		}
	}
	if strings.HasPrefix(fault, "stop") {
		n.stands(n.pause(fault))
	} else {
		<-n.gone
		n.start("")
	}
	n.report.count(named(fault))
}

// named is what the report calls a fault.
func named(fault string) string {
	var what, point string
	var passage int
	if n, _ := fmt.Sscan(fault, &what, &passage, &point); n == 3 {
		return what + " " + point
	}
	return map[string]string{"kill": "kill -9 at any time", "restart": "restart", "stop": "SIGSTOP at any time"}[fault]
}

// anyFault is one by chance.
func anyFault() string {
	switch die := rand.IntN(10); {
	case die < 3:
		return "kill"
	case die < 4:
		return "restart"
	case die < 5:
		return "stop"
	case die < 9:
		return fmt.Sprint("kill ", 1+rand.IntN(20), " ", points[rand.IntN(len(points))])
	default:
		return fmt.Sprint("stop ", 1+rand.IntN(20), " ", points[rand.IntN(len(points))])
	}
}
