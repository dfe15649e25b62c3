package eval

import (
	"errors"
	"time"

	"supportbot"
	"supportbot/kb"
)

// ErrNoValidation is what content without a folder validation is measured with.
var ErrNoValidation = errors.New("eval: the content has no folder validation; write what people may say into validation/LANGUAGE/LABEL.txt, apart from the phrases")

// folds is how many parts the validation is cut into: each is judged by the
// thresholds that the others give.
const folds = 5

// file is where a phrase stands.
type file struct {
	label    string
	language supportbot.Language
}

// Content trains a reader on the phrases of a base, or on a share of those of
// each file, from 0 to 1, and lets it read the validation. Training and message
// are the time that it takes to train, and to read one. v holds the vectors of the
// base's texts, nil if it is to be read by words alone.
func Content(base *kb.Base, share float64, v kb.Vectors) (outcomes []Outcome, training, message time.Duration, err error) {
	if len(base.Validation) == 0 {
		return nil, 0, 0, ErrNoValidation
	}
	known := *base
	known.Phrases = part(base.Phrases, share)
	start := time.Now()
	reader := kb.NewReader(&known)
	if v != nil {
		if err := reader.Sense(&known, v); err != nil {
			return nil, 0, 0, err
		}
	}
	training = time.Since(start)
	for fold := range folds {
		var held, others []kb.Phrase
		n := map[file]int{}
		for _, p := range base.Validation {
			f := file{p.Label, p.Language}
			if n[f]++; n[f]%folds == fold {
				held = append(held, p)
			} else {
				others = append(others, p)
			}
		}
		judged, err := reader.Judged(others, v)
		if err != nil {
			return nil, 0, 0, err
		}
		read, took := read(base, judged, held, v)
		outcomes = append(outcomes, read...)
		message += took / folds
	}
	return outcomes, training, message, nil
}

// part takes a share of the phrases of each file, spread over it.
func part(phrases []kb.Phrase, share float64) []kb.Phrase {
	var list []kb.Phrase
	n := map[file]int{}
	for _, p := range phrases {
		f := file{p.Label, p.Language}
		n[f]++
		if int(share*float64(n[f])) > int(share*float64(n[f]-1)) {
			list = append(list, p)
		}
	}
	return list
}

// Point is a point of the learning curve.
type Point struct {
	Share   float64 `json:"share"` // of the phrases that were trained on
	Figures Figures `json:"figures"`
}

// Curve measures content with ever more phrases.
func Curve(base *kb.Base) ([]Point, error) {
	var points []Point
	for _, share := range []float64{0.1, 0.2, 0.4, 0.6, 0.8, 1} {
		outcomes, _, _, err := Content(base, share, nil)
		if err != nil {
			return nil, err
		}
		points = append(points, Point{share, Summarise(outcomes)})
	}
	return points, nil
}
