package eval

import (
	"cmp"
	"slices"

	"supportbot"
)

// Figures are shares from 0 to 1; those of kinds that were not among the
// phrases are 0.
type Figures struct {
	Accuracy    float64 `json:"accuracy"`     // of topics: the best candidate is right
	Top3        float64 `json:"top3"`         // of topics: one of three candidates is right
	OOSRecall   float64 `json:"oos_recall"`   // of out of scope: read as none
	FalseReject float64 `json:"false_reject"` // of topics: read as none
	AUROC       float64 `json:"auroc"`        // chance that a phrase in scope ranks above one out of scope

	Controls        float64 `json:"controls"`         // of controls: read as that control
	AnsweredWrongly float64 `json:"answered_wrongly"` // of topics: another topic or control was taken
	OOSAnswered     float64 `json:"oos_answered"`     // of out of scope: a topic was answered
	ECE             float64 `json:"ece"`              // expected error of the first candidate's score

	Phrases  int `json:"phrases"`
	Topics   int `json:"topics"`   // phrases of topics
	Steering int `json:"steering"` // phrases of controls
	Outside  int `json:"outside"`  // phrases out of scope
}

// Summarise computes the figures of outcomes.
func Summarise(outcomes []Outcome) Figures {
	f := Figures{Phrases: len(outcomes)}
	for _, o := range outcomes {
		decision := o.Reading.Decision
		switch o.Kind {
		case Outside:
			f.Outside++
			count(&f.OOSRecall, decision == supportbot.None)
			count(&f.OOSAnswered, decision == supportbot.Answer)
		case Control:
			f.Steering++
			count(&f.Controls, decision == supportbot.Control && o.Reading.Topic == o.Phrase.Label)
		case Topic:
			f.Topics++
			rank := o.rank()
			count(&f.Accuracy, rank == 0)
			count(&f.Top3, rank >= 0 && rank < 3)
			count(&f.FalseReject, decision == supportbot.None)
			count(&f.AnsweredWrongly, decision != supportbot.None && decision != supportbot.Clarify && o.Reading.Topic != o.Phrase.Label)
		}
	}
	for _, share := range []struct {
		figure *float64
		of     int
	}{
		{&f.Accuracy, f.Topics}, {&f.Top3, f.Topics}, {&f.FalseReject, f.Topics}, {&f.AnsweredWrongly, f.Topics},
		{&f.Controls, f.Steering}, {&f.OOSRecall, f.Outside}, {&f.OOSAnswered, f.Outside},
	} {
		*share.figure /= float64(max(share.of, 1))
	}
	f.AUROC = auroc(outcomes)
	for _, b := range Calibration(outcomes) {
		f.ECE += max(b.Score-b.Right, b.Right-b.Score) * float64(b.Phrases) / float64(max(len(outcomes), 1))
	}
	return f
}

func count(n *float64, holds bool) {
	if holds {
		*n++
	}
}

// auroc is the area under the curve of in scope against out of scope: the share
// of pairs that stand in the right order, ties counted half. It is 0 if one side
// is empty.
func auroc(outcomes []Outcome) float64 {
	sorted := slices.SortedFunc(slices.Values(outcomes), func(a, b Outcome) int { return cmp.Compare(a.InScope, b.InScope) })
	var pairs, inside, outside float64
	for i := 0; i < len(sorted); {
		var in, out float64 // with the same score
		score := sorted[i].InScope
		for ; i < len(sorted) && sorted[i].InScope == score; i++ {
			if sorted[i].Kind == Outside {
				out++
			} else {
				in++
			}
		}
		pairs += in*outside + in*out/2
		inside, outside = inside+in, outside+out
	}
	return pairs / max(inside*outside, 1)
}
