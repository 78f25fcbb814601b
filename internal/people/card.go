package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// maxCardDevices is how many devices one card may sign in or let wait.
const maxCardDevices = 3

// Maker is who makes, prints, revokes or confirms: a support worker for the
// persons they support, or communications in a strong session.
type Maker struct {
	Person Person
	Strong bool
	// Console: the command line of the machine itself, in place of a person.
	Console bool
}

// actor is how the audit names the maker.
func (m Maker) actor() string {
	if m.Console {
		return "system"
	}
	return m.Person.ID
}

// Card is a printed card as its maker sees it.
type Card struct {
	ID       string
	PersonID string
	Name     string // of the person
	Made     time.Time
}

// MayMakeCards reports whether somebody has the page for cards.
func (s *Service) MayMakeCards(ctx context.Context, p Person) (bool, error) {
	if p.Is(Communications) {
		return true, nil
	}
	ids, err := s.SupportedBy(ctx, p.ID)
	return len(ids) > 0, err
}

// mayCard is the guard of everything about somebody's card. A card never
// belongs to who holds an office: it is no second factor.
func (s *Service) mayCard(ctx context.Context, q db.Queryer, m Maker, personID string) (Person, error) {
	p, err := s.getPerson(ctx, q, personID)
	if err != nil {
		return Person{}, err
	}
	supported, err := supportedBy(ctx, q, m.Person.ID)
	if err != nil {
		return Person{}, err
	}
	notYours := fault.NewForbidden("people.card-not-yours")
	switch {
	case p.Officer(), m.Person.ID == personID:
		return Person{}, notYours
	case m.Console:
		return p, nil
	case slices.Contains(supported, personID):
		return p, nil
	case !m.Person.Is(Communications):
		return Person{}, notYours
	default:
		return p, NeedOffice(Holder{Offices: m.Person.Offices(), Strong: m.Strong}, Communications)
	}
}

// MakeCard makes a card and revokes the one that the person had.
func (s *Service) MakeCard(ctx context.Context, m Maker, personID string) (Card, error) {
	token, err := s.token()
	if err != nil {
		return Card{}, err
	}
	sealed, err := s.Box.Seal("people.card", []byte(token))
	if err != nil {
		return Card{}, fmt.Errorf("seal card: %w", err)
	}
	c := Card{ID: s.NewID(), PersonID: personID, Made: s.Now()}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		p, err := s.mayCard(ctx, tx, m, personID)
		if err != nil {
			return err
		}
		if !p.Disabled.IsZero() {
			return fault.NewForbidden("people.disabled")
		}
		c.Name = p.Name
		old, err := db.List(ctx, tx, db.Text, `select id from signin_card where person_id = $1 and revoked_at = 0`, personID)
		if err != nil {
			return err
		}
		for _, id := range old {
			if err := s.revokeCard(ctx, tx, m.actor(), id); err != nil {
				return err
			}
		}
		_, err = db.Exec(ctx, tx, `insert into signin_card (id, person_id, token_hash, token_sealed, made_by, created_at) values ($1, $2, $3, $4, $5, $6)`,
			c.ID, personID, hash("card", token), sealed, m.actor(), db.Micros(c.Made))
		if err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, m.actor(), "card.make", "card/"+c.ID)
	})
	if err != nil {
		return Card{}, fmt.Errorf("make card: %w", err)
	}
	return c, nil
}

// RevokeCard makes a card worth nothing and signs out what it signed in.
func (s *Service) RevokeCard(ctx context.Context, m Maker, cardID string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := s.makersCard(ctx, tx, m, cardID); err != nil {
			return err
		}
		return s.revokeCard(ctx, tx, m.actor(), cardID)
	})
}

func (s *Service) revokeCard(ctx context.Context, tx *sql.Tx, actor, cardID string) error {
	if _, err := db.Exec(ctx, tx, `update signin_card set revoked_at = $2, token_sealed = null where id = $1 and revoked_at = 0`, cardID, db.Micros(s.Now())); err != nil {
		return err
	}
	for _, text := range []string{`delete from session where card_id = $1`, `delete from card_device where card_id = $1`} {
		if _, err := db.Exec(ctx, tx, text, cardID); err != nil {
			return err
		}
	}
	return s.Audit.Record(ctx, tx, actor, "card.revoke", "card/"+cardID)
}

func errCardOver() error {
	return fault.NewNotFound("people.card-over").WithHint("people.card-over-hint")
}

// makersCard loads a card that works, if this maker may see it.
func (s *Service) makersCard(ctx context.Context, q db.Queryer, m Maker, cardID string) (Card, error) {
	c, err := db.Get(ctx, q, scanCard, `select c.id, c.person_id, p.name, c.created_at from signin_card c join person p on p.id = c.person_id where c.id = $1 and c.revoked_at = 0`, cardID)
	if errors.Is(err, db.ErrNotFound) {
		return Card{}, errCardOver()
	}
	if err != nil {
		return Card{}, err
	}
	_, err = s.mayCard(ctx, q, m, c.PersonID)
	return c, err
}

func scanCard(r db.Row) (Card, error) {
	var c Card
	var made int64
	err := r.Scan(&c.ID, &c.PersonID, &c.Name, &made)
	c.Made = db.Time(made)
	return c, err
}

// CardToPrint returns the card with the address that its code holds.
func (s *Service) CardToPrint(ctx context.Context, m Maker, cardID string) (Card, string, error) {
	c, err := s.makersCard(ctx, s.DB.Reader(), m, cardID)
	if err != nil {
		return Card{}, "", err
	}
	sealed, err := db.Get(ctx, s.DB.Reader(), func(r db.Row) ([]byte, error) {
		var b []byte
		return b, r.Scan(&b)
	}, `select token_sealed from signin_card where id = $1 and revoked_at = 0`, cardID)
	if err != nil {
		return Card{}, "", err
	}
	token, err := s.Box.Open("people.card", sealed)
	if err != nil {
		return Card{}, "", fmt.Errorf("open card: %w", err)
	}
	return c, s.BaseURL + "/aanmelden/kaart/" + string(token), nil
}

// CardRow is a person for whom somebody may make a card, with the card if
// there is one. It says nothing about audiences.
type CardRow struct {
	PersonID string
	Name     string
	Card     *Card
}

// maxCardRows bounds what a search by communications shows.
const maxCardRows = 30

// CardRows lists, by name, the persons whom the maker supports; for
// communications also everybody whose name holds the words of search, and who
// has a card.
func (s *Service) CardRows(ctx context.Context, m Maker, search string) ([]CardRow, error) {
	var out []CardRow
	err := s.DB.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		supported, err := supportedBy(ctx, tx, m.Person.ID)
		if err != nil {
			return err
		}
		cards, err := db.List(ctx, tx, scanCard, `select c.id, c.person_id, p.name, c.created_at from signin_card c join person p on p.id = c.person_id where c.revoked_at = 0`)
		if err != nil {
			return err
		}
		card := map[string]*Card{}
		for i := range cards {
			card[cards[i].PersonID] = &cards[i]
		}
		rows, err := db.List(ctx, tx, func(r db.Row) (CardRow, error) {
			var x CardRow
			return x, r.Scan(&x.PersonID, &x.Name)
		}, `select id, name from person where disabled_at = 0 order by name, id`)
		if err != nil {
			return err
		}
		search = strings.ToLower(strings.TrimSpace(search))
		all := m.Person.Is(Communications)
		for _, x := range rows {
			x.Card = card[x.PersonID]
			found := search != "" && strings.Contains(strings.ToLower(x.Name), search)
			if slices.Contains(supported, x.PersonID) && (search == "" || found) || all && (found || search == "" && x.Card != nil) {
				out = append(out, x)
			}
		}
		out = out[:min(len(out), maxCardRows)]
		return nil
	})
	return out, err
}
