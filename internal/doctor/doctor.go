// Package doctor looks at an installation and says in plain words what is
// well, what is not, and what to do. Each check is a function of what it looks
// at; app gives it the real thing. Nothing here changes anything, and nothing
// that it finds names a person.
//
// Start reading at Finding and Run.
package doctor

import (
	"context"
	"fmt"
	"io"
	"time"

	"ambassadeur/internal/i18n"
)

// Level is how well something is.
type Level uint8

// The levels, in order.
const (
	OK    Level = iota
	Warn        // works, and will not go on so, or is not known
	Wrong       // does not work
)

// String is the level's name in the keys of the catalog.
func (l Level) String() string { return [...]string{"ok", "warn", "wrong"}[min(l, Wrong)] }

// Finding is what a check found. Its words are in the catalog: doctor.AREA is
// the name of what was looked at, doctor.AREA.Text what was found, and
// doctor.AREA.Text_do what to do about it (only when Level is not OK).
type Finding struct {
	Area  string
	Level Level
	Text  string
	Args  map[string]any
	// Detail is the technical cause, for whoever keeps the machine; may be empty.
	Detail string
}

// Title names what was looked at.
func (f Finding) Title(p i18n.Printer) string { return p.T("doctor." + f.Area) }

// Says tells what was found.
func (f Finding) Says(p i18n.Printer) string { return p.M("doctor."+f.Area+"."+f.Text, f.Args) }

// Do tells what to do; empty when all is well.
func (f Finding) Do(p i18n.Printer) string {
	if f.Level == OK {
		return ""
	}
	return p.M("doctor."+f.Area+"."+f.Text+"_do", f.Args)
}

// Check looks at one thing.
type Check func(ctx context.Context) []Finding

// timeLimit is how long one check may take.
const timeLimit = 30 * time.Second

// Run runs the checks one after the other.
func Run(ctx context.Context, checks ...Check) []Finding {
	var out []Finding
	for _, check := range checks {
		within, cancel := context.WithTimeout(ctx, timeLimit)
		out = append(out, check(within)...)
		cancel()
	}
	return out
}

// Worst is the highest level among the findings.
func Worst(findings []Finding) Level {
	worst := OK
	for _, f := range findings {
		worst = max(worst, f.Level)
	}
	return worst
}

// Write prints the findings for a terminal.
func Write(w io.Writer, p i18n.Printer, findings []Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%-9s %s: %s\n", "["+p.T("doctor.level."+f.Level.String())+"]", f.Title(p), f.Says(p)); err != nil {
			return err
		}
		if do := f.Do(p); do != "" {
			if _, err := fmt.Fprintf(w, "          → %s\n", do); err != nil {
				return err
			}
		}
		if f.Detail != "" && f.Level != OK {
			if _, err := fmt.Fprintf(w, "          (%s)\n", f.Detail); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(w, "\n%s\n", p.T("doctor.sum."+Worst(findings).String()))
	return err
}

// found makes the findings of a check that found one thing.
func found(area string, level Level, text string, cause error, kv ...any) []Finding {
	f := Finding{Area: area, Level: level, Text: text}
	if cause != nil {
		f.Detail = cause.Error()
	}
	if len(kv) > 0 {
		f.Args = map[string]any{}
		for i := 0; i+1 < len(kv); i += 2 {
			f.Args[fmt.Sprint(kv[i])] = kv[i+1]
		}
	}
	return []Finding{f}
}

// Start tells why the product does not open.
func Start(cause error) Check {
	return func(context.Context) []Finding { return found("start", Wrong, "fails", cause) }
}
