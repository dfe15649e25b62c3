package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// tune fits the runtime of Go to a server, unless GOGC and GOMAXPROCS say how it is
// to be. Most of what is in memory is the reader, which lives as long as the
// process: to go over it as often as Go does by itself took a tenth of a turn.
// While SQLite waits for the disk Go holds a processor for it, for as long as it
// takes to notice; one more than there are does the work of turns meanwhile.
func tune(sqlite bool) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
	if sqlite && os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
}
