package handbook

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markup are the characters that make Markdown of plain words. A text without
// them is rendered by escaping alone.
const markup = "*_[]`<>\\&!#~|"

// renderer turns the Markdown of a handbook into safe HTML. It is used while
// an edition is compiled, never while a page is made.
type renderer struct {
	md     goldmark.Markdown
	inline *bluemonday.Policy
	blocks *bluemonday.Policy
	// resolve gives the address of a link, false when the piece is unknown.
	resolve func(Link) (string, bool)
}

func newRenderer(resolve func(Link) (string, bool)) *renderer {
	inline := bluemonday.NewPolicy()
	inline.AllowElements("strong")
	inline.AllowAttrs("href").OnElements("a")
	inline.AllowRelativeURLs(true)
	inline.RequireParseableURLs(true)
	blocks := bluemonday.NewPolicy()
	blocks.AllowElements("strong", "p", "ul", "ol", "li", "h3", "h4", "br")
	blocks.AllowAttrs("href").OnElements("a")
	blocks.AllowRelativeURLs(true)
	blocks.AllowURLSchemes("https")
	blocks.RequireParseableURLs(true)
	return &renderer{md: goldmark.New(), inline: inline, blocks: blocks, resolve: resolve}
}

// Inline renders one text with at most bold words and internal links.
func (r *renderer) Inline(s string) string {
	if !strings.ContainsAny(s, markup) {
		return html.EscapeString(s)
	}
	out := strings.TrimSpace(r.render(s))
	out = strings.TrimSuffix(strings.TrimPrefix(out, "<p>"), "</p>")
	return r.inline.Sanitize(out)
}

// Blocks renders a text with paragraphs, lists and small headings.
func (r *renderer) Blocks(s string) string {
	return r.blocks.Sanitize(strings.TrimSpace(r.render(s)))
}

func (r *renderer) render(s string) string {
	src := []byte(s)
	doc := r.md.Parser().Parse(text.NewReader(src))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch v := n.(type) {
		case *ast.Link:
			if to, ok := r.resolve(Link(v.Destination)); ok {
				v.Destination = []byte(to)
			}
		case *ast.Heading:
			v.Level = min(max(v.Level, 2)+1, 4) // below the page's own headings
		}
		return ast.WalkContinue, nil
	})
	var buf bytes.Buffer
	if err := r.md.Renderer().Render(&buf, src, doc); err != nil {
		return html.EscapeString(s)
	}
	return buf.String()
}

// linksIn returns the destinations of the Markdown links in a text.
func (r *renderer) linksIn(s string) []string {
	if !strings.Contains(s, "](") {
		return nil
	}
	var out []string
	_ = ast.Walk(r.md.Parser().Parse(text.NewReader([]byte(s))), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if l, ok := n.(*ast.Link); ok && entering {
			out = append(out, string(l.Destination))
		}
		return ast.WalkContinue, nil
	})
	return out
}

// complaint says what a text holds beyond bold and links, or "" when nothing.
func (r *renderer) complaint(s string) string {
	src := []byte(s)
	found := ""
	paragraphs := 0
	_ = ast.Walk(r.md.Parser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || found != "" {
			return ast.WalkContinue, nil
		}
		switch v := n.(type) {
		case *ast.Document, *ast.Text, *ast.String, *ast.Link:
		case *ast.Paragraph:
			if paragraphs++; paragraphs > 1 {
				found = "more than one paragraph"
			}
		case *ast.Emphasis:
			if v.Level != 2 {
				found = "italics"
			}
		default:
			found = describe(n)
		}
		return ast.WalkContinue, nil
	})
	return found
}

func describe(n ast.Node) string {
	switch n.(type) {
	case *ast.List:
		return "a list"
	case *ast.Heading:
		return "a heading"
	case *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock:
		return "code"
	case *ast.RawHTML, *ast.HTMLBlock:
		return "HTML"
	case *ast.Image:
		return "an image"
	case *ast.AutoLink:
		return "a bare address"
	default:
		return fmt.Sprintf("Markdown of the kind %s", n.Kind())
	}
}

// Plain returns a text without its Markdown: the words a reader sees. Search,
// word counts and places that cannot hold a link use it.
func Plain(s string) string {
	if !strings.ContainsAny(s, "*[\\") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "**"):
			i++
		case s[i] == '[':
			words, rest, ok := linkAt(s[i:])
			if !ok {
				b.WriteByte(s[i])
				continue
			}
			b.WriteString(Plain(words))
			i += rest - 1
		case s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// linkAt reads "[words](target)" at the start of s and returns its length.
func linkAt(s string) (words string, length int, ok bool) {
	end := strings.Index(s, "](")
	if end < 0 {
		return "", 0, false
	}
	stop := strings.IndexByte(s[end:], ')')
	if stop < 0 || strings.ContainsAny(s[1:end], "[]") {
		return "", 0, false
	}
	return s[1:end], end + stop + 1, true
}
