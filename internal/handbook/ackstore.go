package handbook

import (
	"context"
	"errors"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// All SQL of the acknowledgements, but for getAck.

const ackColumns = `person_id, edition_id, state, hash, invited_at, read_at, confirmed_at, reminders, reminded_at, lapsed_at`

func scanAck(r db.Row) (Acknowledgement, error) {
	var a Acknowledgement
	var invited, read, confirmed, reminded, lapsed int64
	err := r.Scan(&a.PersonID, &a.EditionID, &a.State, &a.Hash, &invited, &read, &confirmed, &a.Reminders, &reminded, &lapsed)
	a.InvitedAt, a.ReadAt, a.ConfirmedAt = db.Time(invited), db.Time(read), db.Time(confirmed)
	a.RemindedAt, a.LapsedAt = db.Time(reminded), db.Time(lapsed)
	return a, err
}

// latestAck returns the person's newest acknowledgement of any edition.
func latestAck(ctx context.Context, q db.Queryer, person string) (a Acknowledgement, ok bool, err error) {
	a, err = db.Get(ctx, q, scanAck, `select `+ackColumns+` from acknowledgement where person_id = $1 and state <> 'lapsed'
		order by invited_at desc, edition_id desc limit 1`, person)
	if errors.Is(err, db.ErrNotFound) {
		return a, false, nil
	}
	return a, err == nil, err
}

// materialSince says whether an edition that matters came into force after
// the one given.
func materialSince(ctx context.Context, q db.Queryer, edition string) (bool, error) {
	n, err := db.Get(ctx, q, db.Number, `select count(*) from edition where material = 1
		and valid_from > (select valid_from from edition where id = $1)`, edition)
	return n > 0, err
}

func listAcks(ctx context.Context, q db.Queryer, person string) ([]Acknowledgement, error) {
	return db.List(ctx, q, scanAck, `select `+ackColumns+` from acknowledgement where person_id = $1 order by invited_at, edition_id`, person)
}

// listWaiting returns who was invited before a moment, did not read, and was
// reminded less than twice.
func listWaiting(ctx context.Context, q db.Queryer, edition string, before time.Time) ([]Acknowledgement, error) {
	return db.List(ctx, q, scanAck, `select `+ackColumns+` from acknowledgement where edition_id = $1 and state = 'invited'
		and invited_at <= $2 and reminders < $3 order by invited_at, person_id`, edition, db.Micros(before), maxReminders)
}

// putAck stores an acknowledgement if it still stands where it stood.
func putAck(ctx context.Context, q db.Queryer, a Acknowledgement, was AckState) error {
	if was == NotInvited {
		_, err := db.Exec(ctx, q, `insert into acknowledgement (person_id, edition_id, state, invited_at) values ($1, $2, $3, $4)`,
			a.PersonID, a.EditionID, a.State, db.Micros(a.InvitedAt))
		return err
	}
	n, err := db.Exec(ctx, q, `update acknowledgement set state = $1, hash = $2, read_at = $3, confirmed_at = $4, reminders = $5,
		reminded_at = $6, lapsed_at = $7 where person_id = $8 and edition_id = $9 and state = $10`,
		a.State, a.Hash, db.Micros(a.ReadAt), db.Micros(a.ConfirmedAt), a.Reminders, db.Micros(a.RemindedAt), db.Micros(a.LapsedAt),
		a.PersonID, a.EditionID, was)
	if err == nil && n == 0 {
		return fault.NewConflict("edition.ack.fault.state")
	}
	return err
}

func eraseLapsed(ctx context.Context, q db.Queryer, before time.Time) (int64, error) {
	return db.Exec(ctx, q, `delete from acknowledgement where state = 'lapsed' and lapsed_at < $1`, db.Micros(before))
}

func forgetAcks(ctx context.Context, q db.Queryer, person string) error {
	_, err := db.Exec(ctx, q, `delete from acknowledgement where person_id = $1`, person)
	return err
}

// countAcks counts who was invited to an edition and who confirmed, over the
// people given or over everybody when people is nil.
func countAcks(ctx context.Context, q db.Queryer, edition string, people []string) (total, confirmed int, err error) {
	type row struct{ person, state string }
	rows, err := db.List(ctx, q, func(r db.Row) (row, error) {
		var v row
		return v, r.Scan(&v.person, &v.state)
	}, `select person_id, state from acknowledgement where edition_id = $1 and state <> 'lapsed'`, edition)
	if err != nil {
		return 0, 0, err
	}
	in := map[string]bool{}
	for _, p := range people {
		in[p] = true
	}
	for _, r := range rows {
		if people != nil && !in[r.person] {
			continue
		}
		total++
		if r.state == string(Confirmed) {
			confirmed++
		}
	}
	return total, confirmed, nil
}
