package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// restKey is the key of the REST channel of the servers that are measured.
const restKey = "benchmark"

// process is a server that runs, ready at addr.
type process struct {
	cmd   *exec.Cmd
	addr  string
	ready time.Duration // from its start until it was ready
	ended chan error
}

// serve starts the program with its data in a folder of that name and settings
// such as "--database=URL".
func (b *bench) serve(ctx context.Context, data string, settings ...string) (*process, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	args := append([]string{"serve", "--listen", addr, "--data", filepath.Join(b.dir, data), "--rest-key", restKey}, settings...)
	return start(ctx, exec.CommandContext(ctx, b.program, args...), addr, filepath.Join(b.dir, data+".log"))
}

// beside starts one of the servers that the program is compared with.
func (b *bench) beside(ctx context.Context, name string, args ...string) (*process, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args = append([]string{"child", name, addr}, args...)
	return start(ctx, exec.CommandContext(ctx, self, args...), addr, filepath.Join(b.dir, name+".log"))
}

// freeAddress is one that nobody listened on a moment ago.
func freeAddress(ctx context.Context) (string, error) {
	var network net.ListenConfig
	l, err := network.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// readyLimit is how long a server may take to start.
const readyLimit = 30 * time.Second

func start(ctx context.Context, cmd *exec.Cmd, addr, logFile string) (*process, error) {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = log, log
	p := &process{cmd: cmd, addr: addr, ended: make(chan error, 1)}
	begun := time.Now()
	if err := errors.Join(cmd.Start(), log.Close()); err != nil {
		return nil, err
	}
	go func() { p.ended <- cmd.Wait() }()
	for !isReady(ctx, addr) {
		select {
		case err := <-p.ended:
			said, _ := os.ReadFile(logFile)
			return nil, fmt.Errorf("%s ended before it was ready: %w\n%s", filepath.Base(cmd.Path), err, said)
		case <-time.After(time.Millisecond):
		}
		if time.Since(begun) > readyLimit {
			return nil, errors.Join(fmt.Errorf("%s was not ready within %s", filepath.Base(cmd.Path), readyLimit), p.kill())
		}
	}
	p.ready = time.Since(begun)
	return p, nil
}

func isReady(ctx context.Context, addr string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// stop ends the server as an operator would.
func (p *process) stop() error { return p.end(syscall.SIGTERM) }

// kill ends it as a crash would.
func (p *process) kill() error { return p.end(syscall.SIGKILL) }

func (p *process) end(by syscall.Signal) error {
	if err := p.cmd.Process.Signal(by); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-p.ended:
		p.ended <- err
		return nil
	case <-time.After(readyLimit):
		return fmt.Errorf("%s did not end within %s of a signal", filepath.Base(p.cmd.Path), readyLimit)
	}
}

// pid is its number in /proc.
func (p *process) pid() int { return p.cmd.Process.Pid }

// pids is pid for those who want a list.
func (p *process) pids() []int { return []int{p.pid()} }

// stopAll is for what is deferred: what matters has been measured by then.
func stopAll(processes ...*process) {
	for _, p := range processes {
		if p != nil {
			_ = p.stop()
		}
	}
}
