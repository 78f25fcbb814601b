package handbookpages

import "net/http"

// notice shows the noticeboard edition: one sheet of A4 for the wall.
func (p *pages) notice(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, noticePage)
}
