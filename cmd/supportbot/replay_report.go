package main

import (
	"cmp"
	"fmt"
	"slices"

	"supportbot"
	"supportbot/internal/replay"
)

// comparedJSON is a line of replay --content --json: a conversation that would
// differ. The last line is {"summary": …} instead.
type comparedJSON struct {
	Conversation supportbot.ThreadID `json:"conversation"`
	Address      supportbot.Address  `json:"address"`
	Turns        int                 `json:"turns"`
	Same         bool                `json:"same"`
	Flow         string              `json:"flow,omitempty"`
	First        *replay.Turn        `json:"first,omitempty"`
	All          []replay.Turn       `json:"all,omitempty"` // with --conversation
	Lost         []replay.Case       `json:"lost_cases,omitempty"`
	New          []replay.Case       `json:"new_cases,omitempty"`
}

// report writes what a comparison has found, the conversations that lost a case
// first.
func (cmd *replayCmd) report(different []compared, summary replay.Summary) error {
	if cmd.JSON {
		return cmd.reportJSON(different, summary)
	}
	for _, c := range different {
		at := c.log.Thread.Address
		fmt.Printf("conversation %d (%s:%s), %d turns\n", c.log.Thread.ID, at.Channel, at.Peer, len(c.Turns))
		for _, lost := range c.Lost {
			fmt.Printf("  the case for %s (%s) of turn %d would not be opened\n", lost.Reason, lost.Priority, lost.Turn)
		}
		for _, opened := range c.New {
			fmt.Printf("  a case for %s (%s) would be opened in turn %d\n", opened.Reason, opened.Priority, opened.Turn)
		}
		for i, t := range c.Turns {
			if cmd.Conversation != "" || i == c.First || slices.ContainsFunc(c.Lost, func(lost replay.Case) bool { return lost.Turn == t.Seq }) {
				printTurn(t)
			}
		}
	}
	printSummary(summary)
	return nil
}

func (cmd *replayCmd) reportJSON(different []compared, summary replay.Summary) error {
	for _, c := range different {
		line := comparedJSON{
			Conversation: c.log.Thread.ID, Address: c.log.Thread.Address, Turns: len(c.Turns),
			Same: c.Same(), Flow: c.Flow, Lost: c.Lost, New: c.New,
		}
		if c.First >= 0 {
			line.First = &c.Turns[c.First]
		}
		if cmd.Conversation != "" {
			line.All = c.Turns
		}
		if err := writeJSON(line); err != nil {
			return err
		}
	}
	return writeJSON(map[string]replay.Summary{"summary": summary})
}

// printTurn shows one turn, shortened to a line each.
func printTurn(t replay.Turn) {
	before, now := t.Excerpts()
	fmt.Printf("  turn %d  %s\n", t.Seq, replay.Short(t.Person))
	if t.Before == t.Now {
		fmt.Printf("    same    %s%s\n", before, where(t.Now))
		return
	}
	fmt.Printf("    before  %s%s\n    now     %s%s\n", before, where(t.Before), now, where(t.Now))
}

// where tells where an answer left the person.
func where(s replay.Said) string {
	at := "  at " + cmp.Or(s.At, "the end")
	if s.Case != "" {
		at += ", case " + s.Case
	}
	return at
}

func printSummary(s replay.Summary) {
	fmt.Printf("%d conversations, %d turns: %d the same, %d different\n", s.Conversations, s.Turns, s.Same, s.Different)
	if s.Lost+s.New > 0 {
		fmt.Printf("cases: %d would not be opened, %d others would\n", s.Lost, s.New)
	}
	for _, f := range s.Flows {
		if f.Different > 0 {
			fmt.Printf("  %s: first to differ in %d of %d conversations\n", f.Flow, f.Different, f.Conversations)
		}
	}
	for _, step := range s.Steps {
		fmt.Printf("  never reached any more: %s (%d times before)\n", step.Step, step.Before)
	}
}
