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
	"ambassadeur/internal/job"
	"ambassadeur/internal/mail"
)

// Deliver is the job that mails a person about what is due.
type Deliver struct {
	PersonID string `json:"person_id"`
}

// Kind names the job.
func (Deliver) Kind() string { return "notify.deliver" }

// Sweep is the job that looks after what was left.
type Sweep struct{}

// Kind names the job.
func (Sweep) Kind() string { return "notify.sweep" }

// Register lets the queue run this package's jobs. Call it before Start.
func (s *Service) Register(q *job.Queue) {
	job.Register(q, func(ctx context.Context, d Deliver) error { return s.Deliver(ctx, d.PersonID) }, job.WorkerOptions{Timeout: 2 * time.Minute})
	job.Register(q, func(ctx context.Context, _ Sweep) error { return s.Sweep(ctx) }, job.WorkerOptions{})
	q.Every(time.Hour, Sweep{})
}

// claimed is one mail that this worker, and no other, is to send.
type claimed struct {
	id       string
	template mail.Template
}

// Deliver mails the person about all notices that are due: one mail for all
// of them, and one of its own for security. It may be called at any time and
// by several workers.
func (s *Service) Deliver(ctx context.Context, person string) error {
	to, err := s.address(ctx, person)
	if err != nil && fault.KindOf(err) != fault.NotFound { // a person who is gone has no address
		return fmt.Errorf("deliver notices: find the address: %w", err)
	}
	for {
		c, err := s.claim(ctx, person, to)
		if err != nil || c.id == "" {
			return err
		}
		if err := s.send(ctx, c, to); err != nil {
			return err
		}
	}
}

// claim takes what is due into one mail. Whatever is not wanted any longer
// loses its mail here: it was read, or mail was switched off, or there is no
// address. In quiet hours it enqueues a later try instead.
func (s *Service) claim(ctx context.Context, person string, to Recipient) (claimed, error) {
	var c claimed
	err := s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		c = claimed{}
		now := s.now()
		p, err := preferences(ctx, tx, person)
		if err != nil {
			return err
		}
		if err := drop(ctx, tx, person, p, to); err != nil {
			return err
		}
		kinds, err := db.List(ctx, tx, db.Text, `select kind from notify_notice
			where person_id = $1 and mail_id is null and due_at > 0 and due_at <= $2`, person, db.Micros(now))
		if err != nil || len(kinds) == 0 {
			return err
		}
		security, template := choose(kinds)
		if later := p.afterQuiet(now); !security && later.After(now) {
			return s.enqueue(ctx, tx, person, now, later)
		}
		c = claimed{id: db.NewID(), template: template}
		return take(ctx, tx, c.id, person, security, now)
	})
	if err != nil {
		return claimed{}, fmt.Errorf("claim a mail: %w", err)
	}
	return c, nil
}

// choose says whether security goes first, and which text the mail has.
func choose(kinds []string) (security bool, t mail.Template) {
	first := Kind(kinds[0])
	mixed := false
	for _, k := range kinds {
		if Kind(k) == Security {
			return true, mail.Security
		}
		mixed = mixed || Kind(k) != first
	}
	if mixed || (len(kinds) > 1 && first != Answer) {
		return false, mail.Digest
	}
	return false, first.template()
}

// drop takes the mail from notices that need none.
func drop(ctx context.Context, tx *sql.Tx, person string, p Preferences, to Recipient) error {
	const query = `update notify_notice set due_at = 0 where person_id = $1 and mail_id is null and due_at > 0`
	errs := make([]error, 0, 4)
	run := func(condition string, args ...any) {
		_, err := db.Exec(ctx, tx, query+condition, append([]any{person}, args...)...)
		errs = append(errs, err)
	}
	switch {
	case to.Address == "":
		run("")
	case !p.Mail:
		run(" and kind <> $2", string(Security))
	}
	run(" and read_at > 0")
	for _, k := range p.Silent {
		run(" and kind = $2", string(k))
	}
	return errors.Join(errs...)
}

// take claims the due notices under a mail's id. The condition is repeated in
// the update, so that two workers cannot both have a notice.
func take(ctx context.Context, tx *sql.Tx, id, person string, security bool, now time.Time) error {
	if _, err := db.Exec(ctx, tx, `insert into notify_mail (id, person_id, state, claimed_at) values ($1, $2, 'claimed', $3)`,
		id, person, db.Micros(now)); err != nil {
		return err
	}
	compare := "<>"
	if security {
		compare = "="
	}
	n, err := db.Exec(ctx, tx, `update notify_notice set mail_id = $1
		where person_id = $2 and mail_id is null and due_at > 0 and due_at <= $3 and kind `+compare+` $4`,
		id, person, db.Micros(now), string(Security))
	if err == nil && n == 0 {
		err = errors.New("the notices were taken meanwhile")
	}
	return err
}

func (s *Service) send(ctx context.Context, c claimed, to Recipient) error {
	m, err := mail.Compose(i18n.For(to.Lang), c.template, s.site, to.Address, s.link)
	if err != nil {
		return fmt.Errorf("deliver notices: %w", err)
	}
	m.ID = c.id
	failure := s.sender.Send(ctx, m)
	// The record is written even when the context ended while the server took
	// the mail: it is what keeps a second mail from leaving.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	state, again := outcome(failure)
	err = s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.end(ctx, tx, c.id, state, failure)
	})
	switch {
	case err != nil:
		return fmt.Errorf("record mail %s as %s: %w", c.id, state, err)
	case again:
		return fmt.Errorf("deliver notices: %w", failure)
	default:
		return nil
	}
}

// outcome says how a mail ended, and whether trying again makes sense.
func outcome(failure error) (state string, again bool) {
	switch {
	case failure == nil:
		return "sent", false
	case errors.Is(failure, mail.ErrUnsure):
		return "unsure", false
	case fault.KindOf(failure) == fault.Invalid:
		return "refused", false
	default:
		return "failed", true
	}
}

func (s *Service) end(ctx context.Context, tx *sql.Tx, id, state string, failure error) error {
	key := ""
	if f, ok := fault.As(failure); ok {
		key = f.Key
	} else if failure != nil {
		key = "internal"
	}
	n, err := db.Exec(ctx, tx, `update notify_mail set state = $1, failure = $2, ended_at = $3 where id = $4 and state in ('claimed', 'unsure')`,
		state, key, db.Micros(s.now()), id)
	if err != nil || n == 0 || state != "failed" {
		return err
	}
	_, err = db.Exec(ctx, tx, `update notify_notice set mail_id = null where mail_id = $1`, id)
	return err
}

const (
	// staleAfter is longer than any attempt to send can take.
	staleAfter  = 15 * time.Minute
	keepRead    = 90 * 24 * time.Hour
	cardEvery   = 365 * 24 * time.Hour
	sweepAtOnce = 500
)

// Sweep marks claims that a killed process left as unsure, enqueues again what
// is due and was not picked up, puts the yearly card on the homes of those who
// asked for it, and removes notices that were read long ago.
func (s *Service) Sweep(ctx context.Context) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		now := s.now()
		if _, err := db.Exec(ctx, tx, `update notify_mail set state = 'unsure', failure = 'mail.unsure', ended_at = $1
			where state = 'claimed' and claimed_at < $2`, db.Micros(now), db.Micros(now.Add(-staleAfter))); err != nil {
			return err
		}
		waiting, err := db.List(ctx, tx, db.Text, `select distinct person_id from notify_notice
			where mail_id is null and due_at > 0 and due_at < $1 order by person_id limit $2`, db.Micros(now.Add(-time.Hour)), sweepAtOnce)
		if err != nil {
			return err
		}
		for _, person := range waiting {
			if err := s.queue.Insert(ctx, tx, Deliver{PersonID: person}, job.Unique()); err != nil {
				return err
			}
		}
		return errors.Join(s.yearlyCards(ctx, tx, now), purge(ctx, tx, now))
	})
	if err != nil {
		return fmt.Errorf("sweep notices: %w", err)
	}
	return nil
}

func (s *Service) yearlyCards(ctx context.Context, tx *sql.Tx, now time.Time) error {
	people, err := db.List(ctx, tx, db.Text, `select p.person_id from notify_preference p
		where p.yearly_card = 1 and not exists (
			select 1 from notify_notice n where n.person_id = p.person_id and n.kind = $1 and n.created_at > $2)
		order by p.person_id limit $3`, string(Settings), db.Micros(now.Add(-cardEvery)), sweepAtOnce)
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := s.Notify(ctx, tx, person, Settings, "settings/yearly"); err != nil {
			return err
		}
	}
	return nil
}

// purge keeps the yearly card's notice for longer: it says when the last was.
func purge(ctx context.Context, tx *sql.Tx, now time.Time) error {
	before := db.Micros(now.Add(-keepRead))
	_, err := db.Exec(ctx, tx, `delete from notify_notice where read_at > 0 and read_at < $1 and (kind <> $2 or created_at < $3)`,
		before, string(Settings), db.Micros(now.Add(-cardEvery)))
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `delete from notify_mail where claimed_at < $1
		and not exists (select 1 from notify_notice n where n.mail_id = notify_mail.id)`, before)
	return err
}

// Counts are the mails of a period by how they ended; for doctor.
type Counts struct{ Sent, Unsure, Failed, Refused int64 }

// Mails counts the mails claimed since a moment.
func (s *Service) Mails(ctx context.Context, since time.Time) (Counts, error) {
	type row struct {
		state string
		n     int64
	}
	rows, err := db.List(ctx, s.db.Reader(), func(r db.Row) (x row, err error) { return x, r.Scan(&x.state, &x.n) },
		`select state, count(*) from notify_mail where claimed_at >= $1 group by state`, db.Micros(since))
	if err != nil {
		return Counts{}, fmt.Errorf("count mails: %w", err)
	}
	var c Counts
	for _, x := range rows {
		switch x.state {
		case "sent":
			c.Sent = x.n
		case "unsure":
			c.Unsure = x.n
		case "failed":
			c.Failed = x.n
		case "refused":
			c.Refused = x.n
		}
	}
	return c, nil
}

// Settle is for a database that was put back from a backup: mails that waited
// when the backup was made may have left since, so they do not leave again.
// The notices stay on the screen.
func Settle(ctx context.Context, tx *sql.Tx) error {
	if _, err := db.Exec(ctx, tx, `update notify_notice set due_at = 0 where mail_id is null and due_at > 0`); err != nil {
		return fmt.Errorf("settle notices: %w", err)
	}
	return nil
}
