package eval

// Bin is the phrases whose first candidate had about the same score.
type Bin struct {
	Score   float64 // mean
	Right   float64 // share whose first candidate was right; out of scope none is
	Phrases int
}

// bins is how many ranges of the same width the scores from 0 to 1 are cut into.
const bins = 10

// Calibration sorts outcomes into bins, the lowest score first. A reader that
// knows what it does not know has a score that equals the share of right ones.
func Calibration(outcomes []Outcome) []Bin {
	list := make([]Bin, bins)
	for _, o := range outcomes {
		if len(o.Reading.Candidates) == 0 {
			continue
		}
		score := o.Reading.Candidates[0].Score
		b := &list[min(int(score*bins), bins-1)]
		b.Phrases++
		b.Score += score
		count(&b.Right, o.Right())
	}
	for i := range list {
		n := float64(max(list[i].Phrases, 1))
		list[i].Score /= n
		list[i].Right /= n
	}
	return list
}
