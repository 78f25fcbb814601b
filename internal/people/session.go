package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// How long things last. Nothing here runs out while somebody types: a page
// that is sent with an ended session keeps the typed words as a draft.
const (
	ownLifetime      = 90 * 24 * time.Hour // since last use
	officerLifetime  = 30 * 24 * time.Hour
	borrowedLifetime = 2 * time.Hour
	strongLifetime   = 12 * time.Hour // since a passkey or a second factor
	freshLifetime    = 30 * time.Minute
	ownTouch         = time.Hour // how often last use is written at most
	borrowedTouch    = 15 * time.Minute
)

// Method is how a session began.
type Method string

// The methods.
const (
	ByLink         Method = "link"
	ByPasskey      Method = "passkey"
	ByOrganisation Method = "organisation"
	ByCard         Method = "card"
)

// Session is one signed-in device. Its cookie is never stored, only a hash.
type Session struct {
	ID       string
	PersonID string
	Method   Method
	Borrowed bool      // "not my own device": ends with the task
	StrongAt time.Time // when a passkey or second factor was last shown; zero: never
	Device   string    // such as "Firefox, Windows"; shown to the person only
	Created  time.Time
	Seen     time.Time // written at most once an hour
	Expires  time.Time
	// Renewed says that Expires just moved, so that the cookie should too.
	Renewed bool

	now time.Time
}

// Strong reports whether an act of an office may be done: a passkey or a
// second factor was shown in the last twelve hours.
func (s Session) Strong() bool {
	return !s.StrongAt.IsZero() && s.now.Sub(s.StrongAt) < strongLifetime
}

// Fresh reports whether the session began in the last half hour.
func (s Session) Fresh() bool { return s.now.Sub(s.Created) < freshLifetime }

// Opened is a session that just began, with the value for its cookie.
type Opened struct {
	Cookie  string
	Session Session
}

// start says how a session is to begin.
type start struct {
	person   Person
	method   Method
	borrowed bool
	strong   bool
	device   string
	cardID   string
	replaces string // the cookie that this device still holds, if any
}

// openSession makes a session with a new cookie value and ends the one that
// the device had, so that a planted cookie is worth nothing.
func (s *Service) openSession(ctx context.Context, tx *sql.Tx, st start) (Opened, error) {
	if !st.person.Disabled.IsZero() {
		return Opened{}, fault.NewForbidden("people.disabled")
	}
	cookie, err := s.token()
	if err != nil {
		return Opened{}, err
	}
	now := s.Now()
	x := Session{ID: s.NewID(), PersonID: st.person.ID, Method: st.method, Borrowed: st.borrowed,
		Device: st.device, Created: now, Seen: now, Expires: now.Add(lifetime(st.person, st.borrowed)), now: now}
	if st.strong {
		x.StrongAt = now
	}
	if st.replaces != "" {
		if _, err := db.Exec(ctx, tx, `delete from session where token_hash = $1`, hash("session", st.replaces)); err != nil {
			return Opened{}, err
		}
	}
	_, err = db.Exec(ctx, tx, `insert into session (id, token_hash, person_id, method, borrowed, strong_at, device, card_id, created_at, seen_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		x.ID, hash("session", cookie), x.PersonID, string(x.Method), db.Int(x.Borrowed), db.Micros(x.StrongAt), x.Device, st.cardID,
		db.Micros(now), db.Micros(now), db.Micros(x.Expires))
	if err != nil {
		return Opened{}, err
	}
	// How somebody signed in is not said: a printed card would say who is a client.
	if err := s.Audit.Record(ctx, tx, x.PersonID, "session.begin", "session/"+x.ID); err != nil {
		return Opened{}, err
	}
	return Opened{Cookie: cookie, Session: x}, nil
}

func lifetime(p Person, borrowed bool) time.Duration {
	switch {
	case borrowed:
		return borrowedLifetime
	case p.Officer():
		return officerLifetime
	default:
		return ownLifetime
	}
}

const sessionColumns = `s.id, s.person_id, s.method, s.borrowed, s.strong_at, s.device, s.created_at, s.seen_at, s.expires_at`

type sessionRow struct {
	x                                       Session
	borrowed, strong, created, seen, expire int64
}

func (r *sessionRow) dest() []any {
	return []any{&r.x.ID, &r.x.PersonID, &r.x.Method, &r.borrowed, &r.strong, &r.x.Device, &r.created, &r.seen, &r.expire}
}

func (r *sessionRow) session(now time.Time) Session {
	x := r.x
	x.Borrowed, x.StrongAt, x.Created, x.Seen, x.Expires, x.now = r.borrowed != 0, db.Time(r.strong), db.Time(r.created), db.Time(r.seen), db.Time(r.expire), now
	return x
}

// signedInQuery gives a row for each audience and function of the person: few,
// and one trip to the database instead of two.
const signedInQuery = `select ` + sessionColumns + `, p.name, p.email, p.lang, p.size, p.calm, p.theme, p.demo, a.audience, f.function_id
	from session s join person p on p.id = s.person_id
	left join person_audience a on a.person_id = p.id
	left join person_function f on f.person_id = p.id
	where s.token_hash = $1 and s.expires_at > $2 and p.disabled_at = 0`

type signedInRow struct {
	x                  Session
	p                  Person
	audience, function string
}

func scanSignedIn(r db.Row, now time.Time) (signedInRow, error) {
	var (
		out                signedInRow
		sr                 sessionRow
		calm, demo         int64
		audience, function sql.NullString
	)
	p := &out.p
	err := r.Scan(append(sr.dest(), &p.Name, &p.Email, &p.Display.Lang, &p.Display.Size, &calm, &p.Display.Theme, &demo, &audience, &function)...)
	out.x, out.audience, out.function = sr.session(now), audience.String, function.String
	p.ID, p.Display.Calm, p.Demo = sr.x.PersonID, calm != 0, demo != 0
	return out, err
}

// ErrSignedOut says that the cookie belongs to no session that is still open.
var ErrSignedOut = errors.New("people: signed out")

// Authenticate answers who is behind a cookie. It costs one read by key, and
// at most once an hour a write that renews the session. Relations are not
// loaded. ErrSignedOut is the normal answer for a cookie that is not or no
// longer known.
func (s *Service) Authenticate(ctx context.Context, cookie string) (Session, Person, error) {
	if cookie == "" {
		return Session{}, Person{}, ErrSignedOut
	}
	now := s.Now()
	rows, err := db.List(ctx, s.DB.Reader(), func(r db.Row) (signedInRow, error) { return scanSignedIn(r, now) }, signedInQuery, hash("session", cookie), db.Micros(now))
	if err != nil {
		return Session{}, Person{}, fmt.Errorf("authenticate: %w", err)
	}
	if len(rows) == 0 {
		return Session{}, Person{}, ErrSignedOut
	}
	got := rows[0]
	for _, r := range rows {
		got.p.addGroup(r.audience, r.function, s.OfficeOf)
	}
	got.p.sortGroups()
	// Somebody who was given an office since the last renewal has the shorter time at once.
	if now.Sub(got.x.Seen) >= lifetime(got.p, got.x.Borrowed) {
		return Session{}, Person{}, ErrSignedOut
	}
	if err := s.touch(ctx, &got.x, got.p); err != nil {
		return Session{}, Person{}, fmt.Errorf("renew session: %w", err)
	}
	return got.x, got.p, nil
}

func (s *Service) touch(ctx context.Context, x *Session, p Person) error {
	every := ownTouch
	if x.Borrowed {
		every = borrowedTouch
	}
	if x.now.Sub(x.Seen) < every {
		return nil
	}
	expires := x.now.Add(lifetime(p, x.Borrowed))
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// The old time in the condition: of several requests at once, one writes.
		_, err := db.Exec(ctx, tx, `update session set seen_at = $3, expires_at = $4 where id = $1 and seen_at = $2`,
			x.ID, db.Micros(x.Seen), db.Micros(x.now), db.Micros(expires))
		return err
	})
	if err != nil {
		return err
	}
	x.Seen, x.Expires, x.Renewed = x.now, expires, true
	return nil
}

// Sessions lists the person's own devices, the latest used first.
func (s *Service) Sessions(ctx context.Context, personID string) ([]Session, error) {
	now := s.Now()
	return db.List(ctx, s.DB.Reader(), func(r db.Row) (Session, error) {
		var sr sessionRow
		err := r.Scan(sr.dest()...)
		return sr.session(now), err
	}, `select `+sessionColumns+` from session s where s.person_id = $1 and s.expires_at > $2 order by s.seen_at desc, s.id`, personID, db.Micros(now))
}

// SignOut ends the session of a cookie. An unknown cookie is no error.
func (s *Service) SignOut(ctx context.Context, cookie string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		type who struct{ id, person string }
		w, err := db.Get(ctx, tx, func(r db.Row) (who, error) {
			var w who
			return w, r.Scan(&w.id, &w.person)
		}, `select id, person_id from session where token_hash = $1`, hash("session", cookie))
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.endSession(ctx, tx, w.person, w.person, w.id)
	})
}

// EndSession ends one of the person's own sessions.
func (s *Service) EndSession(ctx context.Context, personID, sessionID string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.endSession(ctx, tx, personID, personID, sessionID)
	})
}

func (s *Service) endSession(ctx context.Context, tx *sql.Tx, actor, personID, sessionID string) error {
	n, err := db.Exec(ctx, tx, `delete from session where id = $1 and person_id = $2`, sessionID, personID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.NewNotFound("people.session-gone")
	}
	if _, err := db.Exec(ctx, tx, `delete from card_device where session_id = $1`, sessionID); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, actor, "session.end", "session/"+sessionID)
}

// SignOutEverywhere ends all sessions of the person, this one too, and makes
// open links useless.
func (s *Service) SignOutEverywhere(ctx context.Context, personID string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, text := range []string{
			`delete from card_device where session_id in (select id from session where person_id = $1)`,
			`delete from session where person_id = $1`,
			`delete from signin_request where person_id = $1 and repeatable = 0`,
		} {
			if _, err := db.Exec(ctx, tx, text, personID); err != nil {
				return err
			}
		}
		return s.Audit.Record(ctx, tx, personID, "session.end_all", "person/"+personID)
	})
}

// Holder is what NeedOffice asks about a request's person.
type Holder struct {
	Offices []string
	Strong  bool
}

// NeedOffice is the guard of every act of an office: the person must hold one
// of the wanted offices, and the session must be strong. The faults say in
// words what to do.
func NeedOffice(h Holder, wanted ...string) error {
	if !slices.ContainsFunc(wanted, func(o string) bool { return slices.Contains(h.Offices, o) }) {
		return fault.NewForbidden("people.not-your-office")
	}
	if !h.Strong {
		return fault.NewForbidden("fault.strong").WithHint("fault.strong-hint")
	}
	return nil
}
