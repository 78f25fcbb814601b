package app

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// isBlock says whether an element is one thing that is read: a line, a cell,
// an item of a list.
func isBlock(n *html.Node) bool {
	return n.Type == html.ElementNode && slices.Contains([]string{"p", "li", "tr", "dt", "dd", "h1", "h2", "h3", "label", "legend", "option", "a", "summary", "title"}, n.Data)
}

// saidIn is the text of an element.
func saidIn(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasID(doc *html.Node, id string) bool {
	for n := range doc.Descendants() {
		if attribute(n, "id") == id {
			return true
		}
	}
	return false
}

// direct hands requests to a handler, without a network.
type direct struct {
	handler http.Handler
	from    string
}

// RoundTrip answers a request.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RemoteAddr, in.RequestURI, in.Host = d.from, r.URL.RequestURI(), r.URL.Host
	in.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	d.handler.ServeHTTP(rec, in)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// buffer is a place for lines that several goroutines write.
type buffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

// Write adds a line.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

// String returns what was written.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}
