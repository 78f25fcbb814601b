package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/secret"
	"ambassadeur/internal/text"
)

// System is the actor of what nobody asked for: jobs and commands.
const System = "system"

// Entry is one line of the trail.
type Entry struct {
	Seq    int64 // from 1, without gaps
	At     time.Time
	Actor  string // a person's id, or System
	Action string // "edition.publish"
	Object string // "edition/ID"
	Hash   []byte // over the entry and the hash before it
}

// Log writes and reads the trail.
type Log struct {
	db  *db.DB
	box *secret.Box
	now func() time.Time
	may func(ctx context.Context, reader string) error
}

// New makes the log. may says whether a person may read the trail: nil, or
// the fault to answer with; without may nobody may.
func New(d *db.DB, box *secret.Box, now func() time.Time, may func(ctx context.Context, reader string) error) *Log {
	if may == nil {
		may = func(context.Context, string) error { return fault.NewForbidden("fault.forbidden") }
	}
	return &Log{db: d, box: box, now: now, may: may}
}

// What an entry may hold. Spaces, "@" and everything else that a sentence, a
// name or an address needs is refused.
var (
	actorForm  = text.Pattern(`^[A-Za-z0-9_.-]{1,64}$`)
	actionForm = text.Pattern(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}$`)
	objectForm = text.Pattern(`^[a-z][a-z0-9_]*(/[A-Za-z0-9_.:-]{1,64}){1,3}$`)
)

// Record adds an entry in the caller's transaction, so that it stands exactly
// when the change stands. It takes the end of the chain for itself until the
// transaction ends: on PostgreSQL a second transaction waits there and is then
// run again by db.Write. Call it late, after everything that may fail.
func (l *Log) Record(ctx context.Context, tx *sql.Tx, actor, action, object string) error {
	if !actorForm().MatchString(actor) || !actionForm().MatchString(action) || !objectForm().MatchString(object) {
		return fmt.Errorf("audit: an entry holds ids only: actor, action or object of %q has another form", action)
	}
	head, err := l.takeHead(ctx, tx)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	e := Entry{Seq: head.seq + 1, At: db.Time(db.Micros(l.now())), Actor: actor, Action: action, Object: object}
	e.Hash = e.sum(head.hash)
	if err := insert(ctx, tx, e); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	if err := l.setHead(ctx, tx, head, e); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// sum is the entry's hash: SHA-256 over the hash before it and every field
// with its length, so that no text can move from one field to the next.
func (e Entry) sum(before []byte) []byte {
	h := sha256.New()
	field := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
		h.Write(b)
	}
	field([]byte("ambassadeur audit 1"))
	field(before)
	field(binary.BigEndian.AppendUint64(nil, uint64(e.Seq)))
	field(binary.BigEndian.AppendUint64(nil, uint64(db.Micros(e.At))))
	field([]byte(e.Actor))
	field([]byte(e.Action))
	field([]byte(e.Object))
	return h.Sum(nil)
}

// Filter narrows List. Empty fields do not narrow.
type Filter struct {
	Actor, Object string
	From, To      time.Time // From included, To not
	Before        int64     // entries with a lower number; for the next page
	Limit         int       // 1 to 200; 0 means 50
}

// List returns entries, the newest first, to a reader who may. That somebody
// looked is an entry as well.
func (l *Log) List(ctx context.Context, reader string, f Filter) ([]Entry, error) {
	if err := l.may(ctx, reader); err != nil {
		return nil, err
	}
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 50
	}
	var out []Entry
	err := l.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var err error
		if out, err = list(ctx, tx, f); err != nil {
			return err
		}
		return l.Record(ctx, tx, reader, "audit.read", "audit/list")
	})
	if err != nil {
		return nil, fmt.Errorf("list audit entries: %w", err)
	}
	return out, nil
}

// Newest is when the last entry was made; the zero time when there is none.
func (l *Log) Newest(ctx context.Context) (time.Time, error) {
	us, err := db.Get(ctx, l.db.Reader(), db.Number, `select coalesce(max(at), 0) from audit_entry`)
	return db.Time(us), err
}

// Head is the end of the chain: the number and hash of the last entry. 0 and
// nil mean that there is none yet.
func (l *Log) Head(ctx context.Context) (seq int64, hash []byte, err error) {
	h, err := readHead(ctx, l.db.Reader())
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return 0, nil, fmt.Errorf("audit: %w", err)
	}
	return h.seq, h.hash, nil
}
