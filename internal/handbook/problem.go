package handbook

import (
	"fmt"
	"sort"
	"strings"
)

// maxProblems bounds how much one run of the loader says: after fifty an
// editor mends something first.
const maxProblems = 50

// Problem is one thing wrong in a handbook folder: where, what, and what to
// do about it. Line 0 means the file as a whole.
type Problem struct {
	File string
	Line int
	Text string
}

// String is the line that an editor sees: "chapters/6-tips.yaml:41: …".
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Problems is everything wrong in a handbook folder, in order of file and
// line, at most fifty. It is the error that Load returns.
type Problems struct {
	List []Problem
	// More is how many further problems were found and left out.
	More int
}

// Error prints one problem a line.
func (p *Problems) Error() string {
	lines := make([]string, 0, len(p.List)+1)
	for _, one := range p.List {
		lines = append(lines, one.String())
	}
	if p.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", p.More))
	}
	return strings.Join(lines, "\n")
}

// place is a file and a line in it.
type place struct {
	file string
	line int
}

// report collects problems while a folder is read. Values are located by
// their address: places maps a pointer to a decoded field to where it stands.
type report struct {
	all    []Problem
	places map[any]place
}

func newReport() *report { return &report{places: map[any]place{}} }

func (r *report) at(p place, format string, args ...any) {
	r.all = append(r.all, Problem{p.file, p.line, fmt.Sprintf(format, args...)})
}

// on reports a problem with the value that ptr points to.
func (r *report) on(ptr any, format string, args ...any) {
	r.at(r.places[ptr], format, args...)
}

// err returns the Problems, or nil when there are none.
func (r *report) err() error {
	if len(r.all) == 0 {
		return nil
	}
	sort.SliceStable(r.all, func(i, j int) bool {
		a, b := r.all[i], r.all[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line
	})
	p := &Problems{List: r.all}
	if n := len(p.List); n > maxProblems {
		p.List, p.More = p.List[:maxProblems], n-maxProblems
	}
	return p
}
