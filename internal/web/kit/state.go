package kit

import "github.com/a-h/templ"

// State is one page or component with sample data, shown in the gallery and
// walked through by the accessibility tests. Page areas list theirs in a
// function States.
type State struct {
	Name      string // unique in its area, "link-sent"
	Component templ.Component
	Who       Principal
	Display   Display // Lang, size and the like; the gallery may override them
}
