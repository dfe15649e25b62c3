package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
)

// TestContentIsPublishedInABrowser: a changed folder waits on the console, is
// tried in a preview, published and rolled back; who was in the middle of a flow
// notices nothing.
func TestContentIsPublishedInABrowser(t *testing.T) {
	browser := channeltest.Browser(t, "zh-CN")
	content := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(content, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	s := serve(t, t.TempDir(), "--content", content)
	asks := func(conversation, id, text string) string {
		t.Helper()
		said, _ := s.saysIn(conversation, id, text)
		return said
	}
	asks("in the middle", "1", "POS机密码忘了")

	changeFile(t, filepath.Join(content, "flows", "forgot-password.yaml"), "照着办完以后，能登录了吗？", "办完了吗？现在能登录了吗？")
	changeFile(t, filepath.Join(content, "articles", "zh", "transaction-limits.md"), "\n---\n", "\n---\n新的说法：")
	version := s.log.wait(t, `can be published on the console" version=(\w+)`)[1]

	admin := openTab(t, browser, s.url+"/console/", 1280, 800)
	admin.do(chromedp.SendKeys("#name", "admin"), chromedp.SendKeys("#password", adminPassword+"\r"), chromedp.WaitVisible("a[href='/console/content']"),
		chromedp.Navigate(s.url+"/console/content"), chromedp.WaitVisible("#v-"+version))
	admin.shot("5-content")
	admin.do(chromedp.Click("a[href$='"+version+"/preview']"), chromedp.WaitVisible("#log"))
	admin.until("document.body.innerText.includes('您要办哪件事')")
	admin.do(chromedp.Navigate(s.url+"/console/content"), chromedp.Click("#v-"+version+" form button"))
	admin.until("document.querySelector('#v-" + version + "[data-current]')")

	s.reads(asks("somebody new", "1", "一天能刷多少"), "新的说法")
	s.reads(asks("in the middle", "2", "手机银行"), "照着办完以后，能登录了吗？")

	admin.do(chromedp.Click(".version:not([data-current]) form button")) // roll back
	admin.until("!document.querySelector('#v-" + version + "[data-current]')")
	if said := asks("somebody else", "1", "一天能刷多少"); strings.Contains(said, "新的说法") {
		t.Errorf("after the roll back: %s", said)
	}

	admin.do(chromedp.Click("a[href$='/flows']"), chromedp.WaitVisible("a[href$='/flows/binding-failed']"), chromedp.Click("a[href$='/flows/binding-failed']"), chromedp.WaitVisible("g[data-step]"))
	admin.until("document.querySelectorAll('g[data-step]').length > 10")
	admin.shot("6-flow")
}

func changeFile(t *testing.T, file, old, new string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(data), old, new, 1)
	if changed == string(data) {
		t.Fatalf("%s holds no %q", file, old)
	}
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}
