// Package mishap kills or stops the process at one of the points that the fault
// suite marks in the program. It is built in by that suite only.
package mishap

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
)

var (
	signal = syscall.SIGKILL
	point  string
	left   atomic.Int64 // passages until it happens
)

// MISHAP is such as "stop 3 before-commit": the signal, the passage, the point.
func init() {
	var what string
	var passage int64
	if n, _ := fmt.Sscan(os.Getenv("MISHAP"), &what, &passage, &point); n != 3 {
		point = ""
	}
	left.Store(passage)
	if what == "stop" {
		signal = syscall.SIGSTOP
	}
}

// At is a point.
func At(name string) {
	if name == point && left.Add(-1) == 0 {
		fmt.Fprintln(os.Stderr, "mishap", name)
		_ = syscall.Kill(os.Getpid(), signal)
	}
}
