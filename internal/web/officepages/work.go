package officepages

import (
	"net/http"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/ui"
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
	var choices []ui.Choice
	for _, t := range tasks() {
		if people.NeedOffice(people.Holder{Offices: who.Offices, Strong: true}, t.offices...) == nil {
			choices = append(choices, ui.Choice{Title: kit.T(r.Context(), "office.work-"+t.name),
				Text: kit.T(r.Context(), "office.work-"+t.name+"-text"), Href: t.href, Icon: t.icon, Tint: ui.Sunk})
		}
	}
	if len(choices) == 0 {
		return fault.NewForbidden("people.not-your-office").WithHint("fault.forbidden-hint")
	}
	return kit.Render(w, r, http.StatusOK, workPage(choices, who.Strong))
}
