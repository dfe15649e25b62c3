package webchat

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"supportbot"
)

// markdown knows what content uses and no more. Without goldmark's parsers of
// raw HTML a tag is text like any other, and is escaped.
var markdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500), // without it, indented text is lost
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(emphasis{parser.NewEmphasisParser()}, 500),
		),
		parser.WithASTTransformers(util.Prioritized(outward{}, 100)),
	)),
	goldmark.WithRendererOptions(html.WithHardWraps()),
)

// render turns transcript entries into what the client shows. Only the bot
// writes Markdown; what people write stays text.
func render(list []supportbot.Message) []message {
	shown := make([]message, len(list))
	for i, m := range list {
		shown[i] = message{Seq: m.Seq, From: m.From, Author: m.Author, ReplyTo: m.ReplyTo, At: m.At}
		for _, c := range m.Choices {
			shown[i].Choices = append(shown[i].Choices, choice{c.Label, c.Value})
		}
		if m.From == supportbot.FromBot {
			shown[i].HTML = toHTML(m.Text)
		} else {
			shown[i].Text = m.Text
		}
	}
	return shown
}

// draft shows passages as the message that they will become.
func draft(passages []supportbot.Passage) draftFrame {
	var lines []string
	for _, p := range passages {
		lines = append(lines, p.Text)
	}
	return draftFrame{"draft", toHTML(strings.Join(lines, "\n\n"))}
}

func toHTML(text string) string {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(text), &b); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}

// outward makes links open a new page, and leaves of all links that lead
// elsewhere than to the web, a phone or a mailbox, and of images, only the text.
type outward struct{}

func (outward) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var dropped []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			dropped = append(dropped, n)
		case *ast.Link:
			if leadsOutward(n.Destination) {
				n.SetAttributeString("target", []byte("_blank"))
				n.SetAttributeString("rel", []byte("noopener"))
			} else {
				dropped = append(dropped, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range dropped {
		unwrap(n)
	}
}

func leadsOutward(destination []byte) bool {
	u, err := url.Parse(string(destination))
	return err == nil && slices.Contains([]string{"http", "https", "mailto", "tel"}, u.Scheme)
}

// unwrap puts the children of n in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for n.HasChildren() {
		parent.InsertBefore(parent, n, n.FirstChild())
	}
	parent.RemoveChild(parent, n)
}

// emphasis is CommonMark's, except beside a Chinese character: there * opens
// and closes whatever punctuation is near. CommonMark tells opening from closing
// by the spaces between words, so that "**注意：**请" would show its asterisks.
type emphasis struct{ parser.InlineParser }

func (e emphasis) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	node := e.InlineParser.Parse(parent, block, pc)
	run, ok := node.(*parser.Delimiter)
	if !ok || run.Char != '*' {
		return node
	}
	after := '\n'
	if rest, _ := block.PeekLine(); len(rest) > 0 {
		after, _ = utf8.DecodeRune(rest)
	}
	if unicode.Is(unicode.Han, before) || unicode.Is(unicode.Han, after) {
		run.CanOpen = !unicode.IsSpace(after)
		run.CanClose = !unicode.IsSpace(before)
	}
	return run
}
