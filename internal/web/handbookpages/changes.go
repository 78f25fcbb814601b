package handbookpages

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// changes shows what the edition that is read now changed, in words: first
// what is for the reader, then, folded, what is for others.
func (p *pages) changes(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	list, err := p.news.get(r.Context(), book.Edition, p.Changes)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, changesPage(book, list))
}

// news keeps the changes of one text: the texts of an edition never change, so
// neither does what it changed.
type news struct {
	mu   sync.Mutex
	hash string
	list []handbook.Change
}

func (n *news) get(ctx context.Context, ed handbook.EditionMeta, load func(context.Context, string) ([]handbook.Change, error)) ([]handbook.Change, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hash == ed.Hash {
		return n.list, nil
	}
	list, err := load(ctx, ed.ID)
	if err == nil {
		n.hash, n.list = ed.Hash, list
	}
	return list, err
}

// changeGroup is one heading of the list: changes of one sort.
type changeGroup struct {
	name string // of its catalog key and its anchor
	list []handbook.Change
}

// groups sorts changes by what they are to a reader. What touches what
// somebody may do comes first.
func groups(list []handbook.Change) []changeGroup {
	all := []changeGroup{{name: "rules"}, {name: "added"}, {name: "changed"}, {name: "removed"}}
	for _, c := range list {
		i := slices.IndexFunc(all, func(g changeGroup) bool { return g.name == groupOf(c) })
		all[i].list = append(all[i].list, c)
	}
	return slices.DeleteFunc(all, func(g changeGroup) bool { return len(g.list) == 0 })
}

func groupOf(c handbook.Change) string {
	switch {
	case c.Material():
		return "rules"
	case c.What == handbook.Added:
		return "added"
	case c.What == handbook.Removed:
		return "removed"
	default:
		return "changed"
	}
}

// mine parts the changes into those for the reader and those for others.
func (r reading) mine(list []handbook.Change) (mine, others []handbook.Change) {
	for _, c := range list {
		if c.For(r.audience) {
			mine = append(mine, c)
		} else {
			others = append(others, c)
		}
	}
	return mine, others
}

// first says whether no edition was in force before this one.
func (r reading) first() bool { return r.inForce() && r.Edition.Supersedes == "" }

// changeURL is where the changed piece stands; empty when it is gone.
func changeURL(r reading, c handbook.Change) string {
	if c.What == handbook.Removed {
		return ""
	}
	return r.Index.URL(c.Link)
}

// words says a change in the reader's language.
func (r reading) words(c handbook.Change) string { return c.Words(i18n.For(r.lang)) }

// changeLabel names the piece that a change leads to.
func changeLabel(ctx context.Context, r reading, c handbook.Change) string {
	if title := plain(r, c.Title); title != "" {
		return kit.T(ctx, "book.changes-open", "Title", title)
	}
	return kit.T(ctx, "book.cards-open") // the list of cards as a whole
}

// plainOr is a text without its markup, or other words when it is empty.
func plainOr(r reading, t handbook.Text, other string) string {
	if s := plain(r, t); s != "" {
		return s
	}
	return other
}
