package notify

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, i18n.Zone())
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestWhenAMailLeaves(t *testing.T) {
	night := Preferences{Mail: true, Quiet: true, QuietFrom: 21 * 60, QuietTo: 8 * 60}
	daily := night
	daily.Daily = true
	late := daily
	late.QuietTo = 10 * 60
	noon := Preferences{Mail: true, Quiet: true, QuietFrom: 12 * 60, QuietTo: 13 * 60}
	silent := night
	silent.Silent = []Kind{Edition}
	for _, c := range []struct {
		name      string
		p         Preferences
		kind      Kind
		now, want string // want empty: never
	}{
		{"in the day at once", night, Answer, "2026-11-23 14:00", "2026-11-23 14:00"},
		{"in the evening next morning", night, Answer, "2026-11-23 21:00", "2026-11-24 08:00"},
		{"after midnight same morning", night, Answer, "2026-11-24 03:00", "2026-11-24 08:00"},
		{"at the end of quiet", night, Answer, "2026-11-24 08:00", "2026-11-24 08:00"},
		{"quiet at noon", noon, Answer, "2026-11-24 12:59", "2026-11-24 13:00"},
		{"daily before nine", daily, Task, "2026-11-24 08:59", "2026-11-24 09:00"},
		{"daily after nine", daily, Task, "2026-11-24 09:00", "2026-11-25 09:00"},
		{"daily within quiet", late, Task, "2026-11-24 07:00", "2026-11-24 10:00"},
		{"security in the night", daily, Security, "2026-11-24 03:00", "2026-11-24 03:00"},
		{"security without mail", Preferences{}, Security, "2026-11-24 03:00", "2026-11-24 03:00"},
		{"on the screen only", Preferences{}, Answer, "2026-11-24 12:00", ""},
		{"kind switched off", silent, Edition, "2026-11-24 12:00", ""},
		{"another kind", silent, Answer, "2026-11-24 12:00", "2026-11-24 12:00"},
		{"the yearly card", night, Settings, "2026-11-24 12:00", ""},
		{"clock goes forward", night, Answer, "2027-03-27 23:00", "2027-03-28 08:00"},
		{"clock goes back", night, Answer, "2026-10-24 23:00", "2026-10-25 08:00"},
	} {
		var want time.Time
		if c.want != "" {
			want = at(c.want)
		}
		if got := c.p.due(c.kind, at(c.now)); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", c.name, got.In(i18n.Zone()), want.In(i18n.Zone()))
		}
	}
}

// Whatever the hours and also in the nights that the clock moves: a mail never
// leaves in quiet hours, never waits more than a day and a bit, and what comes
// later does not leave earlier.
func TestQuietHoursHoldOnEveryDay(t *testing.T) {
	nights := []time.Time{at("2026-11-23 12:00"), at("2027-03-27 12:00"), at("2026-10-24 12:00")}
	rapid.Check(t, func(t *rapid.T) {
		p := Preferences{Mail: true, Quiet: true,
			QuietFrom: rapid.IntRange(0, 1439).Draw(t, "from"), QuietTo: rapid.IntRange(0, 1439).Draw(t, "to"), Daily: rapid.Bool().Draw(t, "daily")}
		if p.Check() != nil {
			t.Skip("the same hours")
		}
		start := rapid.SampledFrom(nights).Draw(t, "night")
		now := start.Add(time.Duration(rapid.IntRange(0, 36*60).Draw(t, "minutes")) * time.Minute)
		due := p.due(Answer, now)
		if p.quietAt(due) {
			t.Fatalf("%s leaves in quiet hours at %s", now.In(i18n.Zone()), due.In(i18n.Zone()))
		}
		if due.Before(now) || due.Sub(now) > 50*time.Hour || (!p.Daily && due.Sub(now) > 25*time.Hour) {
			t.Fatalf("%s leaves at %s", now.In(i18n.Zone()), due.In(i18n.Zone()))
		}
		later := now.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "later")) * time.Minute)
		if p.due(Answer, later).Before(due) {
			t.Fatalf("%s leaves before %s", later, now)
		}
	})
}

func TestPreferencesThatCannotBe(t *testing.T) {
	if err := Default().Check(); err != nil {
		t.Fatal(err)
	}
	for field, p := range map[string]Preferences{
		"quiet_from": {QuietFrom: 1440},
		"quiet_to":   {Quiet: true, QuietFrom: 60, QuietTo: 60},
		"silent":     {Silent: []Kind{Security}},
	} {
		f, ok := fault.As(p.Check())
		if !ok || f.Field != field || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", field, f)
		}
	}
	for s, want := range map[string]int{"21:00": 1260, "8.05": 485, "08:05": 485, "24:00": -1, "": -1, "x": -1} {
		got, err := ParseClock(s)
		if (err != nil) != (want < 0) || (err == nil && got != want) {
			t.Errorf("%q: %d, %v", s, got, err)
		}
	}
	if Clock(485) != "08:05" {
		t.Error(Clock(485))
	}
}
