package handbookpages

import (
	"html"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/text"
	"ambassadeur/internal/web/kit"
)

// firstResults is how many results are seen at once; the others are one step
// away.
const firstResults = 6

// search finds pieces of the handbook. The words that somebody looks for may
// say something about them, so they go into no log.
func (p *pages) search(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	query := cut(strings.TrimSpace(r.URL.Query().Get("q")), text.MaxQueryRunes)
	var found []handbook.Result
	if query != "" {
		found = book.Index.Search(query, book.lang, book.audience)
	}
	return kit.Render(w, r, http.StatusOK, searchPage(book, query, found))
}

// cut returns at most n characters of s.
func cut(s string, n int) string {
	runes := []rune(strings.ToValidUTF8(s, ""))
	return string(runes[:min(n, len(runes))])
}

// searchAddress is the page of a search, for the form that leads back to it.
func searchAddress(query string) string {
	return searchPath + "?" + url.Values{"q": {query}}.Encode()
}

// where says in which part of the product a piece stands.
func (r reading) where(p handbook.Piece) (key, chapter string) {
	if ch, ok := r.Index.Chapter(p.Chapter); ok {
		return "book.where-chapter", r.say(ch.Title)
	}
	return "book.where-" + string(p.Kind), ""
}

// snippet is the part of a text around the words that were found, which are
// marked. It is made here because a template would put spaces between spans.
func snippet(spans []handbook.Span) templ.Component {
	var out strings.Builder
	for _, s := range spans {
		if s.Hit {
			out.WriteString("<mark>" + html.EscapeString(s.Text) + "</mark>")
		} else {
			out.WriteString(html.EscapeString(s.Text))
		}
	}
	return templ.Raw(out.String())
}
