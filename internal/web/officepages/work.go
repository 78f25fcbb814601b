package officepages

import (
	"net/http"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// task is one choice on the page of work.
type task struct {
	name    string // "editions": keys office.work-NAME and office.work-NAME-text
	href    string
	icon    string
	offices []string
}

func tasks() []task {
	return []task{
		{"editions", editionsPath, "book-open", anyOffice()},
		{"tables", tablesPath, "list", anyOffice()},
		{"reads", readsPath, "book-open-check", countReaders()},
		{"links", linksPath, "link", linkReaders()},
		{"people", peoplePath, "users-round", administrator()},
		{"trail", trailPath, "footprints", trailReaders()},
	}
}

// showWork shows what somebody can do for the organisation. It needs an
// office, but no strong session: it says how to get one.
func (p *pages) showWork(w http.ResponseWriter, r *http.Request) error {
	who := kit.Who(r.Context())
	mine := tasksFor(who.Offices)
	if len(mine) == 0 {
		return fault.NewForbidden("people.not-your-office").WithHint("fault.forbidden-hint")
	}
	return kit.Render(w, r, http.StatusOK, workPage(mine, who.Strong))
}

// tasksFor are the tasks of who holds the offices.
func tasksFor(offices []string) []task {
	var out []task
	for _, t := range tasks() {
		if people.NeedOffice(people.Holder{Offices: offices, Strong: true}, t.offices...) == nil {
			out = append(out, t)
		}
	}
	return out
}
