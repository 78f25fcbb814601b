package notify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/mail"
)

// Kind is what a notice is about, in the widest sense.
type Kind string

// The kinds.
const (
	Answer   Kind = "answer"   // somebody answered
	Task     Kind = "task"     // something waits for this person
	Edition  Kind = "edition"  // a new edition of the handbook
	Reminder Kind = "reminder" // an edition still waits to be read
	Security Kind = "security" // a device or key was added: at once, always
	Settings Kind = "settings" // the yearly card about settings: screen only, on request
)

// Kinds lists all kinds.
func Kinds() []Kind { return []Kind{Answer, Task, Edition, Reminder, Security, Settings} }

// Choosable lists the kinds about which a person may switch mail off.
func Choosable() []Kind { return []Kind{Answer, Task, Edition, Reminder} }

func (k Kind) known() bool { return k.in(Kinds()) }

func (k Kind) in(kinds []Kind) bool {
	for _, other := range kinds {
		if k == other {
			return true
		}
	}
	return false
}

func (k Kind) template() mail.Template {
	switch k {
	case Answer:
		return mail.Answer
	case Security:
		return mail.Security
	default:
		return mail.Notice
	}
}

// Preferences are how a person wants to be told.
type Preferences struct {
	Mail      bool // false: on the screen only
	Daily     bool // one mail a day, at nine in the morning; false: at once
	Quiet     bool // no mail between QuietFrom and QuietTo
	QuietFrom int  // minutes after midnight in Europe/Amsterdam, 0 to 1439
	QuietTo   int  // the same; before QuietFrom means the next morning
	Silent    []Kind
	// YearlyCard asks for a card on home once a year about the settings of
	// social media.
	YearlyCard bool
}

// Default is how a person is told who chose nothing.
func Default() Preferences {
	return Preferences{Mail: true, Quiet: true, QuietFrom: 21 * 60, QuietTo: 8 * 60}
}

// Check finds what cannot be; the fault names the form field.
func (p Preferences) Check() error {
	for field, minute := range map[string]int{"quiet_from": p.QuietFrom, "quiet_to": p.QuietTo} {
		if minute < 0 || minute >= 24*60 {
			return fault.NewInvalid("notify.clock").On(field)
		}
	}
	if p.Quiet && p.QuietFrom == p.QuietTo {
		return fault.NewInvalid("notify.quiet_same").On("quiet_to")
	}
	for _, k := range p.Silent {
		if !k.in(Choosable()) {
			return fault.NewInvalid("notify.kind_fixed").On("silent")
		}
	}
	return nil
}

// ParseClock reads a time of day, "21:00" or "21.00", as minutes after midnight.
func ParseClock(s string) (int, error) {
	for _, form := range []string{"15:04", "15.04"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.Hour()*60 + t.Minute(), nil
		}
	}
	return 0, fault.NewInvalid("notify.clock")
}

// Clock writes minutes after midnight as "21:00", the form of a time field.
func Clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// due is when a mail about the kind may leave; the zero time means never.
func (p Preferences) due(k Kind, now time.Time) time.Time {
	switch {
	case k == Security:
		return now
	case k == Settings, !p.Mail, k.in(p.Silent):
		return time.Time{}
	case p.Daily:
		return p.afterQuiet(nextAt(now, digestMinute))
	default:
		return p.afterQuiet(now)
	}
}

const digestMinute = 9 * 60

// nextAt is the first moment after now at which the clock in the zone shows the
// minute. In the night that the clock jumps over it, it is the same time after
// the jump; in the night that has the minute twice, either counts.
func nextAt(now time.Time, minute int) time.Time {
	local := now.In(i18n.Zone())
	for day := local.Day(); ; day++ {
		t := time.Date(local.Year(), local.Month(), day, minute/60, minute%60, 0, 0, i18n.Zone())
		if second := t.Add(time.Hour); !t.After(now) && minuteOf(second) == minute {
			t = second
		}
		if t.After(now) {
			return t.UTC()
		}
	}
}

func minuteOf(t time.Time) int {
	local := t.In(i18n.Zone())
	return local.Hour()*60 + local.Minute()
}

// afterQuiet is t itself, or the end of the quiet hours that t lies in.
func (p Preferences) afterQuiet(t time.Time) time.Time {
	if !p.quietAt(t) {
		return t
	}
	return nextAt(t, p.QuietTo)
}

func (p Preferences) quietAt(t time.Time) bool {
	minute := minuteOf(t)
	switch {
	case !p.Quiet:
		return false
	case p.QuietFrom <= p.QuietTo:
		return minute >= p.QuietFrom && minute < p.QuietTo
	default:
		return minute >= p.QuietFrom || minute < p.QuietTo
	}
}

// Preferences returns how the person wants to be told.
func (s *Service) Preferences(ctx context.Context, person string) (Preferences, error) {
	var p Preferences
	err := s.db.Read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		p, err = preferences(ctx, tx, person)
		return err
	})
	if err != nil {
		return Preferences{}, fmt.Errorf("get preferences: %w", err)
	}
	return p, nil
}

// SetPreferences stores how the person wants to be told. Mails that wait and
// are no longer wanted do not leave.
func (s *Service) SetPreferences(ctx context.Context, person string, p Preferences) error {
	if err := p.Check(); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return savePreferences(ctx, tx, person, p, s.now())
	})
	if err != nil {
		return fmt.Errorf("set preferences: %w", err)
	}
	return nil
}

func preferences(ctx context.Context, q db.Queryer, person string) (Preferences, error) {
	p, err := db.Get(ctx, q, scanPreferences,
		`select channel, pace, quiet, quiet_from, quiet_to, yearly_card from notify_preference where person_id = $1`, person)
	if errors.Is(err, db.ErrNotFound) {
		return Default(), nil
	}
	if err != nil {
		return p, err
	}
	p.Silent, err = db.List(ctx, q, func(r db.Row) (k Kind, err error) { return k, r.Scan(&k) },
		`select kind from notify_silence where person_id = $1 order by kind`, person)
	return p, err
}

func scanPreferences(r db.Row) (Preferences, error) {
	var channel, pace string
	var quiet, from, to, card int64
	err := r.Scan(&channel, &pace, &quiet, &from, &to, &card)
	return Preferences{Mail: channel == "mail", Daily: pace == "daily", Quiet: quiet == 1,
		QuietFrom: int(from), QuietTo: int(to), YearlyCard: card == 1}, err
}

func savePreferences(ctx context.Context, tx *sql.Tx, person string, p Preferences, now time.Time) error {
	channel, pace := "screen", "at_once"
	if p.Mail {
		channel = "mail"
	}
	if p.Daily {
		pace = "daily"
	}
	_, err := db.Exec(ctx, tx, `insert into notify_preference (person_id, channel, pace, quiet, quiet_from, quiet_to, yearly_card, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (person_id) do update set channel = excluded.channel, pace = excluded.pace, quiet = excluded.quiet,
			quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, yearly_card = excluded.yearly_card, updated_at = excluded.updated_at`,
		person, channel, pace, db.Int(p.Quiet), p.QuietFrom, p.QuietTo, db.Int(p.YearlyCard), db.Micros(now))
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `delete from notify_silence where person_id = $1`, person); err != nil {
		return err
	}
	for _, k := range p.Silent {
		if _, err := db.Exec(ctx, tx, `insert into notify_silence (person_id, kind) values ($1, $2) on conflict do nothing`, person, string(k)); err != nil {
			return err
		}
	}
	return nil
}
