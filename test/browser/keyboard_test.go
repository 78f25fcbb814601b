package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ambassadeur/internal/web/gallery"
)

// stop is where the focus is after a press of Tab.
type stop struct {
	Name    string  `json:"name"`
	Index   int     `json:"index"`   // in the order of the document
	Ring    float64 `json:"ring"`    // width of the outline
	Seen    bool    `json:"seen"`    // in the window and on top
	Outside bool    `json:"outside"` // the focus left the page
}

const stopJS = `(() => {
  const el = document.activeElement;
  if (!el || el === document.body) return {outside: true};
  const box = el.getBoundingClientRect(), style = getComputedStyle(el);
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  return {
    name: el.tagName.toLowerCase() + ' "' + (el.innerText || el.name || '').trim().slice(0, 30) + '"',
    index: [...document.querySelectorAll('*')].indexOf(el),
    ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    seen: y >= 0 && y < innerHeight && !!top && (el.contains(top) || top.contains(el) || !!el.labels && [...el.labels].some(l => l.contains(top))),
  };
})()`

// Everything can be reached with the Tab key, in the order of reading, with a
// ring that is seen, and without a trap.
func TestKeyboardWalk(t *testing.T) {
	needAssets(t)
	b := chromium(t)
	srv := serve(t, nil)
	tab := b.Tab(t)
	for _, state := range []string{"start", "form", "ideas", "lists", "question"} {
		for _, width := range []int{390, 1280} {
			t.Run(fmt.Sprint(state, "/", width), func(t *testing.T) {
				tab.Open(t, srv.URL+gallery.Path+"/parts/"+state+"?theme=light", width)
				first, last, stops := -1, -1, 0
				for range 80 {
					tab.do(t, chromedp.KeyEvent(kb.Tab))
					s := Eval[stop](t, tab, stopJS)
					if s.Outside || s.Index == first {
						break // past the last stop a browser begins again
					}
					if stops == 0 {
						first = s.Index
					}
					stops++
					if s.Index <= last {
						t.Fatalf("%s comes after something that is read later", s.Name)
					}
					last = s.Index
					if s.Ring < 3 {
						t.Errorf("%s: the ring of the focus is %.1f px wide, want 3", s.Name, s.Ring)
					}
					if !s.Seen {
						t.Errorf("%s: has the focus but is not to be seen", s.Name)
					}
				}
				if stops < 8 || stops >= 80 {
					t.Errorf("the walk made %d stops", stops)
				}
			})
		}
	}
}
