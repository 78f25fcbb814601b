package handbookpages

import (
	"github.com/a-h/templ"

	"ambassadeur/internal/handbook"
)

// changePages shows the list of changes: of a second edition, for each reader
// who sees another part of it, and of editions without changes.
func (g *samples) changePages() {
	all := sampleChanges(g.x)
	show := func(list []handbook.Change, supersedes string) func(reading) templ.Component {
		return func(r reading) templ.Component {
			r.Edition.Number, r.Edition.Supersedes = 2, supersedes
			return changesPage(r, list)
		}
	}
	g.add("changes", show(all, "before"))
	g.addFor("changes-for-clients", handbook.InForce, handbook.Client, show(all, "before"))
	g.addFor("changes-not-for-clients", handbook.InForce, handbook.Client, show(all[:1], "before"))
	g.addFor("changes-proposal", handbook.Consultation, "", show(all, ""))
	g.add("changes-none", show(nil, "before"))
	g.add("changes-first", func(r reading) templ.Component { return changesPage(r, nil) })
}

// sampleChanges has one change of each kind, made from the handbook's own
// pieces. The first is for staff only.
func sampleChanges(x *handbook.Index) []handbook.Change {
	kinds := []handbook.ChangeKind{handbook.Added, handbook.Stronger, handbook.Changed, handbook.Removed, handbook.Changed}
	var out []handbook.Change
	for _, p := range x.Pieces() {
		if p.Kind != handbook.KindIdea || len(out) == len(kinds) {
			continue
		}
		c := handbook.Change{What: kinds[len(out)], Of: string(p.Kind), Link: p.Link, Title: p.Title, Audience: handbook.Audiences()}
		switch c.What {
		case handbook.Added:
			c.Audience = []handbook.Audience{handbook.Staff}
		case handbook.Stronger:
			c.From, c.To = handbook.Discouraged, handbook.Tip
		case handbook.Changed:
			c.Aspects = []string{"text", "why"}
			c.Details = []handbook.Detail{{Aspect: "text", Old: p.Title, New: x.Content().Book.Subject}, {Aspect: "why", New: p.Title}}
		}
		out = append(out, c)
	}
	return out
}
