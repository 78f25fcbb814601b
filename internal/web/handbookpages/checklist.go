package handbookpages

import (
	"net/http"

	"ambassadeur/internal/web/kit"
)

// checklist helps to choose an open or a closed profile on one platform.
// Nothing is ticked and nothing is kept: it is for the reader alone.
func (p *pages) checklist(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	c, ok := book.Index.Checklist(r.PathValue("checklist"))
	if !ok {
		return missing()
	}
	return kit.Render(w, r, http.StatusOK, checklistPage(book, c))
}
