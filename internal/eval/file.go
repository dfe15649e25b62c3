package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"supportbot"
	"supportbot/kb"
)

// none is the label of messages out of scope in a file.
const none = "oos"

// Data is labelled messages. Base holds those to train on, and a topic for each
// of their labels; its name is the label with spaces.
type Data struct {
	Base      *kb.Base
	Val, Test []kb.Phrase
}

// Open reads JSON lines {"text","label","split"}, where split is train, val or
// test, and the label oos is out of scope. An error names the line.
func Open(file string) (*Data, error) {
	content, err := os.ReadFile(file) //nolint:gosec // the user names it
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	d := &Data{Base: &kb.Base{None: none}}
	n := 0
	for line := range bytes.Lines(content) {
		if n++; len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := d.add(line); err != nil {
			return nil, fmt.Errorf("eval: %s:%d: %w", file, n, err)
		}
	}
	if len(d.Base.Topics) < 2 || len(d.Test) == 0 {
		return nil, fmt.Errorf("eval: %s: %d labels to train on and %d messages to test; it needs two labels and one message at least", file, len(d.Base.Topics), len(d.Test))
	}
	return d, nil
}

func (d *Data) add(line []byte) error {
	var m struct{ Text, Label, Split string }
	if err := json.Unmarshal(line, &m); err != nil {
		return fmt.Errorf(`%w; a line looks like {"text":"…","label":"…","split":"train"}`, err)
	}
	if m.Text == "" || m.Label == "" {
		return fmt.Errorf("a message needs a text and a label; out of scope is %q", none)
	}
	p := kb.Phrase{Label: m.Label, Language: kb.Language(m.Text), Text: m.Text}
	switch m.Split {
	case "train":
		d.Base.Phrases = append(d.Base.Phrases, p)
		if _, ok := d.Base.Topic(m.Label); !ok && m.Label != none {
			name := strings.ReplaceAll(m.Label, "_", " ")
			d.Base.Topics = append(d.Base.Topics, kb.Topic{ID: m.Label, Name: map[supportbot.Language]string{supportbot.English: name, supportbot.Chinese: name}})
		}
	case "val":
		d.Val = append(d.Val, p)
	case "test":
		d.Test = append(d.Test, p)
	default:
		return fmt.Errorf("split %q; it is train, val or test", m.Split)
	}
	return nil
}

// holdBack is the share of train, one in so many, that sets the threshold where
// there is no val.
const holdBack = 10

// Texts lists what Measure is to be given vectors of.
func (d *Data) Texts() []string {
	list := d.Base.Texts()
	for _, p := range append(d.Val, d.Test...) {
		list = append(list, p.Text)
	}
	return list
}

// Measure trains a reader on the file, which val validates, sets the threshold
// between in and out of scope where val is treated right the most, and reads test. Without val the threshold is that of a reader for
// which a tenth of train was held back. Training is all but the reading of test;
// message is the time that one takes.
//
// v holds the vectors of Texts, nil if the reader is to go by words alone. They need
// a val: without one a tenth of train becomes it.
func (d *Data) Measure(v kb.Vectors) (outcomes []Outcome, training, message time.Duration, err error) {
	start := time.Now()
	if v != nil && len(d.Val) == 0 {
		d.Base, d.Val = d.split()
	}
	d.Base.Validation = d.Val
	reader := kb.NewReader(d.Base)
	if len(d.Val) > 0 {
		reader.SetThreshold(reader.Threshold(d.Val))
	} else {
		part, held := d.split()
		reader.SetThreshold(kb.NewReader(part).Threshold(held))
	}
	if v != nil {
		if err := reader.Sense(d.Base, v); err != nil {
			return nil, 0, 0, err
		}
	}
	training = time.Since(start)
	outcomes, message = read(d.Base, reader, d.Test, v)
	return outcomes, training, message, nil
}

// split holds back a part of what there is to train on.
func (d *Data) split() (part *kb.Base, held []kb.Phrase) {
	part = &kb.Base{Topics: d.Base.Topics, None: d.Base.None}
	n := map[string]int{}
	for _, p := range d.Base.Phrases {
		if n[p.Label]++; n[p.Label]%holdBack == 0 {
			held = append(held, p)
		} else {
			part.Phrases = append(part.Phrases, p)
		}
	}
	return part, held
}
