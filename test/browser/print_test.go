package browser

import (
	"testing"

	"ambassadeur/internal/web/gallery"
)

// sheetWidth is what A4 leaves between its margins, in CSS pixels.
const sheetWidth = 718

// On paper a table is a table, with its heads, and nothing falls off the sheet.
func TestPaper(t *testing.T) {
	needAssets(t)
	b := chromium(t)
	srv := serve(t, pageAreas(t))
	tab := b.Tab(t)
	tab.Media(t, "print")
	defer tab.Media(t, "")
	for state, tables := range map[string]int{"officers": 1, "print": 1, "notice": 0, "changes": 0, "cards": 0} {
		t.Run(state, func(t *testing.T) {
			tab.Open(t, srv.URL+gallery.Path+"/handbookpages/"+state+"?theme=light", sheetWidth)
			shown := Eval[int](t, tab, `[...document.querySelectorAll('.table')].filter(e =>
				getComputedStyle(e).display === 'table' && e.querySelector('thead').checkVisibility() &&
				![...e.querySelectorAll('.cell-label')].some(l => l.checkVisibility())).length`)
			all := Eval[int](t, tab, `document.querySelectorAll('.table').length`)
			if shown != all || all < tables {
				t.Errorf("%d of %d tables are tables on paper, want at least %d", shown, all, tables)
			}
			if over := Eval[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%d px fall off the sheet", over)
			}
			if n := Eval[int](t, tab, `[...document.querySelectorAll('.nav, .tools, .help, .acts, .skip')].filter(e => e.checkVisibility()).length`); n > 0 {
				t.Errorf("%d parts of the screen are on paper", n)
			}
			tab.Shot(t, "paper-"+state)
		})
	}
}
