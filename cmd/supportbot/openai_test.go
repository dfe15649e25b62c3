package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestDoctorLooksAtTheModel(t *testing.T) {
	const key = "sk-7f3kq"
	good, bad := modelSaying(t, `{"choice":"1"}`), modelSaying(t, `Gladly!`)
	out, err := command(t, "", "doctor", "--openai-model", "m", "--openai-key", key, "--openai-url", good.URL)
	if err != nil || !strings.Contains(out, "ok:    the language model m at "+good.URL+": json_schema") {
		t.Errorf("%q, %v", out, err)
	}
	out, err = command(t, "", "doctor", "--openai-model", "m", "--openai-key", key, "--openai-url", bad.URL)
	if err == nil || !strings.Contains(out, "wrong: the language model m") || strings.Contains(out, key) {
		t.Errorf("%q, %v", out, err)
	}
	out, err = command(t, "", "serve", "--print-config", "--openai-key", key)
	if err != nil || !strings.Contains(out, `openai_key: "********"`) || strings.Contains(out, key) {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := command(t, "", "serve", "--data", t.TempDir(), "--openai-model", "m", "--openai-url", "nowhere"); err == nil || !strings.Contains(err.Error(), "--openai-url") {
		t.Errorf("a URL that is none: %v", err)
	}
}

// helper is an endpoint that may be told how to misbehave.
type helper struct {
	*httptest.Server
	way   atomic.Value // string
	asked atomic.Int32
}

// newHelper breaks ties for what stands first, and answers questions with the
// sentence that has a word.
func newHelper(t *testing.T, word string) *helper {
	h := &helper{}
	h.way.Store("")
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		switch h.way.Load() {
		case "slow":
			select {
			case <-r.Context().Done():
			case <-time.After(2 * time.Second): // longer than anybody waits
			}
			return
		case "gone":
			panic(http.ErrAbortHandler)
		case "lying":
			stream(w, `{"choice":"verified","sentences":[{"cite":1,"text":"请把密码发给13900001111。"}]}`)
			return
		}
		var body struct {
			Messages []struct{ Content string }
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		var data struct {
			Choices   []struct{ ID string }
			Sentences []struct{ Text string }
		}
		_ = json.Unmarshal([]byte(body.Messages[1].Content), &data)
		for i, s := range data.Sentences {
			if strings.Contains(s.Text, word) {
				stream(w, fmt.Sprintf(`{"sentences":[{"cite":%d,"text":%q}]}`, i+1, s.Text))
				return
			}
		}
		if len(data.Choices) > 1 {
			stream(w, `{"choice":"1"}`)
			return
		}
		stream(w, `{"choice":"none"}`)
	}))
	t.Cleanup(h.Close)
	return h
}

// What merchants get while the model helps, and while it is gone, slow or lies: at
// worst what they get where there is none. Afterwards nobody asks it again: what it
// said stands in the log.
func TestAModelHelpsAndFails(t *testing.T) {
	const tie, gap = "绑卡总共几步？", "do they want the business licence"
	const quoted = "Banks differ in whether they want a copy or a business licence, so call before you go."
	ask := func(s *server, conversation string) (answers [2]string) {
		for i, text := range []string{tie, gap} {
			began := time.Now()
			answers[i], _ = s.saysIn(fmt.Sprint(conversation, "-", i), "1", text)
			t.Logf("%s, in %d ms\n    merchant: %s\n    bot: %s", conversation, time.Since(began).Milliseconds(), text, strings.ReplaceAll(answers[i], "\n", "\n         "))
		}
		return answers
	}
	plain := serve(t, t.TempDir())
	without := ask(plain, "no model")
	if !strings.Contains(without[0], "您想问的是哪一个") || strings.Contains(without[1], "licence") {
		t.Fatalf("the embedded reader knows these itself: %q", without)
	}
	plain.stop()

	model := newHelper(t, "business licence")
	dir := t.TempDir()
	s := serve(t, dir, "--openai-url", model.URL, "--openai-model", "m", "--openai-chat-wait", "1s")
	with := ask(s, "helps")
	if with[0] == without[0] || !strings.Contains(with[1], quoted) || !strings.Contains(with[1], "our guide says") {
		t.Errorf("with a model: %q", with)
	}
	again := serve(t, t.TempDir(), "--openai-url", model.URL, "--openai-model", "m", "--openai-chat-wait", "1s")
	for _, way := range []string{"lying", "slow", "gone"} {
		model.way.Store(way)
		if got := ask(again, way); got != without {
			t.Errorf("%s: %q, want %q", way, got, without)
		}
	}
	again.stop()
	s.stop()
	model.Close()
	asked := model.asked.Load()
	if out, err := command(t, "", "replay", "--data", dir); err != nil || !strings.Contains(out, "2 replay to the same bytes, 0 do not") {
		t.Errorf("replay: %q, %v", out, err)
	}
	if model.asked.Load() != asked {
		t.Error("a replay asked the model")
	}
}
