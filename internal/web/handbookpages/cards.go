package handbookpages

import (
	"net/http"
)

// cards shows the do and don't cards, the dos first.
func (p *pages) cards(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, cardsPage)
}
