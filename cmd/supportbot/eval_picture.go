package main

import (
	"fmt"
	"os"
	"strings"

	"supportbot/internal/eval"
)

// The picture of the learning curve, in pixels; its left edge is no phrase at
// all, its bottom half of the messages right.
const (
	pictureWidth, pictureHeight = 640, 360
	pictureLeft, pictureTop     = 50, 20
	plotWidth, plotHeight       = 420, 300
	plotBottom                  = 0.5 // share
)

// drawCurve writes the learning curve as SVG.
func drawCurve(file string, points []eval.Point) error {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n", pictureWidth, pictureHeight)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", pictureWidth, pictureHeight)
	x := func(share float64) float64 { return pictureLeft + share*plotWidth }
	y := func(share float64) float64 { return pictureTop + (1-share)/(1-plotBottom)*plotHeight }
	for tenth := 5; tenth <= 10; tenth++ {
		at := y(float64(tenth) / 10)
		fmt.Fprintf(&b, `<path d="M%d %.1fh%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%d%%</text>`+"\n", pictureLeft, at, plotWidth, pictureLeft-6, at+4, 10*tenth)
	}
	for _, p := range points {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%.0f%%</text>`+"\n", x(p.Share), pictureTop+plotHeight+18, 100*p.Share)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d">of the phrases</text>`+"\n", pictureLeft+plotWidth+20, pictureTop+plotHeight+18)
	for _, line := range []struct {
		name, colour string
		share        func(eval.Figures) float64
	}{
		{"right among three", "#1b7837", func(f eval.Figures) float64 { return f.Top3 }},
		{"right first", "#2166ac", func(f eval.Figures) float64 { return f.Accuracy }},
		{"out of scope refused", "#b2182b", func(f eval.Figures) float64 { return f.OOSRecall }},
		{"controls", "#762a83", func(f eval.Figures) float64 { return f.Controls }},
	} {
		var path []string
		var last float64
		for _, p := range points {
			last = y(max(line.share(p.Figures), plotBottom))
			path = append(path, fmt.Sprintf("%.1f,%.1f", x(p.Share), last))
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(path, " "), line.colour)
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s">%s</text>`+"\n", pictureLeft+plotWidth+8, last+4, line.colour, line.name)
	}
	b.WriteString("</svg>\n")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil { //nolint:gosec // a picture for everybody
		return fmt.Errorf("eval: %w", err)
	}
	return nil
}
