package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"ambassadeur/internal/web/gallery"
)

// The Scherm panel opens without scripts and holds what it promises.
func TestScreenPanel(t *testing.T) {
	needAssets(t)
	b := chromium(t)
	srv := serve(t, nil)
	tab := b.Tab(t)
	for _, v := range []view{first(), {"320-largest", 320, "size=groter&theme=light"}, {"1280-dark", 1280, "theme=dark"}, {"calm", 390, "calm=1"}} {
		t.Run(v.name, func(t *testing.T) {
			tab.Scripts(t, false)
			tab.Open(t, srv.URL+gallery.Path+"/parts/start?"+v.query, v.width)
			tab.do(t, chromedp.Click(chromedp.CSS(".tool-panel")), chromedp.WaitVisible(chromedp.CSS(".panel")))
			tab.Scripts(t, true)
			for _, f := range tab.Check(t) {
				t.Error(f)
			}
			tab.Shot(t, "panel-"+v.name)
		})
	}
}

// The list of mistakes has the focus when the page opens, with scripts and
// without, and leads to the field.
func TestMistakesTakeTheFocus(t *testing.T) {
	needAssets(t)
	b := chromium(t)
	srv := serve(t, nil)
	tab := b.Tab(t)
	for _, scripts := range []bool{true, false} {
		tab.Scripts(t, scripts)
		tab.Open(t, srv.URL+gallery.Path+"/parts/form-mistakes", 390)
		tab.do(t, chromedp.Poll[chromedp.Void](`document.activeElement.matches('.errors') || undefined`))
		if got := Eval[bool](t, tab, `[...document.querySelectorAll('.errors a')].every(a => document.querySelector(a.getAttribute('href')).matches('input, textarea'))`); !got {
			t.Error("a line in the list of mistakes does not lead to a field")
		}
	}
}

// Buttons that need a script are not there without one.
func TestWithoutScripts(t *testing.T) {
	needAssets(t)
	b := chromium(t)
	srv := serve(t, nil)
	tab := b.Tab(t)
	tab.Scripts(t, false)
	for _, state := range []string{"actions", "copy", "guide"} {
		tab.Open(t, srv.URL+gallery.Path+"/parts/"+state, 390)
		if n := Eval[int](t, tab, `[...document.querySelectorAll('button[type=button]:not([popovertarget])')].filter(b => b.checkVisibility()).length`); n != 0 {
			t.Errorf("%s: %d buttons are shown that do nothing", state, n)
		}
	}
	tab.Scripts(t, true)
	tab.Open(t, srv.URL+gallery.Path+"/parts/copy", 390)
	if n := Eval[int](t, tab, `[...document.querySelectorAll('[data-copy]')].filter(b => b.checkVisibility()).length`); n != 1 {
		t.Errorf("with scripts: %d copy buttons are shown, want 1", n)
	}
}

// The page stays whole in the colours of the device and on paper.
func TestForcedColoursAndPaper(t *testing.T) {
	needAssets(t)
	b := chromium(t)
	srv := serve(t, nil)
	tab := b.Tab(t)
	for _, state := range []string{"start", "ideas", "form-mistakes", "print"} {
		t.Run(state, func(t *testing.T) {
			tab.Media(t, "", "forced-colors", "active")
			tab.Open(t, srv.URL+gallery.Path+"/parts/"+state, 390)
			for _, f := range tab.Own(t) {
				t.Errorf("forced colours: %s", f)
			}
			tab.Shot(t, "forced-"+state)
			tab.Media(t, "print")
			tab.Open(t, srv.URL+gallery.Path+"/parts/"+state, 794)
			if n := Eval[int](t, tab, `[...document.querySelectorAll('.top, .nav, .help, .skip, button')].filter(e => e.checkVisibility()).length`); n != 0 {
				t.Errorf("paper: %d parts are printed that paper has no use for", n)
			}
			if !Eval[bool](t, tab, `document.querySelector('address').checkVisibility() && [...document.querySelectorAll('details > div')].every(d => d.checkVisibility() || !d.closest('details').checkVisibility())`) {
				t.Error("paper: the contact block or a hidden reason is missing")
			}
			tab.Shot(t, "paper-"+state)
			tab.Media(t, "")
		})
	}
}
