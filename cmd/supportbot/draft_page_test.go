package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
)

// slowly is an endpoint whose model cites the first two sentences that it is given,
// and waits before each for a word: "" to go on, another to break off.
func slowly(t *testing.T, next <-chan string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Messages []struct{ Content string }
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		var data struct{ Sentences []struct{ Text string } }
		_ = json.Unmarshal([]byte(body.Messages[1].Content), &data)
		if len(data.Sentences) < 2 {
			stream(w, `{"choice":"none"}`)
			return
		}
		piece := func(text string) {
			content, _ := json.Marshal(text)
			fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", content)
			w.(http.Flusher).Flush()
		}
		piece(`{"sentences":[`)
		for i, s := range data.Sentences[:2] {
			select {
			case word := <-next:
				if word != "" {
					panic(http.ErrAbortHandler)
				}
			case <-r.Context().Done():
				return
			}
			text, _ := json.Marshal(s.Text)
			piece(strings.Repeat(",", i) + fmt.Sprintf(`{"cite":%d,"text":%s}`, i+1, text))
		}
		select {
		case <-next:
		case <-r.Context().Done():
			return
		}
		piece("]}")
		fmt.Fprint(w, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(s.Close)
	return s
}

const (
	gap    = "do they want the business licence"
	drafts = inChat + ".querySelectorAll('.draft')"
)

// A merchant with a slow model sees each sentence when it is checked, marked as being
// written, and then the message in its place; a screen reader has it read once.
func TestAnAnswerIsShownWhileItIsWritten(t *testing.T) {
	next := make(chan string)
	model := slowly(t, next)
	s := serve(t, t.TempDir(), "--openai-url", model.URL, "--openai-model", "m", "--openai-chat-wait", "10s")
	merchant := openTab(t, channeltest.Browser(t, "en-US"), s.url+"/", 390, 844, chromedp.EmulateMobile)
	merchant.until(inChat + ".querySelectorAll('.message').length > 0")
	merchant.text(`(new MutationObserver(all => all.forEach(m => m.addedNodes.forEach(n => window.added.push(n.innerText)))).observe(` + inChat + `.querySelector('.log'), {childList: true}), window.added = [], '')`)
	const draft = drafts + "[0].querySelector('.body').innerText"
	said := func(text string) string { // how often the bot has
		return fmt.Sprintf("[...%s.querySelectorAll('.log .bot .body')].filter(b => b.innerText === %s).length", inChat, quote(text))
	}

	merchant.types(gap)
	next <- ""
	merchant.until(drafts + ".length === 1 && " + drafts + "[0].getAttribute('aria-busy') === 'true'")
	merchant.until("!" + inChat + ".querySelector('.log .draft')") // screen readers read what comes into the log
	merchant.shot("draft-1")
	first := merchant.text(draft)
	next <- ""
	merchant.until(draft + ".length > " + fmt.Sprint(len(first)+5))
	merchant.shot("draft-2")
	both := merchant.text(draft)
	next <- ""
	merchant.until(drafts + ".length === 0 && " + said(both) + " === 1")
	merchant.until("added.filter(text => text && text.includes(" + quote(first) + ")).length === 1")
	merchant.shot("draft-done")

	merchant.types(gap + " or the seal") // another question: the same would be answered from memory
	next <- ""
	merchant.until(drafts + ".length === 1")
	next <- "break off"
	merchant.until(drafts + ".length === 0 && " + said(first) + " === 1") // what was shown stands

	merchant.types(gap + " or the stamp")
	next <- ""
	merchant.until(drafts + ".length === 1")
	merchant.do(chromedp.Reload()) // in the middle: nothing provisional comes back, the message does
	merchant.until(said(both) + " === 1 && " + drafts + ".length === 0")
	next <- ""
	next <- ""
	merchant.until(said(both) + " === 2")
}

// text is the value of an expression in the page.
func (p *tab) text(expression string) string {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, 20*time.Second)
	defer stop()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		p.Fatal(err)
	}
	return text
}
