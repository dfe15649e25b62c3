package kb

import (
	"cmp"
	"math"
	"slices"
)

// signals are what a guess is judged by; classifier.rank gives them. The last three
// are of vectors, and zero without.
type signals [9]float64

// trial is a guess at a message whose label is known and which the classifier
// had not seen.
type trial struct {
	signals signals
	inScope bool // the message is in scope
	right   bool // the best guess is its label
}

// risk tells how bad it is to act upon a wrong guess.
type risk uint8

const (
	aText risk = iota // an article that nobody asked for
	aWay              // steps and questions that lead astray
	aTurn             // a greeting or a menu that nobody asked for
	aStop             // something under way stops, or goes elsewhere
	aLoss             // steps against a fraud that was none
	aside             // something starts while a question is open
	risks
)

// cost is what it costs to act upon a wrong guess. To ask back, which costs one,
// is better if the guess is wrong, and to act if it is right: so guesses are acted
// upon if they are right with a probability of 1-1/cost. While somebody is asked
// back, a fraud goes on.
var cost = [risks]float64{aText: 4.5, aWay: 5, aTurn: 1.3, aStop: 2.5, aLoss: 1.5, aside: 7}

// costRefuse is what it costs to refuse somebody who is in scope, if it costs one
// to take somebody who is not.
const costRefuse = 1

// judge says how far a guess can be trusted, and from where on it is in scope.
type judge struct {
	right, scope regression
	inScope      float64
}

func newJudge(trials []trial) judge {
	j := judge{
		right: regress(trials, func(t trial) bool { return t.right }),
		scope: regress(trials, func(t trial) bool { return t.inScope }),
	}
	var inside, outside float64
	for _, t := range trials {
		if t.inScope {
			inside++
		} else {
			outside++
		}
	}
	j.inScope = cut(trials, func(t trial) (score, gain float64) {
		_, scope := j.judge(t.signals)
		if t.inScope {
			return scope, costRefuse / inside
		}
		return scope, -1 / outside
	})
	return j
}

// judge gives the probability that a guess is right, and that the message is in
// scope at all.
func (j *judge) judge(s signals) (right, inScope float64) {
	right = j.right.probability(s)
	return right, max(right, j.scope.probability(s))
}

// trusted tells whether a guess that is right with this probability is acted upon.
func trusted(right float64, r risk) bool { return right >= 1-1/cost[r] }

// cut returns the score from where on it gains the most to act on what was tried:
// halfway between what is acted on and what is not, and 0 if everything is.
func cut[T any](tried []T, bet func(T) (score, gain float64)) float64 {
	type pair struct{ score, gain float64 }
	var list []pair
	for _, t := range tried {
		if score, gain := bet(t); gain != 0 {
			list = append(list, pair{score, gain})
		}
	}
	slices.SortFunc(list, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	var sum, best float64
	taken := 0
	for i, p := range list {
		if sum += p.gain; sum > best {
			best, taken = sum, i+1
		}
	}
	switch taken {
	case len(list):
		return 0
	case 0:
		return 1
	}
	return (list[taken-1].score + list[taken].score) / 2
}

// regression is a logistic regression over standardised signals. A signal that
// hardly differs among the trials tells little, however much it differs later:
// its spread counts as narrow at least.
type regression struct {
	mean, scale, weight signals
	bias                float64
}

const narrow = 0.1

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
		r.scale[k] = 1 / math.Sqrt(max(squares/n-r.mean[k]*r.mean[k], narrow*narrow))
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
