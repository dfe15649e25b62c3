package telegram_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
	"supportbot/channels/telegram"
)

func TestRendering(t *testing.T) {
	paragraph := strings.TrimSpace(strings.Repeat("您好。", 700)) // 2,100 characters
	tests := []struct {
		name string
		m    supportbot.Message
		want []string
	}{
		{"Markdown", supportbot.Message{From: supportbot.FromBot, Text: "## 重设\n**注意：**请看[这里](https://a.example/?a=1&b=2)\n1. 打开\n- 点它\n* 再点"},
			[]string{"<b>重设</b>\n<b>注意：</b>请看<a href=\"https://a.example/?a=1&amp;b=2\">这里</a>\n1. 打开\n• 点它\n• 再点"}},
		{"what looks like HTML", supportbot.Message{From: supportbot.FromBot, Text: "屏幕<E51> & \"错误\""}, []string{"屏幕&lt;E51&gt; &amp; &#34;错误&#34;"}},
		{"a link that leads to a script", supportbot.Message{From: supportbot.FromBot, Text: "[x](javascript:alert(1))"}, []string{"[x](javascript:alert(1))"}},
		{"markup that would not nest", supportbot.Message{From: supportbot.FromBot, Text: "[a **b](https://a.example) c**"}, []string{"a b https://a.example c"}},
		{"an agent writes text, under a name", supportbot.Message{From: supportbot.FromAgent, Author: "小林", Text: "**别**<b>急"}, []string{"👤 小林\n**别**&lt;b&gt;急"}},
		{"too long: cut between paragraphs", supportbot.Message{From: supportbot.FromAgent, Text: paragraph + "\n\n" + paragraph}, []string{paragraph, paragraph}},
		{"one paragraph that is too long: between sentences", supportbot.Message{From: supportbot.FromAgent, Text: strings.Repeat("您好。", 1400)},
			[]string{strings.Repeat("您好。", 1365), strings.Repeat("您好。", 35)}},
		{"no place to cut: between characters, which may take two units", supportbot.Message{From: supportbot.FromAgent, Text: strings.Repeat("😀", 2049)},
			[]string{strings.Repeat("😀", 2048), "😀"}},
		{"nothing", supportbot.Message{From: supportbot.FromBot}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			server := api(t, func(w http.ResponseWriter, r *http.Request) {
				if r.FormValue("parse_mode") != "HTML" || r.FormValue("chat_id") != "614" {
					t.Errorf("sent %v", r.Form)
				}
				got = append(got, r.FormValue("text"))
				fmt.Fprint(w, `{"ok":true,"result":{}}`)
			})
			c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL})
			if err := c.Send(t.Context(), at("614"), test.m, "1"); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestButtons are one a line below the last part.
func TestButtons(t *testing.T) {
	var got []string
	server := api(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.FormValue("reply_markup"))
		fmt.Fprint(w, `{"ok":true,"result":{}}`)
	})
	c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL})
	m := supportbot.Message{From: supportbot.FromBot, Text: strings.Repeat("长", 5000), Choices: []supportbot.Choice{{Label: "是", Value: "yes"}, {Label: "不是", Value: "no"}}}
	if err := c.Send(t.Context(), at("614"), m, "1"); err != nil {
		t.Fatal(err)
	}
	want := `{"inline_keyboard":[[{"text":"是","callback_data":"yes"}],[{"text":"不是","callback_data":"no"}]]}`
	if diff := cmp.Diff([]string{"", want}, got); diff != "" {
		t.Error(diff)
	}
}

// TestATapIsAnswered with what the button says.
func TestATapIsAnswered(t *testing.T) {
	var got []string
	server := api(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.URL.Path[strings.LastIndex(r.URL.Path, "/"):], r.FormValue("callback_query_id"), r.FormValue("text"))
		fmt.Fprint(w, `{"ok":false,"error_code":400,"description":"Bad Request: query is too old"}`) // which is no reason not to take it
	})
	c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL, Secret: secret})
	for _, p := range payloads {
		if p.Name == "a button" {
			answer := serve(c, post(p.Body))
			if answer.Code != http.StatusOK {
				t.Errorf("status %d", answer.Code)
			}
		}
	}
	if diff := cmp.Diff([]string{"/answerCallbackQuery", "4382", "手机银行"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestPartsThatWereSentAreNotSentAgain after the next part failed.
func TestPartsThatWereSentAreNotSentAgain(t *testing.T) {
	var got []string
	server := api(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.FormValue("text")[:3])
		if len(got) == 2 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, `{"ok":true,"result":{}}`)
	})
	c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL})
	m := supportbot.Message{From: supportbot.FromAgent, Text: strings.Repeat("一", 4096) + strings.Repeat("二", 4096) + "三"}
	if err := c.Send(t.Context(), at("614"), m, "1"); err == nil {
		t.Fatal("no failure")
	}
	if err := c.Send(t.Context(), at("614"), m, "1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"一", "二", "二", "三"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestFlood: a chat that Telegram tells to wait holds up no other; where it
// tells two, all wait.
func TestFlood(t *testing.T) {
	busy, calls := map[string]bool{"1": true, "2": true}, 0
	server := api(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		if busy[r.FormValue("chat_id")] {
			w.WriteHeader(http.StatusTooManyRequests)
			_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error_code": 429, "parameters": map[string]int{"retry_after": 30}})
			return
		}
		fmt.Fprint(w, `{"ok":true,"result":{}}`)
	})
	c := open(t, channeltest.NewBot(channeltest.SayBack), telegram.Options{Server: server.URL})
	send := func(chat string) *channels.Failure {
		var f *channels.Failure
		errors.As(c.Send(t.Context(), at(chat), supportbot.Message{From: supportbot.FromBot, Text: "x"}, chat), &f)
		return f
	}
	if f := send("1"); f == nil || f.Kind != channels.Limited || f.After != 30*time.Second {
		t.Fatalf("got %v", f)
	}
	if f := send("3"); f != nil {
		t.Fatalf("another chat waits as well: %v", f)
	}
	send("2")
	before := calls
	if f := send("3"); f == nil || f.Kind != channels.Limited || f.After > 30*time.Second || f.After < 25*time.Second || calls != before {
		t.Errorf("got %v after %d calls, want to wait without one", f, calls-before)
	}
}
