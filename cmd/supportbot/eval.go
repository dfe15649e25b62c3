package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"supportbot/internal/eval"
	"supportbot/kb"
	"supportbot/kb/openai"
)

type evalCmd struct {
	JSON    bool   `help:"Write the figures as one JSON object."`
	File    string `help:"Labelled messages instead of the content's validation: JSON lines {\"text\",\"label\",\"split\"}; split is train, val or test, label oos is out of scope." type:"path" placeholder:"FILE"`
	Curve   bool   `help:"Also learn from a part of the content's phrases, to see whether more would help. It takes five times as long."`
	Picture string `help:"Draw that curve, as SVG." type:"path" placeholder:"FILE"`

	embeddingsFlags
}

// measured is what is written for a machine.
type measured struct {
	eval.Figures
	TrainSeconds           float64      `json:"train_seconds"`
	MicrosecondsPerMessage float64      `json:"microseconds_per_message"`
	Curve                  []eval.Point `json:"curve,omitempty"`
}

// Run measures the reader on a file or on the content.
func (cmd *evalCmd) Run(ctx context.Context, c *cli) error {
	if cmd.File != "" {
		return cmd.file(ctx, c)
	}
	content, err := folder(c.Content)
	if err != nil {
		return err
	}
	base, err := kb.Load(content)
	if err != nil {
		return err
	}
	vectors, err := cmd.vectors(ctx, c, base.Texts())
	if err != nil {
		return err
	}
	outcomes, training, message, err := eval.Content(base, 1, vectors)
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
func (cmd *evalCmd) file(ctx context.Context, c *cli) error {
	data, err := eval.Open(cmd.File)
	if err != nil {
		return err
	}
	vectors, err := cmd.vectors(ctx, c, data.Texts())
	if err != nil {
		return err
	}
	outcomes, training, message, err := data.Measure(vectors)
	if err != nil {
		return err
	}
	return cmd.write(measuredIn(outcomes, training, message), outcomes, data.Base.None)
}

// vectors are those of texts, nil if no model for embeddings is named.
func (cmd *evalCmd) vectors(ctx context.Context, c *cli, texts []string) (kb.Vectors, error) {
	embedder := cmd.embedder(openai.Limits{}, nil, c.Readers, slog.Default())
	if embedder == nil {
		return nil, nil
	}
	return embedder.Vectors(ctx, texts)
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
