package main

import (
	"fmt"
	"time"

	"supportbot/internal/eval"
	"supportbot/kb"
)

type evalCmd struct {
	JSON    bool   `help:"Write the figures as one JSON object."`
	File    string `help:"Labelled messages instead of the content's validation: JSON lines {\"text\",\"label\",\"split\"}; split is train, val or test, label oos is out of scope." type:"path" placeholder:"FILE"`
	Curve   bool   `help:"Also learn from a part of the content's phrases, to see whether more would help. It takes five times as long."`
	Picture string `help:"Draw that curve, as SVG." type:"path" placeholder:"FILE"`
}

// measured is what is written for a machine.
type measured struct {
	eval.Figures
	TrainSeconds           float64      `json:"train_seconds"`
	MicrosecondsPerMessage float64      `json:"microseconds_per_message"`
	Curve                  []eval.Point `json:"curve,omitempty"`
}

// Run measures the reader on a file or on the content.
func (cmd *evalCmd) Run(c *cli) error {
	if cmd.File != "" {
		return cmd.file()
	}
	content, err := folder(c.Content)
	if err != nil {
		return err
	}
	base, err := kb.Load(content)
	if err != nil {
		return err
	}
	outcomes, training, message, err := eval.Content(base, 1)
	if err != nil {
		return err
	}
	result := measuredIn(outcomes, training, message)
	if cmd.Curve || cmd.Picture != "" {
		if result.Curve, err = eval.Curve(base); err != nil {
			return err
		}
	}
	if cmd.Picture != "" {
		if err := drawCurve(cmd.Picture, result.Curve); err != nil {
			return err
		}
	}
	return cmd.write(result, outcomes, base.None)
}

// file measures on the file's own labels.
func (cmd *evalCmd) file() error {
	data, err := eval.Open(cmd.File)
	if err != nil {
		return err
	}
	outcomes, training, message := data.Measure()
	return cmd.write(measuredIn(outcomes, training, message), outcomes, data.Base.None)
}

func measuredIn(outcomes []eval.Outcome, training, message time.Duration) measured {
	return measured{
		Figures:                eval.Summarise(outcomes),
		TrainSeconds:           training.Seconds(),
		MicrosecondsPerMessage: float64(message.Nanoseconds()) / 1000,
	}
}

func (cmd *evalCmd) write(result measured, outcomes []eval.Outcome, none string) error {
	if cmd.JSON {
		return writeJSON(result)
	}
	printFigures(result)
	printLabels(outcomes, none)
	printConfusions(eval.Confusions(outcomes, none))
	printCalibration(eval.Calibration(outcomes))
	printCurve(result.Curve)
	fmt.Printf("\ntrained in %.2f s, %.0f µs a message\n", result.TrainSeconds, result.MicrosecondsPerMessage)
	return nil
}
