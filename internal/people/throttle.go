package people

import (
	"context"
	"database/sql"
	"encoding/hex"
	"net/netip"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// limit is how many tries of a kind one source has in a period. Sources are
// counted in the database, so that the limit holds across nodes.
type limit struct {
	kind string
	max  int64
	per  time.Duration
	// digits of the keyed hash that are kept, in hex. They bound the rows of a
	// limit whose sources anybody can make up: 4 digits, 65,536 rows; 5, a
	// million. Two sources that fall together share the limit, which is rare.
	digits int
}

// The limits. A household or a day centre shares one network address, so the
// limits by network are wide; those by person are narrow.
var (
	linkByNetwork    = limit{"link.network", 60, time.Hour, 4}
	linkByAddress    = limit{"link.address", 5, time.Hour, 5}
	waitByNetwork    = limit{"wait.network", 240, time.Hour, 4}
	cardByNetwork    = limit{"card.network", 60, time.Hour, 4}
	cardByPerson     = limit{"card.person", 12, time.Hour, 16}
	passkeyByNetwork = limit{"passkey.network", 120, time.Hour, 4}
	loginByNetwork   = limit{"organisation.network", 120, time.Hour, 4}
)

// spend counts one try and refuses with a kind sentence when there were too
// many. The refusal does not undo the count: it returns after the caller's
// transaction is rolled back, so callers spend in a transaction of their own.
//
// A source is kept as a few digits of a keyed hash: the table holds no address
// and cannot grow beyond a bound, whatever is thrown at it.
func (s *Service) spend(ctx context.Context, l limit, source string) error {
	now := s.Now()
	sum := s.Box.Sign("people.throttle", []byte(l.kind+"\x00"+source))
	bucket := l.kind + ":" + hex.EncodeToString(sum)[:l.digits]
	var over bool
	var until int64
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.Exec(ctx, tx, `insert into throttle (bucket, spent, ends_at) values ($1, 1, $3)
			on conflict (bucket) do update set
				spent = case when throttle.ends_at <= $2 then 1 when throttle.spent <= $4 then throttle.spent + 1 else throttle.spent end,
				ends_at = case when throttle.ends_at <= $2 then excluded.ends_at else throttle.ends_at end`,
			bucket, db.Micros(now), db.Micros(now.Add(l.per)), l.max)
		if err != nil {
			return err
		}
		n, err := db.Get(ctx, tx, func(r db.Row) (int64, error) {
			var n int64
			return n, r.Scan(&n, &until)
		}, `select spent, ends_at from throttle where bucket = $1`, bucket)
		over = n > l.max
		return err
	})
	if err != nil {
		return err
	}
	if over {
		minutes := int(db.Time(until).Sub(now).Minutes()) + 1
		return fault.NewConflict("people.too-often", "Minutes", minutes).WithHint("people.too-often-hint")
	}
	return nil
}

// Network is the part of a client's address that a household shares: /24 of
// IPv4, /48 of IPv6. What cannot be read is one network together.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		if ap, err2 := netip.ParseAddrPort(address); err2 == nil {
			a = ap.Addr()
		} else {
			return "?"
		}
	}
	a = a.Unmap().WithZone("")
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "?"
	}
	return p.String()
}

// Prune removes what has run out: sessions, requests, waiting devices and
// counts. It runs now and then; nothing depends on when.
func (s *Service) Prune(ctx context.Context) error {
	now, yesterday := db.Micros(s.Now()), db.Micros(s.Now().Add(-keptLinks))
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, text := range []string{
			`delete from card_device where session_id <> '' and session_id not in (select id from session where expires_at > $1)`,
			`delete from session where expires_at <= $1`,
			`delete from signin_ceremony where expires_at <= $1`,
			`delete from card_device where expires_at <= $1 and state <> 'active'`,
			`delete from throttle where ends_at <= $1`,
		} {
			if _, err := db.Exec(ctx, tx, text, now); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `delete from signin_request where expires_at <= $1`, yesterday)
		return err
	})
}

// PruneJob is the job that runs Prune now and then.
type PruneJob struct{}

// Kind names the job.
func (PruneJob) Kind() string { return "people.prune" }
