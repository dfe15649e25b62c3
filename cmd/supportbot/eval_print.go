package main

import (
	"fmt"
	"slices"
	"strings"

	"supportbot/internal/eval"
)

func percent(share float64) string { return fmt.Sprintf("%5.1f%%", 100*share) }

// printFigures prints what was measured. Figures about kinds of messages that
// there are none of are left out.
func printFigures(m measured) {
	fmt.Printf("%d messages\n", m.Phrases)
	for _, line := range []struct {
		name  string
		share float64
		of    int
	}{
		{"topics: best candidate right", m.Accuracy, m.Topics},
		{"topics: right among three", m.Top3, m.Topics},
		{"topics: answered wrongly", m.AnsweredWrongly, m.Topics},
		{"topics: refused", m.FalseReject, m.Topics},
		{"controls: right", m.Controls, m.Steering},
		{"out of scope: refused", m.OOSRecall, m.Outside},
		{"out of scope: answered", m.OOSAnswered, m.Outside},
		{"out of scope told apart (AUROC)", m.AUROC, m.Outside},
		{"error of the score (ECE)", m.ECE, m.Phrases},
	} {
		if line.of > 0 {
			fmt.Printf("  %-32s %s of %d\n", line.name, percent(line.share), line.of)
		}
	}
}

// maxTaken is how many labels stand in a line of the confusion table.
const maxTaken = 4

// printLabels prints the confusion table: every label, how many of its messages
// were read as such, and what the others were taken for.
func printLabels(outcomes []eval.Outcome, none string) {
	of := map[string]int{}
	var labels []string
	for _, o := range outcomes {
		if of[o.Phrase.Label]++; of[o.Phrase.Label] == 1 {
			labels = append(labels, o.Phrase.Label)
		}
	}
	wrong, taken := map[string]int{}, map[string][]string{}
	for _, c := range eval.Confusions(outcomes, none) {
		wrong[c.Label] += len(c.Examples)
		taken[c.Label] = append(taken[c.Label], fmt.Sprintf("%s %d", c.Taken, len(c.Examples)))
	}
	fmt.Println("\nread as what they are, and what the others are taken for:")
	for _, l := range labels {
		list := taken[l]
		if len(list) > maxTaken {
			list = append(slices.Clone(list[:maxTaken]), "…")
		}
		fmt.Printf("  %s  %4d of %4d  %-24s %s\n", percent(float64(of[l]-wrong[l])/float64(of[l])), of[l]-wrong[l], of[l], l, strings.Join(list, ", "))
	}
}

// The worst confusions, and how many messages are shown of each.
const (
	maxConfusions = 10
	maxExamples   = 3
)

func printConfusions(list []eval.Confusion) {
	if len(list) == 0 {
		return
	}
	fmt.Println("\nworst confusions:")
	for _, c := range list[:min(len(list), maxConfusions)] {
		fmt.Printf("  %d × %s → %s\n", len(c.Examples), c.Label, c.Taken)
		for _, text := range c.Examples[:min(len(c.Examples), maxExamples)] {
			fmt.Printf("      %s\n", text)
		}
	}
}

func printCalibration(bins []eval.Bin) {
	fmt.Println("\nscore of the first candidate, and how often it is right:")
	for _, b := range bins {
		if b.Phrases > 0 {
			fmt.Printf("  %s  %s  of %d\n", percent(b.Score), percent(b.Right), b.Phrases)
		}
	}
}

func printCurve(points []eval.Point) {
	if len(points) == 0 {
		return
	}
	fmt.Println("\nphrases trained on, topics right, among three, out of scope refused:")
	for _, p := range points {
		fmt.Printf("  %4.0f%%  %s %s %s\n", 100*p.Share, percent(p.Figures.Accuracy), percent(p.Figures.Top3), percent(p.Figures.OOSRecall))
	}
}
