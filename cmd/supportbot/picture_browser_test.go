package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"supportbot/channels/channeltest"
	"supportbot/internal/telephone"
)

// aScreen is a picture of a terminal that shows an error.
func aScreen(t *testing.T, words ...string) []byte {
	t.Helper()
	screen := image.NewRGBA(image.Rect(0, 0, 320, 200))
	draw.Draw(screen, screen.Bounds(), image.NewUniform(color.RGBA{20, 60, 50, 255}), image.Point{}, draw.Src)
	pen := font.Drawer{Dst: screen, Src: image.NewUniform(color.White), Face: basicfont.Face7x13}
	for i, line := range words {
		pen.Dot = fixed.P(30, 60+30*i)
		pen.DrawString(line)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, screen); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// signIn opens the console as its admin.
func signIn(t *testing.T, s *server, language string, width, height int64) *tab {
	t.Helper()
	p := openTab(t, channeltest.Browser(t, language), s.url+"/console/", width, height)
	p.do(chromedp.SendKeys("#name", "admin"), chromedp.SendKeys("#password", adminPassword+"\r"), chromedp.WaitVisible("#waiting button"))
	return p
}

// isShown waits until so many pictures of the chosen case can be seen.
func (p *tab) isShown(pictures int) {
	p.Helper()
	p.do(chromedp.ScrollIntoView("#pictures"))
	p.until(fmt.Sprintf("(all => all.length === %d && all.every(i => i.complete && i.naturalWidth === 320))([...document.querySelectorAll('#pictures img')])", pictures))
}

// TestAnAgentSeesPicturesAndReceiptsOfWhatsApp: two pictures, one of which is none,
// come with words; what the agent answers arrives, and the console says so.
func TestAnAgentSeesPicturesAndReceiptsOfWhatsApp(t *testing.T) {
	s := serve(t, t.TempDir())
	phone := telephone.Handset{Server: s.url, From: "+8613800138000"}
	sends := func(n telephone.Note) {
		t.Helper()
		n.Over = "whatsapp"
		if err := phone.Send(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	_, read, err := phone.Read(t.Context(), -1)
	if err != nil {
		t.Fatal(err)
	}
	reads := func(want string) {
		t.Helper()
		for {
			letters, next, err := phone.Read(t.Context(), read)
			if err != nil {
				t.Fatal(err)
			}
			read = next
			for _, l := range letters {
				if strings.Contains(l.Text, want) && l.Over == "whatsapp" {
					return
				}
			}
		}
	}
	sends(telephone.Note{Picture: aScreen(t, "TERMINAL ERROR A7", "PLEASE CALL SUPPORT"), Kind: "image/png"})
	reads("图片收到了")
	sends(telephone.Note{Text: "屏幕上是这个", Picture: []byte("<html><script>alert(1)</script>"), Kind: "image/jpeg"})
	reads("图片打不开")
	sends(telephone.Note{Picture: []byte("OggS"), Kind: "audio/ogg"})
	reads("听不了语音")
	sends(telephone.Note{Text: "转人工"})
	reads("转人工客服")

	agent := signIn(t, s, "zh-CN", 1280, 900)
	agent.do(chromedp.Click("#waiting button"), chromedp.WaitVisible("#claim"), chromedp.Click("#claim"))
	agent.isShown(1)
	agent.until("document.getElementById('pictures-list').innerText.includes('发来的文件打不开')")
	agent.do(chromedp.SendKeys("#text", "看到了，A7是网络不通，请检查网线"), chromedp.Click("#send"))
	reads("A7是网络不通")
	agent.until("[...document.querySelectorAll('#log .receipt')].pop().innerText.includes('已送达')")
	agent.shot("picture-whatsapp-zh")
	agent.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile), chromedp.Click(".tabs [data-pane=packet]"))
	agent.isShown(1)
	agent.shot("picture-whatsapp-phone")
}

// TestAnAgentSeesAPictureOfTelegram on the console in English.
func TestAnAgentSeesAPictureOfTelegram(t *testing.T) {
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/getFile"):
			fmt.Fprint(w, `{"ok":true,"result":{"file_id":"x","file_path":"photos/file_1.png"}}`)
		case strings.HasSuffix(r.URL.Path, "/photos/file_1.png"):
			_, _ = w.Write(aScreen(t, "PRINTER: NO PAPER"))
		default:
			fmt.Fprint(w, `{"ok":true,"result":{"message_id":1,"chat":{"id":614,"type":"private"},"date":1}}`)
		}
	}))
	defer bot.Close()
	s := serve(t, t.TempDir(), "--telegram-token", telegramToken, "--telegram-server", bot.URL, "--telegram-secret", "s3cret")
	s.updated(t, 1, `"photo":[{"file_id":"screen","width":320}],"caption":"what does it say"`)
	s.updated(t, 2, `"text":"/agent"`)
	agent := signIn(t, s, "en-US", 1280, 900)
	agent.do(chromedp.Click("#waiting button"), chromedp.WaitVisible("#claim"), chromedp.Click("#claim"))
	agent.isShown(1)
	agent.shot("picture-telegram-en")
}
