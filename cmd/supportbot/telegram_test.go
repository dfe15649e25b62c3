package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"supportbot/channels/channeltest"
)

const telegramToken = "123456789:AAExampleTokenOfABotThatIsNoBot00000"

// phone is a merchant's Telegram, on a server that others wrote.
type phone struct {
	*testing.T
	api  string
	chat int
	read int // messages of the bot seen so far
	last shown
}

type shown struct {
	Text   string `json:"text"`
	Markup struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

func newPhone(t *testing.T) *phone {
	return &phone{T: t, api: channeltest.Node(t, "../../channels/telegram/testdata/peer"), chat: 614}
}

// do calls the server as a client of Telegram does.
func (p *phone) do(path string, body map[string]any, answer any) {
	p.Helper()
	data, _ := json.Marshal(body)
	response, err := http.Post(p.api+path, "application/json", bytes.NewReader(data))
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	if answer != nil {
		if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
			p.Fatalf("%s: %v", path, err)
		}
	}
}

func (p *phone) message(fields map[string]any) map[string]any {
	from := map[string]any{"id": p.chat, "is_bot": false, "first_name": "王", "language_code": "zh-hans"}
	m := map[string]any{"botToken": telegramToken, "from": from, "chat": map[string]any{"id": p.chat, "type": "private"}, "date": time.Now().Unix()}
	for name, value := range fields {
		m[name] = value
	}
	return m
}

func (p *phone) writes(text string) {
	p.Helper()
	p.do("/sendMessage", p.message(map[string]any{"text": text}), nil)
}

// fetch reads what the bot has sent since.
func (p *phone) fetch() (said []string) {
	p.Helper()
	var got struct{ Result []struct{ Message shown } }
	p.do("/getUpdates", map[string]any{"token": telegramToken, "chatId": p.chat}, &got)
	for _, m := range got.Result {
		said = append(said, m.Message.Text)
		p.last = m.Message
		p.read++
	}
	return said
}

// until fetches until something is so.
func (p *phone) until(what string, so func(said []string) bool) {
	p.Helper()
	var said []string
	for deadline := time.Now().Add(20 * time.Second); !so(said); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.Fatalf("never saw %s, but %q", what, said)
		}
		said = append(said, p.fetch()...)
	}
}

// sees waits for words of the bot.
func (p *phone) sees(words string) {
	p.Helper()
	p.until(words, func(said []string) bool { return strings.Contains(strings.Join(said, "\n"), words) })
}

// taps a button below the last message, as soon as it is there.
func (p *phone) taps(label string) {
	p.Helper()
	data := ""
	p.until("the button "+label, func([]string) bool {
		for _, row := range p.last.Markup.Rows {
			if strings.Contains(row[0].Text, label) {
				data = row[0].Data
			}
		}
		return data != ""
	})
	below := p.message(map[string]any{"message_id": 1, "reply_markup": p.last.Markup})
	p.do("/sendCallback", p.message(map[string]any{"data": data, "message": below}), nil)
}

func (p *phone) fault(method string, status int, body string) {
	p.Helper()
	p.do("/peer/fault", map[string]any{"method": method, "status": status, "body": json.RawMessage(body)}, nil)
}

// calls is how often a method of the Bot API took effect.
func (p *phone) calls(method string) int {
	response, err := http.Get(p.api + "/peer/calls")
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	var calls map[string]int
	if err := json.NewDecoder(response.Body).Decode(&calls); err != nil {
		p.Fatal(err)
	}
	return calls[method]
}

func (p *phone) serve(dir string) *server {
	p.Helper()
	return serve(p.T, dir, "--telegram-token", telegramToken, "--telegram-server", p.api)
}

// TestTheWholeJobOverTelegram is TestTheWholeJobOverREST for a merchant on
// Telegram, with the power cut and Telegram in trouble in the middle.
func TestTheWholeJobOverTelegram(t *testing.T) {
	p := newPhone(t)
	dir := t.TempDir()
	s := p.serve(dir)
	p.writes("/start")
	p.sees("我是自动客服助手，不是真人")
	p.writes("POS机密码忘了")
	p.sees("用哪种方式重设")
	p.do("/sendMessage", p.message(map[string]any{"photo": []map[string]any{{"file_id": "A", "file_unique_id": "a", "width": 90, "height": 67}}}), nil)
	p.sees("自己看不懂图片")

	p.fault("sendMessage", 429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`)
	p.taps("手机银行")
	p.sees("能登录了吗")
	s.log.wait(t, `too many messages at once`)
	if p.calls("answerCallbackQuery") != 1 {
		t.Error("the button still waits")
	}

	s.kill()
	p.writes("试过了，还是不行") // nobody is there
	p.fault("getUpdates", 409, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`)
	p.fault("sendMessage", 502, `{}`)
	s = p.serve(dir)
	s.log.wait(t, `another program fetches this bot's messages`)
	p.sees("哪个牌子")
	p.writes("拉卡拉")
	p.sees("商户号是多少")
	p.writes("不知道")
	p.sees("已经帮您转人工客服")

	token := s.token()
	_, list := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
	one := list["cases"].([]any)[0].(map[string]any)
	if one["channel"] != "telegram" {
		t.Errorf("the case came by %v", one["channel"])
	}
	at := "/console/api/cases/" + one["id"].(string)
	s.rest(token, "POST", at+"/claim", "")
	p.sees("客服 admin 已接入")
	s.rest(token, "POST", at+"/messages", `{"fence":2,"text":"您好 <王> & 伙伴"}`)
	p.sees("👤 admin\n您好 &lt;王&gt; &amp; 伙伴")
	p.writes("我在柜台")
	var seen map[string]any
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(fmt.Sprint(seen), "我在柜台"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the agent sees %v", seen)
		}
		_, seen = s.rest(token, "GET", at, "")
	}
	s.reads(fmt.Sprint(seen), "[图片]")
	s.rest(token, "POST", at+"/outcome", `{"fence":2,"outcome":"failed"}`)
	p.sees("没能核实您的身份")

	// All that was said reached the phone once; the sends that failed took no effect.
	said := 0
	_, seen = s.rest(token, "GET", at, "")
	for _, m := range seen["transcript"].([]any) {
		if m.(map[string]any)["from"] != "user" {
			said++
		}
	}
	p.until("all that was said", func([]string) bool { return p.read >= said })
	if p.read != said {
		t.Errorf("%d messages reached the phone, %d were said", p.read, said)
	}
	if strings.Contains(s.log.String(), telegramToken[10:]) {
		t.Error("the log holds the token")
	}
}
