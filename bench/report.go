package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// section begins a part of the report.
func section(title, explanation string, args ...any) {
	fmt.Printf("\n## %s\n\n%s\n\n", title, fmt.Sprintf(explanation, args...))
}

// header begins a table.
func header(columns ...string) {
	line(columns...)
	fmt.Println("|" + strings.Repeat(" --- |", len(columns)))
}

func line(cells ...string) { fmt.Println("| " + strings.Join(cells, " | ") + " |") }

// goal says whether a figure is where it should be.
func (b *bench) goal(met bool, format string, args ...any) {
	verdict := "missed"
	if met {
		verdict = "reached"
	}
	b.goals = append(b.goals, fmt.Sprintf("- %s: %s", verdict, fmt.Sprintf(format, args...)))
}

func (b *bench) printGoals(took time.Duration) {
	if len(b.goals) > 0 {
		fmt.Print("\n## Goals\n\n")
	}
	for _, g := range b.goals {
		fmt.Println(g)
	}
	fmt.Printf("\nThe run took %s. ", took.Round(time.Second))
	if b.answers > 0 {
		fmt.Printf("All of %d answers were the right ones; a wrong one would have ended it. ", b.answers)
	}
	if b.windows > 0 {
		fmt.Printf("In %d of %d windows the rest of the machine took more than %s of the processors; they are left out where others remain.",
			b.noisy, b.windows, percent(tooNoisy))
	}
	fmt.Println()
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}

// rate is turns or messages a second, in whole tens where there are thousands.
func rate(perSecond float64) string {
	if perSecond >= 1000 {
		return fmt.Sprintf("%.0f", perSecond/10) + "0"
	}
	return fmt.Sprintf("%.0f", perSecond)
}

// sampleColumns are those that sampleLine fills after the first.
var sampleColumns = []string{"p50 ms", "p99 ms", "CPU: server / generator / others", "server CPU µs each", "quiet windows"}

// sampleLine is a line of a table on what a side has shown; of is its share of
// what it is compared with, 0 for none.
func sampleLine(first string, samples []sample, of float64) {
	m, quiet := summary(samples)
	share, counted := "", fmt.Sprintf("%d of %d", quiet, len(samples))
	if of > 0 {
		share = percent(of)
	}
	if quiet == 0 {
		counted = "none"
	}
	cpu := percent(m.cpu.servers) + " / " + percent(m.cpu.generator) + " / " + percent(m.cpu.foreign)
	each := m.cpu.servers * float64(runtime.NumCPU()) / max(m.perSecond, 1) * 1e6
	line(first, rate(m.perSecond), share, milliseconds(m.p50), milliseconds(m.p99), cpu, fmt.Sprintf("%.0f", each), counted)
}
