package eval

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supportbot"
	"supportbot/kb"
)

// said is an outcome with two candidates.
func said(kind Kind, label string, decision supportbot.Decision, first string, score float64) Outcome {
	return Outcome{
		Phrase: kb.Phrase{Label: label, Text: label + " as " + first},
		Reading: supportbot.Reading{Decision: decision, Topic: first, Candidates: []supportbot.Candidate{
			{Topic: first, Score: score}, {Topic: "fees"},
		}},
		Kind:    kind,
		InScope: score,
	}
}

func few() []Outcome {
	return []Outcome{
		said(Topic, "fees", supportbot.Answer, "fees", 0.9),
		said(Topic, "fees", supportbot.Answer, "limits", 0.8),
		said(Topic, "fees", supportbot.None, "fees", 0.2),
		said(Topic, "limits", supportbot.Clarify, "fees", 0.4),
		said(Control, "back", supportbot.Control, "back", 0.9),
		said(Outside, "none", supportbot.None, "fees", 0.1),
		said(Outside, "none", supportbot.Answer, "fees", 0.4),
	}
}

func TestFigures(t *testing.T) {
	want := Figures{
		Accuracy: 2.0 / 4, Top3: 3.0 / 4, FalseReject: 1.0 / 4, AnsweredWrongly: 1.0 / 4, Controls: 1,
		OOSRecall: 1.0 / 2, OOSAnswered: 1.0 / 2, AUROC: 8.5 / 10, ECE: (2*0.1 + 0.8 + 0.8 + 0.8 + 0.1) / 7,
		Phrases: 7, Topics: 4, Steering: 1, Outside: 2,
	}
	got := Summarise(few())
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNothingToMeasure(t *testing.T) {
	if f := Summarise(nil); f != (Figures{}) {
		t.Errorf("figures of nothing: %+v", f)
	}
}

func TestConfusions(t *testing.T) {
	want := []Confusion{
		{"fees", "limits", []string{"fees as limits"}},
		{"fees", "none", []string{"fees as fees"}},
		{"limits", "fees", []string{"limits as fees"}},
		{"none", "fees", []string{"none as fees"}},
	}
	if diff := cmp.Diff(want, Confusions(few(), "none")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
