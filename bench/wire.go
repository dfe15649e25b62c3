package main

import "supportbot"

// message is the body of a message on the REST channel; see README.md.
type message struct {
	Conversation string              `json:"conversation"`
	ID           string              `json:"id"`
	Text         string              `json:"text,omitempty"`
	Choice       string              `json:"choice,omitempty"`
	Language     supportbot.Language `json:"language,omitempty"`
}

// answer is the body of the answer to it.
type answer struct {
	Replies []reply             `json:"replies"`
	Case    *supportbot.CaseRef `json:"case"`
	Ended   bool                `json:"ended"`
}

type reply struct {
	Seq     int64    `json:"seq"`
	Text    string   `json:"text"`
	Choices []choice `json:"choices,omitempty"`
}

type choice struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

func answerTo(o supportbot.Outcome) answer {
	a := answer{Replies: make([]reply, len(o.Replies)), Case: o.Case, Ended: o.Ended}
	for i, r := range o.Replies {
		a.Replies[i] = reply{Seq: r.Seq, Text: r.Text}
		for _, c := range r.Choices {
			a.Replies[i].Choices = append(a.Replies[i].Choices, choice{c.Label, c.Value})
		}
	}
	return a
}
