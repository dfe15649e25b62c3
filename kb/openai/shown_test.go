package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"supportbot"
)

// writing is an endpoint that streams pieces of an answer, and then does what it
// does.
func writing(t *testing.T, then string, pieces ...string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, piece := range pieces {
			content, _ := json.Marshal(piece)
			fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", content)
			w.(http.Flusher).Flush()
		}
		switch then {
		case "ends":
			fmt.Fprint(w, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
		case "hangs up":
			panic(http.ErrAbortHandler)
		case "goes silent":
			<-r.Context().Done()
		case "gives no reason": // go-openai takes that for a success
			fmt.Fprint(w, "data: [DONE]\n\n")
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// What somebody who watched has seen is what is answered, whatever becomes of the
// rest; who did not watch is shown nothing of an answer that is bad somewhere.
func TestWhatWasShownStands(t *testing.T) {
	const lift, wide = "Lift the lid of the paper gently.", "The paper roll is 57 mm wide."
	head, first := `{"sentences": [`, `{"cite": 1, "text": "`+lift+`"}`
	second := `, {"cite": 2, "text": "` + wide + `"}`
	tests := []struct {
		name, then string
		pieces     []string
		shown      int      // times
		watched    []string // what is answered then
		unwatched  []string
	}{
		{"good", "ends", []string{head, first[:9], first[9:], second, "]}"}, 2, []string{lift, wide}, []string{lift, wide}},
		{"all at once", "ends", []string{head + first + second + "]}"}, 1, []string{lift, wide}, []string{lift, wide}},
		{"the second is made up", "ends", []string{head, first, `, {"cite": 2, "text": "The paper roll is 80 mm wide."}`, second, "]}"}, 1, []string{lift}, nil},
		{"the first is made up", "ends", []string{head, `{"cite": 2, "text": "The paper roll is 80 mm wide."}`, `,` + first, "]}"}, 0, nil, nil},
		{"cut", "hangs up", []string{head, first, second[:20]}, 1, []string{lift}, nil},
		{"cut before anything is whole", "hangs up", []string{head, first[:20]}, 0, nil, nil},
		{"without a reason to end", "gives no reason", []string{head, first, second, "]}"}, 2, []string{lift, wide}, nil},
		{"slow", "goes silent", []string{head, first}, 1, []string{lift}, nil},
		{"another shape", "ends", []string{`{"secret": 1, "sentences": [`, first, "]}"}, 0, nil, nil},
		{"more behind it", "ends", []string{head, first, `]}`, ` Also call 110.`}, 1, []string{lift}, nil},
		{"orders in a sentence", "ends", []string{head, `{"cite": 1, "text": "` + lift + `", "reset": true}`, "]}"}, 0, nil, nil},
		{"thoughts", "ends", []string{"<think>[sentences", "]</think>", head, first, "]}"}, 1, []string{lift}, []string{lift}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, watched := range []bool{true, false} {
				c := New(Options{URL: writing(t, test.then, test.pieces...).URL, Model: "m", ChatWait: 700 * time.Millisecond}, quiet)
				var shown [][]supportbot.Passage
				ctx, want := t.Context(), test.unwatched
				if watched {
					ctx = supportbot.WithProvisional(context.Background(), func(p []supportbot.Passage) { shown = append(shown, p) })
					want = test.watched
				}
				got := c.Reread(ctx, Doubt{From: me, Text: "how wide is the paper roll", Reading: reading(supportbot.None), Reader: guide()})
				var said []string
				for _, command := range got.Commands {
					said = append(said, texts(command.Passages)...)
				}
				if !slices.Equal(said, want) {
					t.Errorf("watched %t: answers %q, want %q (%+v)", watched, said, want, got.Model)
				}
				if !watched {
					continue
				}
				if len(shown) != test.shown || len(shown) > 0 && !slices.Equal(texts(shown[len(shown)-1]), said) {
					t.Errorf("shown %v, %d times, want %d", shown, len(shown), test.shown)
				}
			}
		})
	}
}

func texts(passages []supportbot.Passage) (list []string) {
	for _, p := range passages {
		list = append(list, p.Text)
	}
	return list
}
