package people

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

const personColumns = `id, name, email, lang, size, calm, theme, demo, disabled_at, created_at`

func scanPerson(r db.Row) (Person, error) {
	var (
		p                             Person
		calm, demo, disabled, created int64
	)
	err := r.Scan(&p.ID, &p.Name, &p.Email, &p.Display.Lang, &p.Display.Size, &calm, &p.Display.Theme, &demo, &disabled, &created)
	p.Display.Calm, p.Demo = calm != 0, demo != 0
	p.Disabled, p.Created = db.Time(disabled), db.Time(created)
	return p, err
}

// getPerson loads a person with audiences, functions, offices and relations.
func (s *Service) getPerson(ctx context.Context, q db.Queryer, id string) (Person, error) {
	p, err := db.Get(ctx, q, scanPerson, `select `+personColumns+` from person where id = $1`, id)
	if errors.Is(err, db.ErrNotFound) {
		return Person{}, fault.NewNotFound("people.not-found")
	}
	if err != nil {
		return Person{}, err
	}
	if err := s.fillGroups(ctx, q, &p); err != nil {
		return Person{}, err
	}
	p.Relations, err = db.List(ctx, q, func(r db.Row) (Relation, error) {
		var x Relation
		var deputy sql.NullString
		err := r.Scan(&x.Kind, &x.To, &deputy)
		x.Deputy = deputy.String
		return x, err
	}, `select kind, to_id, deputy_id from person_relation where person_id = $1 order by kind`, id)
	return p, err
}

// fillGroups reads audiences and functions.
func (s *Service) fillGroups(ctx context.Context, q db.Queryer, p *Person) error {
	type group struct{ audience, function string }
	rows, err := db.List(ctx, q, func(r db.Row) (group, error) {
		var g group
		return g, r.Scan(&g.audience, &g.function)
	}, `select audience, '' from person_audience where person_id = $1
	    union all select '', function_id from person_function where person_id = $1`, p.ID)
	for _, g := range rows {
		p.addGroup(g.audience, g.function, s.OfficeOf)
	}
	p.sortGroups()
	return err
}

// addGroup adds an audience and a function, each when it is not empty and not
// there yet, and the office that the function gives.
func (p *Person) addGroup(audience, function string, officeOf func(string) string) {
	if a := Audience(audience); a != "" && !slices.Contains(p.Audiences, a) {
		p.Audiences = append(p.Audiences, a)
	}
	if function == "" || slices.Contains(p.Functions, function) {
		return
	}
	p.Functions = append(p.Functions, function)
	if office := officeOf(function); office != "" && !slices.Contains(p.offices, office) {
		p.offices = append(p.offices, office)
	}
}

func (p *Person) sortGroups() {
	slices.Sort(p.Audiences)
	slices.Sort(p.Functions)
	slices.Sort(p.offices)
}

// personByEmail returns "" when nobody who may sign in has the address.
func personByEmail(ctx context.Context, q db.Queryer, folded string) (string, error) {
	id, err := db.Get(ctx, q, db.Text, `select id from person where email_folded = $1 and disabled_at = 0`, folded)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return id, err
}

func savePerson(ctx context.Context, tx *sql.Tx, p Person, insert bool) error {
	var folded any
	if f := FoldEmail(p.Email); f != "" {
		folded = f
	}
	var n int64
	var err error
	if insert {
		n, err = db.Exec(ctx, tx, `insert into person (id, name, email, email_folded, lang, size, calm, theme, demo, disabled_at, created_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)`,
			p.ID, p.Name, p.Email, folded, p.Display.Lang, p.Display.Size, db.Int(p.Display.Calm), p.Display.Theme, db.Int(p.Demo), db.Micros(p.Created))
	} else {
		n, err = db.Exec(ctx, tx, `update person set name = $2, email = $3, email_folded = $4 where id = $1`, p.ID, p.Name, p.Email, folded)
	}
	if errors.Is(err, db.ErrDuplicate) {
		return fault.NewConflict("people.email-taken").On("email").Because(err)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.NewNotFound("people.not-found")
	}
	return saveGroups(ctx, tx, p)
}

func saveGroups(ctx context.Context, tx *sql.Tx, p Person) error {
	for _, table := range []string{"person_audience", "person_function", "person_relation"} {
		if _, err := db.Exec(ctx, tx, `delete from `+table+` where person_id = $1`, p.ID); err != nil {
			return err
		}
	}
	slices.Sort(p.Audiences)
	for _, a := range slices.Compact(p.Audiences) {
		if _, err := db.Exec(ctx, tx, `insert into person_audience (person_id, audience) values ($1, $2)`, p.ID, string(a)); err != nil {
			return err
		}
	}
	slices.Sort(p.Functions)
	for _, f := range slices.Compact(p.Functions) {
		if _, err := db.Exec(ctx, tx, `insert into person_function (person_id, function_id) values ($1, $2)`, p.ID, f); err != nil {
			return err
		}
	}
	for _, r := range p.Relations {
		var deputy any
		if r.Deputy != "" {
			deputy = r.Deputy
		}
		_, err := db.Exec(ctx, tx, `insert into person_relation (person_id, kind, to_id, deputy_id) values ($1, $2, $3, $4)`, p.ID, string(r.Kind), r.To, deputy)
		if errors.Is(err, db.ErrReference) {
			return fault.NewInvalid("people.relation-wrong").On("relation").Because(err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
