package turn_test

import (
	"fmt"
	"slices"
	"testing"

	"supportbot"
)

// missed lists what was not understood, the oldest first.
func (b *bot) missed() (all []string) {
	b.Helper()
	missed, err := b.store.Missed(b.Context(), 100)
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range slices.Backward(missed) {
		all = append(all, fmt.Sprintf("%s %s %q asked %q meant %q", m.Language, m.Decision, m.Text, m.Asked, m.Meant))
	}
	return all
}

// The reader of these tests understands "errand", and any word while a colour is
// asked for; whatever else is said is missed.
func TestWhatIsNotUnderstoodIsKept(t *testing.T) {
	const bare = `en none "hm" asked "" meant ""`
	tests := []struct {
		name string
		said []string
		want []string
	}{
		{"said in other words", []string{"hm", "errand"}, []string{`en none "hm" asked "" meant "errand"`}},
		{"said in other words at last", []string{"hm", "hmm", "errand"}, []string{
			`en none "hm" asked "" meant "errand"`, `en none "hmm" asked "pattern-unknown/topic" meant "errand"`}},
		{"a button of the menu", []string{"hm", "/flow:errand"}, []string{`en none "hm" asked "" meant "errand"`}},
		{"a button of what was asked back", []string{"unsure", "/topic:errand"}, []string{`en clarify "unsure" asked "" meant "errand"`}},
		{"none of what was asked back", []string{"unsure", "/none", "errand"}, []string{`en clarify "unsure" asked "" meant "errand"`}},
		{"a button that is gone", []string{"hm", "/nothing", "errand"}, []string{`en none "hm" asked "" meant "errand"`}},
		{"an agent is called", []string{"hm", "/flow:talk-to-agent", "hmm", "errand"}, []string{bare}},
		{"gone on with something else", []string{"errand", "/nothing", "blue"}, nil},
		{"nothing came of it", []string{"hm"}, []string{bare}},
		{"a card number", []string{"hm 6228480402564890018"}, []string{`en none "hm [card ****0018]" asked "" meant ""`}},
		{"only a card number", []string{"6228480402564890018"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBot(t)
			for i, said := range test.said {
				in := supportbot.Inbound{Address: merchant, ID: fmt.Sprint(i), Kind: supportbot.InText, Text: said}
				if said[0] == '/' {
					in.Kind, in.Text, in.Choice = supportbot.InChoice, "", said[1:]
				}
				if _, err := b.Handle(t.Context(), in, []byte(said)); err != nil {
					t.Fatal(err)
				}
			}
			if got := b.missed(); !slices.Equal(got, test.want) {
				t.Errorf("kept\n%q\nwant\n%q", got, test.want)
			}
		})
	}
}
