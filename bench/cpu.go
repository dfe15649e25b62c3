package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// usage is what processors did in a window, each as a share of all of them. The
// rest of the kernel's own work, such as writing to the disk, counts as foreign.
type usage struct {
	servers, generator, foreign float64
}

// tooNoisy is the foreign share beyond which a window does not count.
const tooNoisy = 0.15

// tick is the unit of /proc, USER_HZ, which is the same on all Linux machines
// that Go runs on; see proc(5).
const tick = 10 * time.Millisecond

// watchCPU begins a window; the function that it returns ends it. Servers are
// listed by process number, at the beginning and at the end.
func watchCPU(servers func() []int) func() usage {
	begun, all, own, theirs := time.Now(), busy(), cpuTime(os.Getpid()), sum(servers())
	return func() usage {
		capacity := float64(time.Since(begun)) * float64(runtime.NumCPU())
		share := func(d time.Duration) float64 { return max(0, float64(d)/capacity) }
		own, theirs := cpuTime(os.Getpid())-own, sum(servers())-theirs
		return usage{share(theirs), share(own), share(busy() - all - own - theirs)}
	}
}

func sum(pids []int) (total time.Duration) {
	for _, pid := range pids {
		total += cpuTime(pid)
	}
	return total
}

// busy is how long the processors of the machine have worked since it started.
func busy() time.Duration {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	var ticks int64
	for i, value := range strings.Fields(line) {
		switch i {
		case 1, 2, 3, 6, 7, 8: // user, nice, system, irq, softirq, steal; the others are idle or counted in these
			n, _ := strconv.ParseInt(value, 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * tick
}

// cpuTime is how long a process has worked, 0 if it has ended.
func cpuTime(pid int) time.Duration {
	values := stat(pid)
	if len(values) < 15 {
		return 0
	}
	user, _ := strconv.ParseInt(values[11], 10, 64)
	system, _ := strconv.ParseInt(values[12], 10, 64)
	return time.Duration(user+system) * tick
}

// stat is the line of a process after its name, which may hold anything: its
// state, its parent, and so on.
func stat(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
}

// family is a process and those that it started.
func family(parent int) []int {
	members := []int{parent}
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if values := stat(pid); len(values) > 1 && values[1] == strconv.Itoa(parent) {
			members = append(members, pid)
		}
	}
	return members
}

// resident is the memory of a process that is in RAM, in bytes.
func resident(pid int) int64 {
	return kilobytes(field(fmt.Sprintf("/proc/%d/status", pid), "VmRSS"))
}
