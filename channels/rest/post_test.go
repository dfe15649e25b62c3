package rest_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/rest"
)

const key = "correct horse battery"

// handler serves the channel over conv.
func handler(conv memory, opt rest.Options) http.Handler {
	opt.Log = slog.New(slog.DiscardHandler)
	mux := http.NewServeMux()
	for _, route := range rest.New(conv, opt).Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	return mux
}

// serve serves the channel over real connections, with a write timeout that suits
// quick answers.
func serve(t *testing.T, conv memory) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler(conv, rest.Options{Key: key}))
	server.Config.WriteTimeout = 500 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// call makes a request with the key and returns the answer and its body.
func call(t *testing.T, method, url, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, strings.TrimSuffix(string(answer), "\n")
}

func TestPostAnswersWithTheOutcome(t *testing.T) {
	tests := []struct {
		name, body, want string
	}{
		{
			"text", `{"conversation":"m-1","id":"1","text":"你好"}`,
			`{"replies":[{"seq":2,"text":"\u003c你好\u003e","choices":[{"label":"是","value":"yes"}]}],"case":null,"ended":false}`,
		},
		{
			"choice and language", `{"conversation":"m-1","id":"1","choice":"yes","language":"en"}`,
			`{"replies":[{"seq":2,"text":"en\u003cchose yes\u003e","choices":[{"label":"是","value":"yes"}]}],"case":null,"ended":false}`,
		},
		{
			"no reply", `{"conversation":"m-1","id":"1","text":"silence"}`,
			`{"replies":[],"case":null,"ended":true}`,
		},
		{
			"a case", `{"conversation":"m-1","id":"1","text":"agent"}`,
			`{"replies":[{"seq":2,"text":"\u003cagent\u003e","choices":[{"label":"是","value":"yes"}]}],` +
				`"case":{"id":"1-1","reason":"forgot-password","priority":"normal","state":"waiting"},"ended":false}`,
		},
		{
			"fields of the future", `{"conversation":"m-1","id":"1","text":"silence","mood":["good"]}`,
			`{"replies":[],"case":null,"ended":true}`,
		},
		{
			"names of any script and at their limit",
			`{"conversation":"` + strings.Repeat("店", 128) + `","id":"` + strings.Repeat("号", 128) + `","text":"silence"}`,
			`{"replies":[],"case":null,"ended":true}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, newMemory()) + "/api/v1/messages"
			res, got := call(t, "POST", url, tt.body)
			if res.StatusCode != http.StatusOK || got != tt.want {
				t.Fatalf("got %d %s\nwant 200 %s", res.StatusCode, got, tt.want)
			}
			if _, again := call(t, "POST", url, tt.body); again != got {
				t.Errorf("the repeat got %s\nwant %s", again, got)
			}
		})
	}
}

func TestPostTellsWhichFieldIsWrong(t *testing.T) {
	url := serve(t, newMemory()) + "/api/v1/messages"
	long := func(n int) string { return strings.Repeat("长", n) }
	tests := []struct {
		name, body string
		status     int
		want       string // how the error begins
	}{
		{"nothing", ``, 400, "body: must be a JSON object"},
		{"not JSON", `conversation=1`, 400, "body: must be a JSON object"},
		{"two values", `{"conversation":"c","id":"1","text":"x"}{}`, 400, "body: must be a JSON object"},
		{"a list", `[1]`, 400, "body: must be a JSON object, not a JSON array"},
		{"null", `null`, 400, "conversation: is missing"},
		{"too big", `{"conversation":"c","id":"1","pad":"` + strings.Repeat("x", 64<<10) + `"}`, 413, "body: at most 65536 bytes"},
		{"no conversation", `{"id":"1","text":"x"}`, 400, "conversation: is missing"},
		{"a number", `{"conversation":7,"id":"1","text":"x"}`, 400, "conversation: must be a string, not a JSON number"},
		{"long conversation", `{"conversation":"` + long(129) + `","id":"1","text":"x"}`, 400, "conversation: must be at most 128 characters, not 129"},
		{"line break in a name", `{"conversation":"a\nb","id":"1","text":"x"}`, 400, "conversation: must be printable characters; U+000A"},
		{"broken UTF-8 in a name", "{\"conversation\":\"a\xff\",\"id\":\"1\",\"text\":\"x\"}", 400, "conversation: must be printable characters; U+FFFD"},
		{"no id", `{"conversation":"c","text":"x"}`, 400, "id: is missing"},
		{"blank id", `{"conversation":"c","id":" ","text":"x"}`, 400, "id: is missing or blank"},
		{"long id", `{"conversation":"c","id":"` + long(129) + `","text":"x"}`, 400, "id: must be at most 128"},
		{"neither", `{"conversation":"c","id":"1"}`, 400, "text, choice: send exactly one"},
		{"both", `{"conversation":"c","id":"1","text":"x","choice":"y"}`, 400, "text, choice: send exactly one"},
		{"empty text", `{"conversation":"c","id":"1","text":""}`, 400, "text: is missing or blank"},
		{"long text", `{"conversation":"c","id":"1","text":"` + long(2001) + `"}`, 400, "text: must be at most 2000"},
		{"empty choice", `{"conversation":"c","id":"1","choice":""}`, 400, "choice: is missing or blank"},
		{"long choice", `{"conversation":"c","id":"1","choice":"` + long(201) + `"}`, 400, "choice: must be at most 200"},
		{"language", `{"conversation":"c","id":"1","text":"x","language":"fr"}`, 400, "language: must be zh or en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, got := call(t, "POST", url, tt.body)
			if res.StatusCode != tt.status || !strings.HasPrefix(got, `{"error":"`+tt.want) {
				t.Errorf("got %d %s\nwant %d %s …", res.StatusCode, got, tt.status, tt.want)
			}
		})
	}
	if _, got := call(t, "GET", strings.Replace(url, "/messages", "/conversations/c/messages", 1), ""); got != `{"messages":[],"case":null,"ended":false}` {
		t.Errorf("refused messages left %s", got)
	}
}

func TestPostTakesLongTextWhole(t *testing.T) {
	conv := newMemory()
	url := serve(t, conv) + "/api/v1/messages"
	text := strings.Repeat("问", 2000)
	if res, got := call(t, "POST", url, `{"conversation":"c","id":"1","text":"`+text+`"}`); res.StatusCode != http.StatusOK {
		t.Fatalf("got %d %s", res.StatusCode, got)
	}
	kept, err := conv.Messages(t.Context(), supportbot.Address{Channel: supportbot.REST, Peer: "c"}, 0, 1)
	if err != nil || len(kept) != 1 || kept[0].Text != text {
		t.Errorf("kept %d messages, %v; want the text whole", len(kept), err)
	}
}

func TestPostComparesMeaningNotSpelling(t *testing.T) {
	const first = `{"conversation":"c","id":"1","text":"好的","language":"zh"}`
	tests := []struct {
		name, body string
		status     int
	}{
		{"other order and white space", "{ \"text\" : \"\\u597d的\",\n\"language\":\"zh\", \"id\":\"1\",\"conversation\":\"c\"}", 200},
		{"another unknown field", `{"conversation":"c","id":"1","text":"好的","language":"zh","sent":2}`, 200},
		{"another text", `{"conversation":"c","id":"1","text":"不好","language":"zh"}`, 409},
		{"a choice of the same words", `{"conversation":"c","id":"1","choice":"好的","language":"zh"}`, 409},
		{"another language", `{"conversation":"c","id":"1","text":"好的","language":"en"}`, 409},
		{"the id in another conversation", `{"conversation":"d","id":"1","text":"不好"}`, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, newMemory()) + "/api/v1/messages"
			call(t, "POST", url, first)
			res, got := call(t, "POST", url, tt.body)
			if res.StatusCode != tt.status {
				t.Errorf("got %d %s, want %d", res.StatusCode, got, tt.status)
			}
		})
	}
}

// direct calls h without a connection, so that time may be made up.
func direct(ctx context.Context, h http.Handler, method, path, body string) *http.Response {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "bearer "+key)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}
