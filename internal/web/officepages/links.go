package officepages

import (
	"net/http"
	"time"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook/linkcheck"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// linkRow is one reference with how its link was found.
type linkRow struct {
	Title   string
	URL     string // empty: it has no link
	Making  bool   // the document is still being made
	Known   bool   // the link was looked at
	Checked linkcheck.Link
}

type linksView struct {
	Rows []linkRow
	Last time.Time // when a link was last looked at; zero: never
	May  bool
	Done string
	Now  time.Time
}

// tasks are the links that failed twice in a row.
func (v linksView) tasks() []linkRow {
	var out []linkRow
	for _, row := range v.Rows {
		if row.Known && !row.Checked.TaskAt.IsZero() {
			out = append(out, row)
		}
	}
	return out
}

func (p *pages) showLinks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	index, _, err := p.current(ctx)
	if err != nil {
		return err
	}
	found, err := p.Links(ctx)
	if err != nil {
		return err
	}
	v := linksView{May: kit.Who(ctx).Is(people.Communications), Done: doneKey(r), Now: p.Now()}
	known := map[string]linkcheck.Link{}
	for _, l := range found {
		known[l.Reference] = l
		if l.CheckedAt.After(v.Last) {
			v.Last = l.CheckedAt
		}
	}
	for _, ref := range index.Content().References {
		l, ok := known[ref.ID]
		v.Rows = append(v.Rows, linkRow{
			Title: kit.Pick(ctx, ref.Title.NL, ref.Title.EN), URL: ref.URL, Making: ref.Status == "in_the_making",
			Known: ok && l.URL == ref.URL, Checked: l,
		})
	}
	return kit.Render(w, r, http.StatusOK, linksPage(v))
}

func (p *pages) askLinks(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.actor(r.Context(), communications()); err != nil {
		return err
	}
	if err := p.CheckLinks(r.Context()); err != nil {
		if fault.KindOf(err) == fault.Internal {
			return fault.NewUnavailable("office.links-not-now").Because(err)
		}
		return err
	}
	return done(w, r, linksPath, "verwijzingen")
}
