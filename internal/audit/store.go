package audit

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"

	"ambassadeur/internal/db"
)

const (
	headPurpose       = "audit head"
	checkpointPurpose = "audit checkpoint"
)

type head struct {
	seq       int64
	hash      []byte
	signature []byte
}

func (h head) text() []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(h.seq)), h.hash...)
}

func scanHead(r db.Row) (h head, err error) {
	return h, r.Scan(&h.seq, &h.hash, &h.signature)
}

func readHead(ctx context.Context, q db.Queryer) (head, error) {
	return db.Get(ctx, q, scanHead, `select seq, hash, signature from audit_head where id = 1`)
}

// takeHead reads the end of the chain and keeps it from others until the
// transaction ends. The update comes first: it is what makes others wait.
func (l *Log) takeHead(ctx context.Context, tx *sql.Tx) (head, error) {
	h, err := db.Get(ctx, tx, scanHead, `update audit_head set id = id where id = 1 returning seq, hash, signature`)
	if !errors.Is(err, db.ErrNotFound) {
		return h, err
	}
	_, err = db.Exec(ctx, tx, `insert into audit_head (id, seq, hash, signature) values (1, 0, $1, $1) on conflict (id) do nothing`, []byte{})
	return head{}, err
}

func (l *Log) setHead(ctx context.Context, tx *sql.Tx, old head, e Entry) error {
	h := head{seq: e.Seq, hash: e.Hash}
	n, err := db.Exec(ctx, tx, `update audit_head set seq = $1, hash = $2, signature = $3 where id = 1 and seq = $4`,
		h.seq, h.hash, l.box.Sign(headPurpose, h.text()), old.seq)
	if err == nil && n != 1 {
		err = errors.New("the end of the chain moved")
	}
	return err
}

func insert(ctx context.Context, tx *sql.Tx, e Entry) error {
	_, err := db.Exec(ctx, tx, `insert into audit_entry (seq, at, actor, action, object, hash) values ($1, $2, $3, $4, $5, $6)`,
		e.Seq, db.Micros(e.At), e.Actor, e.Action, e.Object, e.Hash)
	return err
}

const columns = `select seq, at, actor, action, object, hash from audit_entry`

func scanEntry(r db.Row) (e Entry, err error) {
	var at int64
	err = r.Scan(&e.Seq, &at, &e.Actor, &e.Action, &e.Object, &e.Hash)
	e.At = db.Time(at)
	return e, err
}

// list leaves out the conditions that do not narrow, so that each filter uses
// its index.
func list(ctx context.Context, q db.Queryer, f Filter) ([]Entry, error) {
	var where []string
	var args []any
	add := func(condition string, value any) {
		args = append(args, value)
		where = append(where, condition+" $"+strconv.Itoa(len(args)))
	}
	if f.Actor != "" {
		add("actor =", f.Actor)
	}
	if f.Object != "" {
		add("object =", f.Object)
	}
	if !f.From.IsZero() {
		add("at >=", db.Micros(f.From))
	}
	if !f.To.IsZero() {
		add("at <", db.Micros(f.To))
	}
	if f.Before > 0 {
		add("seq <", f.Before)
	}
	query := columns
	if len(where) > 0 {
		query += " where " + strings.Join(where, " and ")
	}
	args = append(args, f.Limit)
	return db.List(ctx, q, scanEntry, query+" order by seq desc limit $"+strconv.Itoa(len(args)), args...)
}

// after returns the next entries of the chain, at most limit.
func after(ctx context.Context, q db.Queryer, seq int64, limit int) ([]Entry, error) {
	return db.List(ctx, q, scanEntry, columns+` where seq > $1 order by seq limit $2`, seq, limit)
}

type checkpoint struct {
	seq, previous int64
	hash          []byte
	removed, at   int64
	signature     []byte
}

func (c checkpoint) text() []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(c.seq))
	b = binary.BigEndian.AppendUint64(b, uint64(c.previous))
	b = binary.BigEndian.AppendUint64(b, uint64(c.removed))
	b = binary.BigEndian.AppendUint64(b, uint64(c.at))
	return append(b, c.hash...)
}

func checkpoints(ctx context.Context, q db.Queryer) ([]checkpoint, error) {
	scan := func(r db.Row) (c checkpoint, err error) {
		return c, r.Scan(&c.seq, &c.previous, &c.hash, &c.removed, &c.at, &c.signature)
	}
	return db.List(ctx, q, scan, `select seq, previous, hash, removed, at, signature from audit_checkpoint order by seq`)
}
