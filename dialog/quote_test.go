package dialog

import (
	"strings"
	"testing"

	"supportbot"
)

func passages(texts ...string) supportbot.Command {
	c := supportbot.Command{Kind: supportbot.CmdQuote}
	for _, text := range texts {
		c.Passages = append(c.Passages, supportbot.Passage{Topic: "fact", Text: text})
	}
	return c
}

// Sentences of the guide are said with the name of their article, and what was open
// goes on.
func TestQuote(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	said := tk.says(passages("We open at nine.", "We close at six."))
	if !strings.HasPrefix(said, "We open at nine.\n\nWe close at six. | ") || !strings.Contains(said, "“"+small.Topics["fact"].Written[supportbot.English]+"”") {
		t.Errorf("said %q", said)
	}
	choices := tk.last.Replies[len(tk.last.Replies)-1].Choices
	if len(choices) != 2 || choices[0].Value != "topic:fact" || choices[1].Value != "control:agent" {
		t.Errorf("choices are %+v", choices)
	}
	if strings.Contains(tk.says(passages("1", "2", "3", "4")), "4") {
		t.Error("more sentences than anybody reads")
	}
	question := tk.says(start("errand"))
	if said := tk.says(passages("We open at nine.")); !strings.HasSuffix(said, question[strings.LastIndex(question, "| ")+1:]) || tk.last.Missed {
		t.Errorf("said %q, and not again %q", said, question)
	}
}

func TestWhatIsNotInTheGuideIsNotQuoted(t *testing.T) {
	for name, command := range map[string]supportbot.Command{
		"nothing":       passages(),
		"an empty one":  passages(""),
		"another topic": {Kind: supportbot.CmdQuote, Passages: []supportbot.Passage{{Topic: "never", Text: "Free money"}}},
		"one of two":    {Kind: supportbot.CmdQuote, Passages: []supportbot.Passage{{Topic: "fact", Text: "We open"}, {Topic: "never", Text: "Free money"}}},
	} {
		tk := smallTalk(t, supportbot.Web)
		if said := tk.says(command); strings.Contains(said, "Free") || strings.Contains(said, "We open") || !tk.last.Missed {
			t.Errorf("%s: said %q", name, said)
		}
	}
}

func TestAQuoteIsShortWhereItIsHeard(t *testing.T) {
	tk := smallTalk(t, supportbot.Voice)
	tk.says(passages("One.", "Two.", "Three."))
	if spoken := tk.last.Replies[0].Spoken; spoken != "One.\n\nTwo." {
		t.Errorf("spoken is %q", spoken)
	}
}
