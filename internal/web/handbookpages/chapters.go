package handbookpages

import (
	"context"
	"net/http"

	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
	"ambassadeur/internal/web/ui"
)

// chapters shows the way into the handbook: its chapters as tiles.
func (p *pages) chapters(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, chaptersPage)
}

// chapterChoices are the chapters as tiles.
func chapterChoices(r reading) []ui.Choice {
	tint, _ := layout.Look(layout.Handbook)
	var out []ui.Choice
	for _, ch := range r.Index.Content().Chapters {
		out = append(out, ui.Choice{
			Title: numbered(r, &ch), Text: plain(r, ch.Summary),
			Href: handbookPath + "/" + ch.ID, Icon: ch.Picture, Tint: tint,
		})
	}
	return out
}

// shortHash is enough of a hash to compare two sheets of paper.
func shortHash(hash string) string { return hash[:min(8, len(hash))] }

// moreLinks lead to what belongs to the handbook and has a page of its own.
func moreLinks(ctx context.Context) []ui.Link {
	tint, _ := layout.Look(layout.Handbook)
	link := func(key, href, icon string) ui.Link {
		return ui.Link{Title: kit.T(ctx, "book."+key), Text: kit.T(ctx, "book."+key+"-link"), Href: href, Icon: icon, Tint: tint}
	}
	return []ui.Link{
		link("officers", officersPath, "users"),
		link("changes", changesPath, "history"),
		link("references", referencesPath, "file-text"),
		link("open-ends", openEndsPath, "puzzle"),
		link("print", printPath, "printer"),
		link("notice", noticePath, "pin"),
		link("read", readPath, "book-open-check"),
	}
}
