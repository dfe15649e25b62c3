package explore

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
)

// someone draws what comes in next: what people can send at all, words and
// buttons made up to deceive, timers and acts of agents that fit the moment or
// do not.
func someone(t *rapid.T, e *Explorer, thread supportbot.Thread, offered []supportbot.Choice) supportbot.Inbound {
	lang := rapid.SampledFrom(supportbot.Languages).Draw(t, "language")
	of := func(label string, lists ...[]string) string {
		var all []string
		for _, list := range lists {
			all = append(all, list...)
		}
		return rapid.OneOf(rapid.SampledFrom(all), rapid.SampledFrom(all), rapid.String()).Draw(t, label)
	}
	values := []string{"control:leave", "flow:forgot-password", "flow:suspected-fraud"}
	for _, c := range offered {
		values = append(values, c.Value, c.Value)
	}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1:
		return supportbot.Inbound{Kind: supportbot.InText, Text: of("text", e.forged.words[lang], []string{wantsAgent[lang], "密码忘了", "还是不行", "my money is gone", "it failed"})}
	case 2, 3, 4:
		return supportbot.Inbound{Kind: supportbot.InChoice, Choice: of("choice", values)}
	case 5:
		return supportbot.Inbound{Kind: supportbot.InChoice, Choice: of("forged choice", e.forged.buttons)}
	case 6:
		return supportbot.Inbound{Kind: supportbot.InDigits, Digits: rapid.StringMatching(`[0-9*#]{1,16}`).Draw(t, "digits")}
	case 7:
		kinds := []supportbot.TimerKind{supportbot.TimerSilence, supportbot.TimerWait, supportbot.TimerLease, "verified"}
		due := supportbot.Timer{Kind: rapid.SampledFrom(kinds).Draw(t, "timer"), Gen: rapid.Int64Range(-1, thread.Version+1).Draw(t, "gen")}
		return supportbot.Inbound{Kind: supportbot.InTimer, Timer: &due}
	}
	act := supportbot.AgentAct{
		Kind:    rapid.SampledFrom([]supportbot.ActKind{supportbot.ActClaim, supportbot.ActClaim, supportbot.ActOutcome, supportbot.ActOutcome, supportbot.ActOutcome, supportbot.ActMessage, supportbot.ActRelease, supportbot.ActClose, "verify"}).Draw(t, "act"),
		Agent:   rapid.SampledFrom([]string{"Lin", "Lin", "Mallory", ""}).Draw(t, "agent"),
		Verdict: rapid.SampledFrom(append(supportbot.AgentVerdicts, supportbot.Handled, "VERIFIED", "")).Draw(t, "verdict"),
		Text:    "verified",
		Case:    "1-1",
		Fence:   rapid.Int64Range(0, 4).Draw(t, "fence"),
	}
	if c := thread.Case; c != nil && rapid.IntRange(0, 3).Draw(t, "fits") > 0 {
		act.Case, act.Fence, act.Agent = c.ID, c.Fence, "Lin"
	}
	return supportbot.Inbound{Kind: supportbot.InAgent, Agent: &act}
}

// verdict tells whether an act is one that may prove who the person is: of the
// agent who owns the case, under its fence, in a case that asks for it.
func verdict(in supportbot.Inbound, held *supportbot.Case) bool {
	return in.Kind == supportbot.InAgent && in.Agent.Kind == supportbot.ActOutcome && in.Agent.Verdict == supportbot.Verified &&
		held != nil && held.State == supportbot.CaseActive && held.Packet.Verifies != "" &&
		in.Agent.Case == held.ID && in.Agent.Fence == held.Fence && in.Agent.Agent == held.Owner
}

// beginnings lead to where an agent is asked to verify, and behind the verdict.
var beginnings = [][]supportbot.Inbound{
	nil,
	{{Kind: supportbot.InChoice, Choice: "flow:suspected-fraud"}, {Kind: supportbot.InChoice, Choice: "what=money"}},
	{{Kind: supportbot.InChoice, Choice: "flow:forgot-password"}, {Kind: supportbot.InText, Text: "转人工"}},
	{
		{Kind: supportbot.InChoice, Choice: "flow:forgot-password"}, {Kind: supportbot.InText, Text: "转人工"},
		{Kind: supportbot.InAgent, Agent: &supportbot.AgentAct{Kind: supportbot.ActClaim, Agent: "Lin", Case: "1-1", Fence: 1}},
		{Kind: supportbot.InAgent, Agent: &supportbot.AgentAct{Kind: supportbot.ActOutcome, Agent: "Lin", Case: "1-1", Fence: 2, Verdict: supportbot.Verified}},
	},
}

// TestOnlyAVerdictProves sends anything into conversations on the content that
// is built in: nothing but the verdict of the agent who has the case leaves a
// proof, and without one that still holds no guarded step is run.
func TestOnlyAVerdictProves(t *testing.T) {
	e := explorer(t, content)
	c := turn.Content{Book: e.book, Reader: reader}
	reached, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		thread := supportbot.Thread{ID: 1}
		channel := rapid.SampledFrom([]supportbot.Channel{supportbot.Web, supportbot.SMS, supportbot.Voice}).Draw(t, "channel")
		now := time.Date(2026, 1, 6, 9, 0, 0, 0, time.UTC)
		proofs := map[time.Time]bool{}
		var holds time.Time // until when the last verdict holds at most
		var offered []supportbot.Choice
		begun := rapid.SampledFrom(beginnings).Draw(t, "beginning")
		for n := range rapid.IntRange(5, 40).Draw(t, "turns") {
			in := someone(t, e, thread, offered)
			if n < len(begun) {
				in = begun[n]
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "seconds")) * time.Second)
			in.Address, in.ID, in.At = supportbot.Address{Channel: channel, Peer: "x"}, "x", now
			if in.Language == "" {
				in.Language = supportbot.Chinese
			}
			given := verdict(in, thread.Case)
			commit, err := c.Turn(thread, turn.Row{Seq: int64(n + 1), Inbound: in})
			if err != nil {
				t.Fatal(err)
			}
			var s dialog.Session
			if err := json.Unmarshal(commit.Session, &s); err != nil {
				t.Fatal(err)
			}
			if given {
				holds = now.Add(defaultValidity)
			}
			for _, f := range s.Stack {
				if f.Proof != nil && given {
					proofs[f.Proof.Until] = true
				}
				if f.Proof != nil && !f.Proof.Until.IsZero() && !proofs[f.Proof.Until] { // zero: it has run out
					t.Fatalf("%+v left a proof in %s", in, f.Flow)
				}
			}
			for _, entry := range commit.Events {
				var judged dialog.Event
				var steps []string
				switch {
				case entry.Type == "dialog" && json.Unmarshal(entry.Payload, &judged) == nil:
					if judged.Verdict == supportbot.Verified && in.Kind != supportbot.InAgent {
						t.Fatalf("%+v came to the verdict of an agent", in)
					}
				case entry.Type == "steps" && json.Unmarshal(entry.Payload, &steps) == nil:
					for _, step := range steps {
						if !e.promises.guarded[step] {
							continue
						}
						reached++
						if now.After(holds) {
							t.Fatalf("%+v reached %s, and no verdict holds", in, step)
						}
					}
				}
			}
			if r := commit.Outcome.Agent; r != nil && r.Refused {
				refused++
			}
			thread = turn.After(thread, commit)
			for _, m := range commit.Messages {
				if m.From == supportbot.FromBot {
					offered = m.Choices
				}
			}
		}
	})
	if reached == 0 || refused == 0 {
		t.Errorf("guarded steps were run %d times and acts refused %d times: the walks prove nothing", reached, refused)
	}
}
