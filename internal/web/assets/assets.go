// Package assets serves what the browser loads beside a page: style sheet,
// script, fonts and application icons. tools/assets builds them into dist,
// with a hash of the content in each name, so that a browser may keep a file
// for ever.
package assets

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// Prefix is the path under which Handler serves the files.
const Prefix = "/bestanden/"

//go:embed all:dist
var dist embed.FS

// names maps the plain name of a file to its name in dist. Without a build it
// is empty, so that tests which need no files run before the first build.
var names = sync.OnceValues(func() (map[string]string, error) {
	body, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		return nil, errors.New("the style sheet and scripts are not built; run: make assets")
	}
	out := map[string]string{}
	if err := json.Unmarshal(body, &out); err != nil {
		return nil, fmt.Errorf("read dist/manifest.json: %w", err)
	}
	return out, nil
})

// Check says what is wrong with the build, nil when nothing is. A server calls
// it before it starts.
func Check() error {
	_, err := names()
	return err
}

// Asset returns the address of a built file by its plain name: "app.css" →
// "/bestanden/app-1A2B3C4D.css". An unknown name leads to a page that does not
// exist.
func Asset(name string) string {
	known, _ := names() // Check reports the error at the start
	if file, ok := known[name]; ok {
		return Prefix + file
	}
	return Prefix + name
}

// Handler serves the built files under Prefix, for a year and in gzip form
// where the browser takes it and a compressed copy was built.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		if name == "" || strings.ContainsAny(name, "/\\") || name[0] == '.' || name == "manifest.json" {
			http.NotFound(w, r)
			return
		}
		body, err := dist.ReadFile("dist/" + name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType(name))
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		if packed, err := dist.ReadFile("dist/" + name + ".gz"); err == nil {
			h.Add("Vary", "Accept-Encoding")
			if acceptsGzip(r.Header.Get("Accept-Encoding")) {
				h.Set("Content-Encoding", "gzip")
				body = packed
			}
		}
		h.Set("Content-Length", fmt.Sprint(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // an error means that the browser went away
		}
	})
}

// contentType names the type of a built file; the types of fonts are not known
// on every machine.
func contentType(name string) string {
	ext := path.Ext(name)
	if ext == ".woff2" {
		return "font/woff2"
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}

// acceptsGzip reports whether the header names gzip and does not refuse it.
func acceptsGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) == "gzip" {
			q := strings.ReplaceAll(quality, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000")
		}
	}
	return false
}
