package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// planted is a page with one of every fault that the checks are there for.
const planted = `<!doctype html>
<html>
<head><title>Ambassadeur</title><link rel="stylesheet" href="/planted.css"></head>
<body>
<h2>Wrong order</h2><h1>One</h1><h1>Two</h1>
<main><p class="pale">Grey words on white are hard to read for many people.</p>
<p class="tiny">Small</p><p class="caps">shouting</p><p class="slant">slanted</p><p class="block">squared off</p>
<p class="wide">This line runs on and on and on over the whole width of the screen, far longer than an eye can follow without losing its place.</p>
<form><input id="mail" type="text" placeholder="Your address"><input type="text" name="nameless"><button class="mini">x</button></form>
<img src="/dot.svg"><a href="/" id="mail">here</a><a href="/other">here</a>
<p style="margin: 0">Inline style</p>
<div class="clip"><span class="btn">A word that is cut off</span></div>
<p>⟦ui.nothing⟧</p>
<div class="broad">Broad</div></main>
<img src="http://127.0.0.2:%s/dot.svg" alt="third party">
<img src="/big.svg" alt="heavy">
<script src="/planted.js"></script>
</body></html>`

const plantedCSS = `.pale{color:#6a6a6a;background:#fff}.tiny{font-size:12px}.caps{text-transform:uppercase}.slant{font-style:italic}.block{text-align:justify}
.wide{width:1400px}.broad{width:1500px}.mini{width:20px;height:20px;padding:0}.clip{overflow:hidden;width:60px;white-space:nowrap}img{width:20px;height:20px}`

// A walk that reports nothing means something only if planted faults are
// reported, every one.
func TestPlantedFaultsAreReported(t *testing.T) {
	b := chromium(t)
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "http://"), ":")
	file := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = fmt.Fprint(w, body)
		}
	}
	dot := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>`
	mux.HandleFunc("/", file("text/html; charset=utf-8", fmt.Sprintf(planted, port)))
	mux.HandleFunc("/planted.css", file("text/css", plantedCSS))
	mux.HandleFunc("/planted.js", file("text/javascript", "console.error('planted')"))
	mux.HandleFunc("/dot.svg", file("image/svg+xml", dot))
	mux.HandleFunc("/big.svg", file("image/svg+xml", dot+"<!--"+strings.Repeat("x", maxBytes)+"-->"))

	tab := b.Tab(t)
	tab.Open(t, srv.URL, 390)
	found := tab.Check(t)
	for _, rule := range []string{
		"sideways-scroll", "cut-text", "small-text", "all-caps", "italics", "justified", "long-line", "small-target",
		"one-h1", "title", "double-id", "placeholder", "inline-style", "missing-words", "help-last", "contact",
		"third-party", "heavy", "console",
		"axe color-contrast-enhanced", "axe image-alt", "axe html-has-lang", "axe label", "axe target-size",
	} {
		if !reported(found, rule) {
			t.Errorf("the planted fault %q was not reported", rule)
		}
	}
	if t.Failed() {
		for _, f := range found {
			t.Log(f)
		}
	}
}

func reported(found []Finding, rule string) bool {
	for _, f := range found {
		if f.Rule == rule {
			return true
		}
	}
	return false
}
