package noticepages

import (
	"ambassadeur/internal/notify"
	"ambassadeur/internal/web/kit"
)

// States lists every state of the page.
func States() []kit.State {
	who := kit.Principal{PersonID: "p1", Name: "Ilse Coenen", Audiences: []string{"staff"}}
	usual := viewOf(notify.Default())
	other := viewOf(notify.Preferences{Daily: true, QuietFrom: 20 * 60, QuietTo: 9 * 60, Silent: notify.Choosable(), YearlyCard: true})
	saved, wrong := usual, usual
	saved.Saved = true
	wrong.From, wrong.Errors = "acht", kit.Errors{"quiet_from": "Kies een tijd, zoals 21:00."}
	return []kit.State{
		{Name: "notices", Component: page(usual), Who: who},
		{Name: "notices-other", Component: page(other), Who: who},
		{Name: "notices-saved", Component: page(saved), Who: who},
		{Name: "notices-wrong", Component: page(wrong), Who: who},
	}
}
