package handbookpages

import "net/http"

// openEnds shows what the policy leaves open. It stays visible until somebody
// decides.
func (p *pages) openEnds(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, openEndsPage)
}
