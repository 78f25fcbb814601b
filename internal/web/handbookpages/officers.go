package handbookpages

import (
	"net/http"
	"strings"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/ui"
)

// officers shows the table of officers: who speaks for the organisation. It is
// made from the projection, cell for cell.
func (p *pages) officers(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, officersPage)
}

// officerTable is the table of officers. A cell reads as in the policy:
// "Twitter, LinkedIn, blog*". The page of a location stands in the column of
// personal accounts, as it does there.
func officerTable(r reading, caption string) ui.TableProps {
	o := r.Index.Projection().Officers
	t := ui.TableProps{Caption: caption}
	for _, c := range o.Columns {
		t.Head = append(t.Head, r.say(c.Label))
	}
	for _, f := range o.Functions {
		if f.Hidden {
			continue
		}
		personal := append(cells(f.Personal), cells(f.LocationPage)...)
		corporate := cells(f.Corporate)
		if f.AllCorporate && f.AllLabel != nil {
			corporate = append([]string{r.say(*f.AllLabel)}, corporate...)
		}
		t.Rows = append(t.Rows, ui.Cells(r.say(f.Label), cellText(personal), cellText(corporate)))
	}
	return t
}

func cells(list []handbook.MandateCell) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Label+c.Footnote)
	}
	return out
}

// cellText joins the platforms of a cell; a dash says that a cell is empty on
// purpose.
func cellText(platforms []string) string {
	if len(platforms) == 0 {
		return "–"
	}
	return strings.Join(platforms, ", ")
}

// footnotes are the notes below the table: only those that a cell carries.
func footnotes(r reading) []handbook.Footnote {
	o := r.Index.Projection().Officers
	used := map[string]bool{}
	for _, f := range o.Functions {
		if f.Hidden {
			continue
		}
		for _, list := range [][]handbook.MandateCell{f.Personal, f.Corporate, f.LocationPage} {
			for _, c := range list {
				used[c.Footnote] = true
			}
		}
	}
	var out []handbook.Footnote
	for _, n := range o.Footnotes {
		if used[n.Mark] {
			out = append(out, n)
		}
	}
	return out
}
