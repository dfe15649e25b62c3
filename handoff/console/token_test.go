package console_test

import (
	"net/http"
	"testing"

	"supportbot/handoff/console"
)

// Whoever guesses at tokens is told to wait, and then even a right one does not
// help; where agents' programs are at work nobody waits.
func TestWrongTokensAreLimited(t *testing.T) {
	d := newDesk(t)
	refused := 0
	d.Server = serve(t, console.New(d.memory, d.memory, console.Options{
		Papers: d.memory, Knowledge: handbook{}, Mask: masked,
		Sessions: newSessions(), Key: []byte("key"), WrongTokens: 6, Log: discard,
		Client:  func(r *http.Request) string { return r.Header.Get("X-Network") },
		Refused: func(string) { refused++ },
	}))
	try := func(network, path, token string) *http.Response {
		request, err := http.NewRequestWithContext(t.Context(), "GET", d.URL+path, nil)
		must(err)
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("X-Network", network)
		response, _ := read2(t)(d.browser(t).Do(request))
		return response
	}
	const cases = "/console/api/cases?state=all"
	try("office", cases, d.token["li"])
	for range 6 {
		for _, network := range []string{"office", "guesser"} {
			if r := try(network, cases, "sb_wrong"); r.StatusCode != 401 {
				t.Fatalf("a wrong token from the %s: %d", network, r.StatusCode)
			}
		}
	}
	for _, path := range []string{cases, "/console/", "/console/ws"} {
		if r := try("guesser", path, d.token["li"]); r.StatusCode != 429 || r.Header.Get("Retry-After") == "" {
			t.Errorf("%s after guessing: %d", path, r.StatusCode)
		}
	}
	if r := try("guesser", "/console/login", d.token["li"]); r.StatusCode != 200 {
		t.Errorf("the log-in tells that a token is right: %d", r.StatusCode)
	}
	if refused != 4 {
		t.Errorf("%d refusals are counted, want 4", refused)
	}
	for _, network := range []string{"office", "another", ""} {
		if r := try(network, cases, d.token["li"]); r.StatusCode != 200 {
			t.Errorf("a token from %q: %d", network, r.StatusCode)
		}
	}
}
