package i18n

import (
	"fmt"
	"time"
	_ "time/tzdata" // the machine may have no time zones
)

// zone is where the product's people live: every date they read is of
// Europe/Amsterdam. The zone is compiled in, so loading cannot fail.
var zone = func() *time.Location {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return z
}()

// Zone is Europe/Amsterdam.
func Zone() *time.Location { return zone }

var days = map[Lang][7]string{
	NL: {"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	EN: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}

var months = map[Lang][12]string{
	NL: {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	EN: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Date says a day in full: "maandag 23 november 2026".
func (p Printer) Date(t time.Time) string {
	t = t.In(zone)
	return fmt.Sprintf("%s %d %s %d", days[p.Lang()][t.Weekday()], t.Day(), months[p.Lang()][t.Month()-1], t.Year())
}

// ShortDate says a day without its name: "23 november 2026".
func (p Printer) ShortDate(t time.Time) string {
	t = t.In(zone)
	return fmt.Sprintf("%d %s %d", t.Day(), months[p.Lang()][t.Month()-1], t.Year())
}

// Clock says a time of day: "14.32 uur", "14:32".
func (p Printer) Clock(t time.Time) string {
	t = t.In(zone)
	if p.Lang() == NL {
		return t.Format("15.04") + " uur"
	}
	return t.Format("15:04")
}

// DateTime says a day and a time: "maandag 23 november 2026, 14.32 uur".
func (p Printer) DateTime(t time.Time) string { return p.Date(t) + ", " + p.Clock(t) }

// Ago says how long ago t was: "zojuist", "5 minuten geleden", "2 uur
// geleden", "gisteren, 14.32 uur", and the full date from the day before that.
func (p Printer) Ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return p.T("time.now")
	case d < time.Hour:
		return p.N("time.minutes", int(d/time.Minute))
	case sameDay(t, now):
		return p.N("time.hours", int(d/time.Hour))
	case sameDay(t, now.In(zone).AddDate(0, 0, -1)):
		return p.T("time.yesterday", "Clock", p.Clock(t))
	default:
		return p.DateTime(t)
	}
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.In(zone).Date()
	by, bm, bd := b.In(zone).Date()
	return ay == by && am == bm && ad == bd
}
