package webchat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"time"
)

//go:embed page.html privacy.html widget
var files embed.FS

// scripts make up the widget, in this order.
var scripts = []string{"words.js", "shelf.js", "line.js", "transcript.js", "chat.js", "start.js"}

// stylesheet is put into the widget's shadow DOM.
const stylesheet = "widget/style.css"

// file returns an embedded file.
func file(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is compiled in
	}
	return b
}

// widgetSource joins the scripts, the panel and its style into the one file that
// a site embeds.
func widgetSource() []byte {
	var b bytes.Buffer
	b.WriteString("(function () {\n'use strict';\n")
	fmt.Fprintf(&b, "const STYLE = %s;\n", literal(stylesheet))
	fmt.Fprintf(&b, "const PANEL = %s;\n", literal("widget/panel.html"))
	for _, name := range scripts {
		b.Write(file("widget/" + name))
	}
	b.WriteString("})();\n")
	return b.Bytes()
}

// literal returns a file as a string of JavaScript.
func literal(name string) []byte {
	b, err := json.Marshal(string(file(name)))
	if err != nil {
		panic(err) // a string always encodes
	}
	return b
}

func widget() http.Handler {
	serve := static("text/javascript; charset=utf-8", widgetSource())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		serve.ServeHTTP(w, r)
	})
}

// front is our own page. It tells the widget where the telephone is.
func (c *Channel) front() []byte {
	if c.phone == "" {
		return file("page.html")
	}
	return bytes.Replace(file("page.html"), []byte("<supportbot-chat page"), fmt.Appendf(nil, `<supportbot-chat page phone="%s"`, html.EscapeString(c.phone)), 1)
}

// page serves an HTML page under a policy that lets it run the widget and
// nothing else.
func page(body []byte) http.Handler {
	serve := static("text/html; charset=utf-8", body)
	styles := hash(file(stylesheet))
	if _, rest, ok := strings.Cut(string(body), "<style>"); ok {
		own, _, _ := strings.Cut(rest, "</style>")
		styles += " " + hash([]byte(own))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' "+styles+
			"; connect-src 'self'"+sockets(r.Host)+"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		w.Header().Set("Referrer-Policy", "same-origin")
		serve.ServeHTTP(w, r)
	})
}

// hash names an inline style in a Content-Security-Policy.
func hash(style []byte) string {
	sum := sha256.Sum256(style)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]+$`)

// sockets names our own websockets, which 'self' does not cover in Safari
// before 15.4.
func sockets(host string) string {
	if !plainHost.MatchString(host) {
		return ""
	}
	return " ws://" + host + " wss://" + host
}

// static serves one body, compressed where the client takes that. Clients ask
// each time whether it has changed.
func static(contentType string, body []byte) http.Handler {
	sum := sha256.Sum256(body)
	tag := fmt.Sprintf(`W/"%x"`, sum[:8])
	small := compress(body)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		h.Set("Vary", "Accept-Encoding")
		send := body
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			send = small
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(send))
	})
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level exists
	}
	if _, err := z.Write(body); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
