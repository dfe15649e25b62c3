package store

import (
	"context"
	"database/sql"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// line is where work waits for the next group: what is there when one is done is
// the next, so that a group is larger the more there is to do, and nobody who
// comes alone waits for others.
type line[T any] struct {
	jobs    chan *job[T]
	most    int // in one group
	stop    func()
	halt    chan struct{}
	stopped chan struct{}
}

// job is work that waits. Its caller may leave while it waits, but not once it has
// begun.
type job[T any] struct {
	what  T
	until time.Time // when the caller leaves; zero: never
	done  chan error
	state atomic.Int32
}

const (
	waiting = iota
	running
	left
)

// newLine has work done in groups, so many groups at a time.
func newLine[T any](most, atOnce int, serve func([]*job[T])) *line[T] {
	l := &line[T]{jobs: make(chan *job[T], 4*most), most: most, halt: make(chan struct{}), stopped: make(chan struct{})}
	l.stop = sync.OnceFunc(func() { close(l.halt) })
	var serving sync.WaitGroup
	for range atOnce {
		serving.Go(func() { l.run(serve) })
	}
	go func() {
		serving.Wait()
		close(l.stopped)
	}()
	return l
}

// do returns once the work is done. If ctx ends before it has begun, it is never
// done.
func (l *line[T]) do(ctx context.Context, what T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job[T]{what: what, done: make(chan error, 1)}
	j.until, _ = ctx.Deadline()
	select {
	case l.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-l.stopped:
		return sql.ErrConnDone
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, left) {
			return ctx.Err()
		}
		return <-j.done
	case <-l.stopped:
		if j.state.CompareAndSwap(waiting, left) {
			return sql.ErrConnDone
		}
		return <-j.done
	}
}

// close returns once what was in line is done.
func (l *line[T]) close() {
	l.stop()
	<-l.stopped
}

func (l *line[T]) run(serve func([]*job[T])) {
	group := make([]*job[T], 0, l.most)
	for {
		select {
		case first := <-l.jobs:
			group = l.gather(append(group[:0], first))
			serve(group)
		case <-l.halt:
			if group = l.gather(group[:0]); len(group) == 0 {
				return
			}
			serve(group)
		}
	}
}

// gather takes what else waits. It lets others run before it looks, for as long
// as that brings more: those whom the last group has just answered are about to
// ask again, and a sync of the disk costs the same for many as for one. Where
// nobody has anything to do it loses no time.
func (l *line[T]) gather(group []*job[T]) []*job[T] {
	for before := -1; len(group) > before && len(group) < l.most; {
		before = len(group)
		runtime.Gosched()
		group = l.take(group)
	}
	return group
}

// take adds what waits to a group.
func (l *line[T]) take(group []*job[T]) []*job[T] {
	for len(group) < l.most {
		select {
		case j := <-l.jobs:
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// finish tells the caller what became of the job, if he is still there.
func (j *job[T]) finish(err error) {
	if j.begin() {
		j.done <- err
	}
}

// begin tells whether the job may run: its caller has not left.
func (j *job[T]) begin() bool {
	return j.state.CompareAndSwap(waiting, running) || j.state.Load() == running
}
