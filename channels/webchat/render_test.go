package webchat

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"supportbot"
)

func TestMarkdown(t *testing.T) {
	for _, test := range []struct{ name, text, html string }{
		{"lines", "第一行\n第二行", "<p>第一行<br>\n第二行</p>"},
		{"steps", "1. 开机\n2. 登录", "<ol>\n<li>开机</li>\n<li>登录</li>\n</ol>"},
		{"bold beside Chinese punctuation", "请选**“绑卡”**后，**注意：**别关机", "<p>请选<strong>“绑卡”</strong>后，<strong>注意：</strong>别关机</p>"},
		{"bold in English", "press **OK** now, 2 * 3 * 4", "<p>press <strong>OK</strong> now, 2 * 3 * 4</p>"},
		{"link", "[银行](https://bank.example/a?b=c&d=e)", `<p><a href="https://bank.example/a?b=c&amp;d=e" target="_blank" rel="noopener">银行</a></p>`},
		{"phone link", "[110](tel:110)", `<p><a href="tel:110" target="_blank" rel="noopener">110</a></p>`},
		{"indented", "    四格", "<pre><code>四格\n</code></pre>"},

		{"script", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"script in a line", "a <script>alert(1)</script> b", "<p>a &lt;script&gt;alert(1)&lt;/script&gt; b</p>"},
		{"onerror", "<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"},
		{"javascript link", "[点我](javascript:alert(1))", "<p>点我</p>"},
		{"javascript link in disguise", "[点我](JaVaScRiPt:alert(1)) [a](java&#115;cript:alert(1)) [b](<java\tscript:x>)", "<p>点我 a b</p>"},
		{"data link", "[a](data:text/html;base64,PHNjcmlwdD4=)", "<p>a</p>"},
		{"relative link", "[a](/console/) [b](//evil.example)", "<p>a b</p>"},
		{"javascript autolink", "<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>"},
		{"image", "![看**图**](https://evil.example/pixel.gif)", "<p>看<strong>图</strong></p>"},
		{"image in a bad link", "[![图](x)](javascript:x)", "<p>图</p>"},
		{"quote out of an attribute", `[a](https://x.example/"onclick="alert(1))`, `<p><a href="https://x.example/%22onclick=%22alert(1)" target="_blank" rel="noopener">a</a></p>`},
		{"title", `[a](https://x.example "\"><script>")`, `<p><a href="https://x.example" title="&quot;&gt;&lt;script&gt;" target="_blank" rel="noopener">a</a></p>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.TrimSpace(toHTML(test.text)); got != test.html {
				t.Errorf("got  %s\nwant %s", got, test.html)
			}
		})
	}
}

// TestOnlyKnownTags: whatever is rendered, no tag comes out that content does
// not use, and no attribute but those of links.
func TestOnlyKnownTags(t *testing.T) {
	pieces := rapid.SampledFrom([]string{
		"<", ">", "<script>", "<img onerror=x ", "</p>", "<!--", "[", "](", ")", "![", "javascript:", "https://x", "\"", "'", "`",
		"**", "*", "_", "\n", "\n\n", "1. ", "- ", "# ", "> ", "    ", "\\", "&lt;", "&#60;", "\x00", "字", "a", " ",
	})
	known := regexp.MustCompile(`^(/?(p|strong|em|ol|ul|li|br|hr|h[1-6]|blockquote|pre|code)|ol start="\d+"|/a|` +
		`a href="https://[^"<>]*"( title="[^"<>]*")? target="_blank" rel="noopener")$`)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 30).Draw(t, "text"), "")
		rest := toHTML(text)
		for {
			_, after, found := strings.Cut(rest, "<")
			if !found {
				return
			}
			tag, after, _ := strings.Cut(after, ">")
			rest = after
			if !known.MatchString(tag) {
				t.Fatalf("%q came out with <%s>", text, tag)
			}
		}
	})
}

func TestPeopleWriteText(t *testing.T) {
	for _, from := range []supportbot.Sender{supportbot.FromUser, supportbot.FromAgent} {
		m := render([]supportbot.Message{{From: from, Text: "**a** <b>"}})[0]
		if m.HTML != "" || m.Text != "**a** <b>" {
			t.Errorf("%s: html %q, text %q", from, m.HTML, m.Text)
		}
	}
}
