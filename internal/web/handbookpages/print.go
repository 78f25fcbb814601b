package handbookpages

import "net/http"

// print shows the whole handbook on one page, for paper.
func (p *pages) print(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, printPage)
}
