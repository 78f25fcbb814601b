package handbook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// All SQL of the edition register. Acknowledgements have ackstore.go.

const editionColumns = `id, number, state, version, hash, required, material, coalesce(supersedes, ''), review_months,
	imported_at, proposed_at, adopted_at, published_at, valid_from, valid_until, revoked_at`

func scanEdition(r db.Row) (Edition, error) {
	var e Edition
	var required string
	var material, imported, proposed, adopted, published, from, until, revoked int64
	err := r.Scan(&e.ID, &e.Number, &e.State, &e.Version, &e.Hash, &required, &material, &e.Supersedes, &e.ReviewMonths,
		&imported, &proposed, &adopted, &published, &from, &until, &revoked)
	if err != nil {
		return e, err
	}
	e.Material = material != 0
	e.ImportedAt, e.ProposedAt, e.AdoptedAt, e.PublishedAt = db.Time(imported), db.Time(proposed), db.Time(adopted), db.Time(published)
	e.ValidFrom, e.ValidUntil, e.RevokedAt = db.Time(from), db.Time(until), db.Time(revoked)
	return e, json.Unmarshal([]byte(required), &e.Required)
}

func getEdition(ctx context.Context, q db.Queryer, id string) (Edition, error) {
	e, err := db.Get(ctx, q, scanEdition, `select `+editionColumns+` from edition where id = $1`, id)
	if errors.Is(err, db.ErrNotFound) {
		return e, fault.NewNotFound("edition.fault.not_found").Because(err)
	}
	return e, err
}

// findEdition returns the edition that a query selects; ok is false when
// there is none.
func findEdition(ctx context.Context, q db.Queryer, where string, args ...any) (e Edition, ok bool, err error) {
	e, err = db.Get(ctx, q, scanEdition, `select `+editionColumns+` from edition where `+where, args...)
	if errors.Is(err, db.ErrNotFound) {
		return e, false, nil
	}
	return e, err == nil, err
}

func listEditions(ctx context.Context, q db.Queryer) ([]Edition, error) {
	return db.List(ctx, q, scanEdition, `select `+editionColumns+` from edition order by number desc`)
}

func insertEdition(ctx context.Context, q db.Queryer, e Edition) error {
	_, err := db.Exec(ctx, q, `insert into edition (id, number, state, version, hash, review_months, imported_at)
		values ($1, $2, $3, $4, $5, $6, $7)`, e.ID, e.Number, e.State, e.Version, e.Hash, e.ReviewMonths, db.Micros(e.ImportedAt))
	if errors.Is(err, db.ErrDuplicate) {
		return fault.NewConflict("edition.fault.number_taken", "Number", e.Number).On("number")
	}
	return err
}

// updateEdition stores everything that can change, if the edition still
// stands where it stood.
func updateEdition(ctx context.Context, q db.Queryer, e Edition, was State) error {
	required, err := json.Marshal(e.Required)
	if err != nil {
		return fmt.Errorf("encode bodies: %w", err)
	}
	if e.Required == nil {
		required = []byte("[]")
	}
	n, err := db.Exec(ctx, q, `update edition set state = $1, version = $2, hash = $3, required = $4, material = $5,
		supersedes = nullif($6, ''), review_months = $7, imported_at = $8, proposed_at = $9, adopted_at = $10,
		published_at = $11, valid_from = $12, valid_until = $13, revoked_at = $14 where id = $15 and state = $16`,
		e.State, e.Version, e.Hash, string(required), db.Int(e.Material), e.Supersedes, e.ReviewMonths, db.Micros(e.ImportedAt),
		db.Micros(e.ProposedAt), db.Micros(e.AdoptedAt), db.Micros(e.PublishedAt), db.Micros(e.ValidFrom),
		db.Micros(e.ValidUntil), db.Micros(e.RevokedAt), e.ID, was)
	if err == nil && n == 0 {
		return stateFault(e.State)
	}
	return err
}

func stateFault(s State) error {
	return fault.NewConflict("edition.fault.state").WithHint("edition.hint." + string(s))
}

// Version is one text of an edition.
type Version struct {
	Version     int
	Hash        string
	Reason      string // why it was corrected, or what the importer noted
	CreatedAt   int64  // microseconds, UTC
	CreatedBy   string
	InForceFrom int64 // microseconds, UTC; 0: never in force
}

func scanVersion(r db.Row) (Version, error) {
	var v Version
	return v, r.Scan(&v.Version, &v.Hash, &v.Reason, &v.CreatedAt, &v.CreatedBy, &v.InForceFrom)
}

func listVersions(ctx context.Context, q db.Queryer, id string) ([]Version, error) {
	return db.List(ctx, q, scanVersion, `select version, hash, reason, created_at, created_by, in_force_from
		from edition_version where edition_id = $1 order by version`, id)
}

func insertVersion(ctx context.Context, q db.Queryer, id string, v Version, content []byte) error {
	_, err := db.Exec(ctx, q, `insert into edition_version (edition_id, version, hash, content, reason, created_at, created_by, in_force_from)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, v.Version, v.Hash, string(content), v.Reason, v.CreatedAt, v.CreatedBy, v.InForceFrom)
	return err
}

// replaceVersion changes a text that was never in force.
func replaceVersion(ctx context.Context, q db.Queryer, id string, v Version, content []byte) error {
	n, err := db.Exec(ctx, q, `update edition_version set hash = $1, content = $2, reason = $3, created_at = $4, created_by = $5
		where edition_id = $6 and version = $7 and in_force_from = 0`, v.Hash, string(content), v.Reason, v.CreatedAt, v.CreatedBy, id, v.Version)
	if err == nil && n == 0 {
		return stateFault(InForce)
	}
	return err
}

func markInForce(ctx context.Context, q db.Queryer, id string, version int, at int64) error {
	_, err := db.Exec(ctx, q, `update edition_version set in_force_from = $1 where edition_id = $2 and version = $3 and in_force_from = 0`, at, id, version)
	return err
}

// readContent returns the content of a version, after checking that it is
// the text that its hash names.
func readContent(ctx context.Context, q db.Queryer, id string, version int) (*Content, error) {
	type row struct{ hash, content string }
	r, err := db.Get(ctx, q, func(r db.Row) (row, error) {
		var v row
		return v, r.Scan(&v.hash, &v.content)
	}, `select hash, content from edition_version where edition_id = $1 and version = $2`, id, version)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NewNotFound("edition.fault.not_found").Because(err)
	}
	if err != nil {
		return nil, err
	}
	if got := HashOf([]byte(r.content)); got != r.hash {
		return nil, fault.NewUnavailable("edition.fault.damaged").Because(fmt.Errorf("edition %s version %d has hash %s, stored %s", id, version, got, r.hash))
	}
	return Decode([]byte(r.content))
}

// wasInForce says whether a text of an edition was in force at some time.
func wasInForce(ctx context.Context, q db.Queryer, id, hash string) (bool, error) {
	n, err := db.Get(ctx, q, db.Number, `select count(*) from edition_version where edition_id = $1 and hash = $2 and in_force_from > 0`, id, hash)
	return n > 0, err
}

func putAdvice(ctx context.Context, q db.Queryer, id string, a Advice, at int64, by string) error {
	_, err := db.Exec(ctx, q, `insert into edition_advice (edition_id, hash, body, outcome, given_on, note, recorded_at, recorded_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (edition_id, hash, body) do update set outcome = excluded.outcome, given_on = excluded.given_on,
		note = excluded.note, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`,
		id, a.Hash, a.Body, a.Outcome, a.On, a.Note, at, by)
	return err
}

func listAdvice(ctx context.Context, q db.Queryer, id string) ([]Advice, error) {
	return db.List(ctx, q, func(r db.Row) (Advice, error) {
		var a Advice
		return a, r.Scan(&a.Body, &a.Outcome, &a.On, &a.Note, &a.Hash)
	}, `select body, outcome, given_on, note, hash from edition_advice where edition_id = $1 order by recorded_at, body`, id)
}

// Comment is what came out of a consultation and sent the edition back.
type Comment struct {
	ID, By, Text, Hash string
	At                 int64 // microseconds, UTC
}

func insertComment(ctx context.Context, q db.Queryer, edition string, c Comment) error {
	_, err := db.Exec(ctx, q, `insert into edition_comment (id, edition_id, hash, comment, created_at, created_by)
		values ($1, $2, $3, $4, $5, $6)`, c.ID, edition, c.Hash, c.Text, c.At, c.By)
	return err
}

func listComments(ctx context.Context, q db.Queryer, edition string) ([]Comment, error) {
	return db.List(ctx, q, func(r db.Row) (Comment, error) {
		var c Comment
		return c, r.Scan(&c.ID, &c.By, &c.Text, &c.Hash, &c.At)
	}, `select id, created_by, comment, hash, created_at from edition_comment where edition_id = $1 order by created_at, id`, edition)
}

// pointer is the row that says what to show now.
type pointer struct {
	seq, projection int64
	edition         string
	version         int
}

func readPointer(ctx context.Context, q db.Queryer) (pointer, error) {
	return db.Get(ctx, q, func(r db.Row) (pointer, error) {
		var p pointer
		return p, r.Scan(&p.seq, &p.edition, &p.version, &p.projection)
	}, `select seq, edition_id, version, projection_version from handbook_current where id = 1`)
}

func pointEdition(ctx context.Context, q db.Queryer, edition string, version int) error {
	_, err := db.Exec(ctx, q, `update handbook_current set seq = seq + 1, edition_id = $1, version = $2 where id = 1`, edition, version)
	return err
}

func pointProjection(ctx context.Context, q db.Queryer, version int64) error {
	_, err := db.Exec(ctx, q, `update handbook_current set seq = seq + 1, projection_version = $1 where id = 1`, version)
	return err
}

func insertProjection(ctx context.Context, q db.Queryer, version int64, body []byte, at int64, by string) error {
	_, err := db.Exec(ctx, q, `insert into projection_version (version, hash, body, created_at, created_by) values ($1, $2, $3, $4, $5)`,
		version, HashOf(body), string(body), at, by)
	return err
}

// readProjection returns one state of the tables; version 0 is none.
func readProjection(ctx context.Context, q db.Queryer, version int64) (*Projection, string, error) {
	p := &Projection{}
	if version == 0 {
		return p, "", nil
	}
	type row struct{ hash, body string }
	r, err := db.Get(ctx, q, func(r db.Row) (row, error) {
		var v row
		return v, r.Scan(&v.hash, &v.body)
	}, `select hash, body from projection_version where version = $1`, version)
	if err != nil {
		return nil, "", err
	}
	if HashOf([]byte(r.body)) != r.hash {
		return nil, "", fault.NewUnavailable("edition.fault.damaged").Because(fmt.Errorf("projection version %d does not match its hash", version))
	}
	return p, r.hash, decodeStrict([]byte(r.body), p)
}
