package notify

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/job"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/text"
)

// Recipient is where and in which language a person gets mail. An empty
// Address means that there is none.
type Recipient struct {
	Address string
	Lang    i18n.Lang
}

// Queue enqueues a job in the caller's transaction; *job.Queue is one.
type Queue interface {
	Insert(ctx context.Context, tx *sql.Tx, args job.Args, opts ...job.Option) error
}

// Config is what a Service needs; all of it is required.
type Config struct {
	DB      *db.DB
	Queue   Queue
	Sender  mail.Sender
	Address func(ctx context.Context, person string) (Recipient, error)
	Site    string // the name of the installation in mails
	BaseURL string // without a slash at the end
	Now     func() time.Time
}

// Service is the way in.
type Service struct {
	db      *db.DB
	queue   Queue
	sender  mail.Sender
	address func(ctx context.Context, person string) (Recipient, error)
	site    string
	link    string
	now     func() time.Time
}

// New puts the service together.
func New(c Config) *Service {
	return &Service{db: c.DB, queue: c.Queue, sender: c.Sender, address: c.Address,
		site: c.Site, link: c.BaseURL + "/", now: c.Now}
}

// Notice is something for a person to see.
type Notice struct {
	ID     string
	Kind   Kind
	Object string // "answer/ID"; the page that shows the notice makes the link
	At     time.Time
	Read   bool
}

var objectForm = text.Pattern(`^[a-z][a-z0-9_]*(/[A-Za-z0-9_.:-]{1,64}){1,3}$`)

// Notify puts a notice on the person's home, in the caller's transaction, and
// enqueues the mail that the person's preferences ask for. While an unread
// notice of the same kind about the same object stands there, it does
// nothing: once is enough.
func (s *Service) Notify(ctx context.Context, tx *sql.Tx, person string, kind Kind, object string) error {
	if !kind.known() || person == "" || !objectForm().MatchString(object) {
		return fmt.Errorf("notify: a notice is a known kind and an object such as answer/ID; kind %q", kind)
	}
	p, err := preferences(ctx, tx, person)
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	now := s.now()
	due := p.due(kind, now)
	n, err := db.Exec(ctx, tx, `insert into notify_notice (id, person_id, kind, object, created_at, due_at)
		values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		db.NewID(), person, string(kind), object, db.Micros(now), db.Micros(due))
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	if n == 0 || due.IsZero() {
		return nil
	}
	return s.enqueue(ctx, tx, person, now, due)
}

// NotifyOnce is Notify for news that is told once: it does nothing when the
// person was ever told of the object in this kind, read or not. A job that
// tells many people may so be run again.
func (s *Service) NotifyOnce(ctx context.Context, tx *sql.Tx, person string, kind Kind, object string) error {
	n, err := db.Get(ctx, tx, db.Number, `select count(*) from notify_notice where person_id = $1 and kind = $2 and object = $3`,
		person, string(kind), object)
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	if n > 0 {
		return nil
	}
	return s.Notify(ctx, tx, person, kind, object)
}

func (s *Service) enqueue(ctx context.Context, tx *sql.Tx, person string, now, due time.Time) error {
	var opts []job.Option
	if due.After(now) {
		opts = append(opts, job.At(due))
	}
	if err := s.queue.Insert(ctx, tx, Deliver{PersonID: person}, opts...); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// List returns the person's notices, unread ones first and then the newest.
func (s *Service) List(ctx context.Context, person string, limit int) ([]Notice, error) {
	out, err := db.List(ctx, s.db.Reader(), scanNotice, `select id, kind, object, created_at, read_at from notify_notice
		where person_id = $1 order by case when read_at = 0 then 0 else 1 end, created_at desc, id desc limit $2`, person, limit)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	return out, nil
}

// Unread counts what the person has not seen.
func (s *Service) Unread(ctx context.Context, person string) (int, error) {
	n, err := db.Get(ctx, s.db.Reader(), db.Number, `select count(*) from notify_notice where person_id = $1 and read_at = 0`, person)
	if err != nil {
		return 0, fmt.Errorf("count notices: %w", err)
	}
	return int(n), nil
}

// MarkRead says that the person saw one of their own notices. A mail about it
// that still waits does not leave.
func (s *Service) MarkRead(ctx context.Context, person, id string) error {
	return s.markRead(ctx, `update notify_notice set read_at = $1 where person_id = $2 and read_at = 0 and id = $3`, person, id)
}

// MarkReadAbout says that the person saw all there is about an object, such as
// by opening its page. Nothing to mark is no error.
func (s *Service) MarkReadAbout(ctx context.Context, person, object string) error {
	err := s.markRead(ctx, `update notify_notice set read_at = $1 where person_id = $2 and read_at = 0 and object = $3`, person, object)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

func (s *Service) markRead(ctx context.Context, query, person, what string) error {
	err := s.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err := db.Exec(ctx, tx, query, db.Micros(s.now()), person, what)
		if err == nil && n == 0 {
			err = fault.NewNotFound("notify.gone")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("mark as read: %w", err)
	}
	return nil
}

func scanNotice(r db.Row) (n Notice, err error) {
	var at, read int64
	err = r.Scan(&n.ID, &n.Kind, &n.Object, &at, &read)
	n.At, n.Read = db.Time(at), read != 0
	return n, err
}
