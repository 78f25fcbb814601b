package officepages

import (
	"net/http"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// readsRow is how one audience stands with reading. It never says anything
// about one person, or about fewer than five.
type readsRow struct {
	Audience people.Audience
	handbook.Counts
}

func (p *pages) showReads(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, meta, err := p.Editions.Current(ctx)
	if fault.KindOf(err) == fault.Unavailable {
		return kit.Render(w, r, http.StatusOK, readsPage(0, nil))
	}
	if err != nil {
		return err
	}
	var rows []readsRow
	for _, a := range []people.Audience{people.Staff, people.Volunteer, people.Client} {
		in, err := p.People.InAudience(ctx, a)
		if err != nil {
			return err
		}
		// Never nil: that would count everybody.
		counts, err := p.Counts(ctx, meta.ID, append([]string{}, in...))
		if err != nil {
			return err
		}
		rows = append(rows, readsRow{a, counts})
	}
	return kit.Render(w, r, http.StatusOK, readsPage(meta.Number, rows))
}
