package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

// sockets is part c: websockets that wait, and one conversation in many tabs.
func (b *bench) sockets(ctx context.Context) error {
	files, err := raiseFiles()
	if err != nil {
		return err
	}
	count := min(pick(b, 10_000, 500), files-spareFiles)
	section("c. Websockets", `Idle connections, each with a conversation that has begun, beside a bare gorilla/websocket server that echoes.
Memory is resident, without what the kernel keeps for a socket.`)
	header("server", "connections", "KB each", "connections per GB", "CPU while idle: server / others")
	bare, err := b.beside(ctx, "sockets")
	if err != nil {
		return err
	}
	defer stopAll(bare)
	if err := b.idle(ctx, "gorilla echo", bare, "/echo", count); err != nil {
		return err
	}
	token, err := b.agentToken(ctx, "sockets")
	if err != nil {
		return err
	}
	server, err := b.serve(ctx, "sockets")
	if err != nil {
		return err
	}
	defer stopAll(server)
	if err := b.idle(ctx, "supportbot", server, "/chat/ws", count); err != nil {
		return err
	}
	return b.fanOut(ctx, bare, server, token)
}

// spareFiles are for all but the connections that are counted.
const spareFiles = 2000

// raiseFiles lets this process and its children open as many files as it may,
// and returns how many these are.
func raiseFiles() (int, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, fmt.Errorf("read the limit of open files: %w", err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil { // without this the children would have less
		return 0, fmt.Errorf("raise the limit of open files: %w", err)
	}
	if limit.Cur <= spareFiles {
		return 0, fmt.Errorf("only %d files may be open; raise the limit with ulimit -Hn", limit.Cur)
	}
	return int(limit.Cur), nil
}

// openLimit bounds how long connections are opened.
const openLimit = 45 * time.Second

// idle opens connections and shows what they cost while nothing is said.
func (b *bench) idle(ctx context.Context, name string, server *process, path string, count int) error {
	ctx, cancel := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	before := resident(server.pid())
	open := make(chan int, count)
	for i := range count {
		open <- i
	}
	close(open)
	var opened atomic.Int64
	var failed atomic.Pointer[error]
	until := time.Now().Add(openLimit)
	var dialing sync.WaitGroup
	for range goalCrowd {
		dialing.Go(func() {
			for i := range open {
				if time.Now().After(until) || failed.Load() != nil {
					return
				}
				t, err := openTab(ctx, server.addr, path, i, "")
				if err != nil {
					failed.Store(&err)
					return
				}
				opened.Add(1)
				reading.Go(func() { t.read(ctx, nil) })
			}
		})
	}
	dialing.Wait()
	if err := failed.Load(); err != nil {
		return fmt.Errorf("%s: connection %d: %w", name, opened.Load()+1, *err)
	}
	done := watchCPU(server.pids)
	time.Sleep(pick(b, 10*time.Second, 2*time.Second))
	cpu := done()
	each := float64(resident(server.pid())-before) / float64(opened.Load())
	line(name, fmt.Sprint(opened.Load()), fmt.Sprintf("%.1f", each/1024), rate((1<<30)/each), percent(cpu.servers)+" / "+percent(cpu.foreign))
	return nil
}

// tab is one connection of a person.
type tab struct {
	ws    *websocket.Conn
	token string // of its conversation
}

// openTab connects from an address of its own for every few thousand, since
// there are no more ports on one, and says hello.
func openTab(ctx context.Context, addr, path string, number int, token string) (*tab, error) {
	local := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+number/5000))}}
	dialer := websocket.Dialer{NetDialContext: local.DialContext, HandshakeTimeout: readyLimit, ReadBufferSize: 1024, WriteBufferSize: 512}
	ws, res, err := dialer.DialContext(ctx, "ws://"+addr+path, nil)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	t := &tab{ws: ws, token: token}
	if err := t.hello(); err != nil {
		ws.Close()
		return nil, err
	}
	return t, nil
}
