package gallery

import (
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
)

// Parts is the gallery's own area: the parts of the design system and the
// states of the frame. Its words are samples, written here and not in the
// catalog, because no reader of the product sees them.
func Parts() Area {
	marieke := kit.Principal{PersonID: "sample", Name: "Marieke de Vries", Audiences: []string{"staff"}}
	return Area{Name: "parts", States: []kit.State{
		{Name: "start", Component: startSample(), Who: marieke},
		{Name: "start-visitor", Component: startSample()},
		{Name: "actions", Component: actionsSample(), Who: marieke},
		{Name: "notes", Component: notesSample(), Who: marieke},
		{Name: "ideas", Component: ideasSample()},
		{Name: "form", Component: formSample(nil), Who: marieke},
		{Name: "form-mistakes", Component: formSample(kit.Errors{"what": "Schrijf één zin over je verhaal.", "mail": "Dit adres mist een apenstaartje. Kijk het nog eens na.", "with": "Kies wie er op de foto staat.", "agree": "Zet een vinkje als je dit goed vindt."}), Who: marieke},
		{Name: "question", Component: questionSample(), Who: marieke},
		{Name: "lists", Component: listsSample(), Who: marieke},
		{Name: "table", Component: tableSample()},
		{Name: "guide", Component: guideSample()},
		{Name: "copy", Component: copySample()},
		{Name: "icons", Component: iconsSample()},
		{Name: "screen", Component: layout.ScreenPage("/")},
		{Name: "fault", Component: layout.Fault(kit.FaultView{Status: 404, Key: "fault.not-found", Hint: "fault.not-found-hint"})},
		{Name: "print", Component: printSample()},
	}}
}
