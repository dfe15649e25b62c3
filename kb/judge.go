package kb

import (
	"cmp"
	"math"
	"slices"
)

// signals are what a guess is judged by; classifier.rank gives them.
type signals [6]float64

// trial is a guess at a message whose label is known and which the classifier
// had not seen.
type trial struct {
	signals signals
	inScope bool // the message is in scope
	right   bool // the best guess is its label
}

// judge says how far a guess can be trusted, and from where on to act on it.
type judge struct {
	right, scope regression
	answer       float64 // of all trials above, nine in ten were right
	sure         float64 // of all trials above, nineteen in twenty were right
	inScope      float64 // of all trials in scope, nineteen in twenty are above
}

func newJudge(trials []trial) judge {
	j := judge{
		right: regress(trials, func(t trial) bool { return t.right }),
		scope: regress(trials, func(t trial) bool { return t.inScope }),
	}
	byRight := sortBy(trials, j.right)
	j.answer = precise(byRight, j.right, 0.90)
	j.sure = precise(byRight, j.right, 0.95)
	var known []trial
	for _, t := range sortBy(trials, j.scope) {
		if t.inScope {
			known = append(known, t)
		}
	}
	if len(known) > 0 {
		j.inScope = j.scope.probability(known[len(known)*19/20].signals)
	}
	return j
}

func sortBy(trials []trial, r regression) []trial {
	trials = slices.Clone(trials)
	slices.SortStableFunc(trials, func(a, b trial) int {
		return cmp.Compare(r.probability(b.signals), r.probability(a.signals))
	})
	return trials
}

// precise returns the lowest probability above which the given share of the
// trials was right.
func precise(sorted []trial, r regression, share float64) float64 {
	lowest, right := 1.0, 0
	for i, t := range sorted {
		if t.right {
			right++
		}
		if float64(right) >= share*float64(i+1) {
			lowest = r.probability(t.signals)
		}
	}
	return lowest
}

// regression is a logistic regression over standardised signals.
type regression struct {
	mean, scale, weight signals
	bias                float64
}

func regress(trials []trial, holds func(trial) bool) regression {
	var r regression
	n := float64(max(len(trials), 1))
	for k := range r.mean {
		var sum, squares float64
		for _, t := range trials {
			sum += t.signals[k]
			squares += t.signals[k] * t.signals[k]
		}
		r.mean[k] = sum / n
		r.scale[k] = 1 / math.Sqrt(max(squares/n-r.mean[k]*r.mean[k], 1e-9))
	}
	for range 300 {
		var slope signals
		var bias float64
		for _, t := range trials {
			e := r.probability(t.signals)
			if holds(t) {
				e--
			}
			bias += e
			for k, x := range t.signals {
				slope[k] += e * (x - r.mean[k]) * r.scale[k]
			}
		}
		r.bias -= bias / n
		for k := range slope {
			r.weight[k] -= slope[k]/n + 0.001*r.weight[k]
		}
	}
	return r
}

func (r *regression) probability(s signals) float64 {
	z := r.bias
	for k, x := range s {
		z += r.weight[k] * (x - r.mean[k]) * r.scale[k]
	}
	return 1 / (1 + math.Exp(-z))
}
