package handbookpages

import (
	"net/http"

	"ambassadeur/internal/handbook"
)

// references shows the documents that the handbook names: where they are, or
// that they are still being made.
func (p *pages) references(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, referencesPage)
}

// referencesFor are the references for the reader's audience.
func (r reading) referencesFor() []handbook.Reference {
	var out []handbook.Reference
	for _, ref := range r.Index.Content().References {
		if r.shows(ref.Audience) {
			out = append(out, ref)
		}
	}
	return out
}
