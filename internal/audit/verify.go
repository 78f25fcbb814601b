package audit

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ambassadeur/internal/db"
)

// Broken says where the chain does not hold. Everything before Seq does.
type Broken struct {
	Seq    int64  // the first entry that is wrong or missing
	Reason string // in English, for the command
}

// Error names the entry.
func (b *Broken) Error() string { return fmt.Sprintf("audit entry %d: %s", b.Seq, b.Reason) }

// Report is what Verify looked at.
type Report struct {
	Entries int64 // checked
	First   int64 // number of the first that is kept; 0 when there is none
	Last    int64 // number of the last; 0 when there is none
	Pruned  int64 // entries that checkpoints stand for
	Hash    []byte
}

// page is how many entries are in memory at a time.
const page = 1000

// Verify follows the whole chain as it stands at one moment, in bounded
// memory. The error is a *Broken when the chain does not hold.
func (l *Log) Verify(ctx context.Context) (Report, error) { return l.verify(ctx, 0) }

// VerifyLast checks the end of the chain, n entries long; for doctor.
func (l *Log) VerifyLast(ctx context.Context, n int64) (Report, error) { return l.verify(ctx, n) }

func (l *Log) verify(ctx context.Context, last int64) (Report, error) {
	var r Report
	err := l.db.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		base, err := l.base(ctx, tx)
		if err != nil {
			return err
		}
		r = Report{Pruned: base.removed, Last: base.seq, Hash: base.hash}
		end, err := l.end(ctx, tx, base)
		if err != nil {
			return err
		}
		if last > 0 && end.seq-last > base.seq {
			if base, err = near(ctx, tx, end.seq-last); err != nil {
				return err
			}
			r.Last, r.Hash = base.seq, base.hash
		}
		if err := l.follow(ctx, tx, &r, end.seq); err != nil {
			return err
		}
		switch {
		case r.Last < end.seq:
			return &Broken{Seq: r.Last + 1, Reason: "is missing"}
		case !bytes.Equal(r.Hash, end.hash):
			return &Broken{Seq: r.Last, Reason: "is not the one that was recorded last"}
		}
		return nil
	})
	var broken *Broken
	if err != nil && !errors.As(err, &broken) {
		err = fmt.Errorf("verify the audit trail: %w", err)
	}
	return r, err
}

// base returns where the kept entries begin: the last checkpoint, after all
// checkpoints were found whole.
func (l *Log) base(ctx context.Context, tx *sql.Tx) (checkpoint, error) {
	all, err := checkpoints(ctx, tx)
	if err != nil {
		return checkpoint{}, err
	}
	var base checkpoint
	for _, c := range all {
		if c.previous != base.seq || l.box.Verify(checkpointPurpose, c.text(), c.signature) != nil {
			return base, &Broken{Seq: base.seq + 1, Reason: fmt.Sprintf("checkpoint %d is not one of ours", c.seq)}
		}
		base = c
	}
	first, err := after(ctx, tx, 0, 1)
	if err != nil {
		return base, err
	}
	if len(first) == 1 && first[0].Seq <= base.seq {
		return base, &Broken{Seq: first[0].Seq, Reason: "was pruned and is there again"}
	}
	return base, nil
}

// end returns the signed end of the chain.
func (l *Log) end(ctx context.Context, tx *sql.Tx, base checkpoint) (head, error) {
	h, err := readHead(ctx, tx)
	if errors.Is(err, db.ErrNotFound) {
		first, err := after(ctx, tx, 0, 1)
		if err == nil && (len(first) > 0 || base.seq > 0) {
			err = &Broken{Seq: base.seq + 1, Reason: "the end of the chain was removed"}
		}
		return head{}, err
	}
	if err != nil {
		return head{}, err
	}
	if l.box.Verify(headPurpose, h.text(), h.signature) != nil {
		return head{}, &Broken{Seq: h.seq, Reason: "the end of the chain is not signed by us"}
	}
	return h, nil
}

// near returns an entry in the form of a base to go on from.
func near(ctx context.Context, tx *sql.Tx, seq int64) (checkpoint, error) {
	found, err := after(ctx, tx, seq-1, 1)
	if err != nil {
		return checkpoint{}, err
	}
	if len(found) == 0 || found[0].Seq != seq {
		return checkpoint{}, &Broken{Seq: seq, Reason: "is missing"}
	}
	return checkpoint{seq: seq, hash: found[0].Hash}, nil
}

// follow checks all entries after r.Last.
func (l *Log) follow(ctx context.Context, tx *sql.Tx, r *Report, end int64) error {
	for {
		entries, err := after(ctx, tx, r.Last, page)
		if err != nil {
			return err
		}
		if err := r.take(entries, end); err != nil {
			return err
		}
		if len(entries) < page {
			return nil
		}
	}
}

// take checks that the entries go on from r, and counts them. end is the
// number of the last entry that was recorded.
func (r *Report) take(entries []Entry, end int64) error {
	for _, e := range entries {
		switch {
		case e.Seq != r.Last+1:
			return &Broken{Seq: r.Last + 1, Reason: "is missing"}
		case e.Seq > end:
			return &Broken{Seq: e.Seq, Reason: "was never recorded"}
		case !bytes.Equal(e.Hash, e.sum(r.Hash)):
			return &Broken{Seq: e.Seq, Reason: "was changed"}
		}
		if r.First == 0 {
			r.First = e.Seq
		}
		r.Last, r.Hash = e.Seq, e.Hash
		r.Entries++
	}
	return nil
}

// pruneStep bounds how long one transaction of Prune holds the database.
const pruneStep = 10_000

// Prune removes the entries from before a moment, and returns how many. Only
// entries whose chain holds are removed; a signed checkpoint takes the place
// of each lot, and an entry says that it was done.
func (l *Log) Prune(ctx context.Context, actor string, before time.Time) (int64, error) {
	var total int64
	for {
		n, err := l.pruneLot(ctx, actor, before)
		total += n
		if err != nil || n < pruneStep {
			return total, err
		}
	}
}

func (l *Log) pruneLot(ctx context.Context, actor string, before time.Time) (int64, error) {
	var removed int64
	err := l.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		removed = 0
		base, err := l.base(ctx, tx)
		if err != nil {
			return err
		}
		upTo, err := lotEnd(ctx, tx, base.seq, before)
		if err != nil || upTo <= base.seq {
			return err
		}
		r := Report{Last: base.seq, Hash: base.hash}
		if err := l.followTo(ctx, tx, &r, upTo); err != nil {
			return err
		}
		removed = upTo - base.seq
		c := checkpoint{seq: upTo, previous: base.seq, hash: r.Hash, removed: base.removed + removed, at: db.Micros(l.now())}
		if _, err := db.Exec(ctx, tx, `insert into audit_checkpoint (seq, previous, hash, removed, at, signature) values ($1, $2, $3, $4, $5, $6)`,
			c.seq, c.previous, c.hash, c.removed, c.at, l.box.Sign(checkpointPurpose, c.text())); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `delete from audit_entry where seq <= $1`, upTo); err != nil {
			return err
		}
		return l.Record(ctx, tx, actor, "audit.prune", fmt.Sprintf("audit/%d", upTo))
	})
	if err != nil {
		return 0, fmt.Errorf("prune the audit trail: %w", err)
	}
	return removed, nil
}

// lotEnd is the number of the last entry of the next lot: all entries up to
// it are from before the moment.
func lotEnd(ctx context.Context, tx *sql.Tx, base int64, before time.Time) (int64, error) {
	upTo, err := db.Get(ctx, tx, db.Number,
		`select coalesce((select min(seq) from audit_entry where at >= $1) - 1, (select max(seq) from audit_entry), 0)`, db.Micros(before))
	return min(upTo, base+pruneStep), err
}

// followTo checks the chain up to the number upTo and leaves r there.
func (l *Log) followTo(ctx context.Context, tx *sql.Tx, r *Report, upTo int64) error {
	for r.Last < upTo {
		entries, err := after(ctx, tx, r.Last, int(min(page, upTo-r.Last)))
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return &Broken{Seq: r.Last + 1, Reason: "is missing"}
		}
		if err := r.take(entries, upTo); err != nil {
			return err
		}
	}
	return nil
}
