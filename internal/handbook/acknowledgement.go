package handbook

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

// AckState is how far somebody is with reading an edition.
type AckState string

// The states of an acknowledgement. Somebody without a row is NotInvited.
const (
	NotInvited AckState = "not_invited"
	Invited    AckState = "invited"
	HasRead    AckState = "read"
	Confirmed  AckState = "confirmed"
	Lapsed     AckState = "lapsed"
)

const (
	eventInvite   = "invite"
	eventRead     = "read"
	eventRemind   = "remind"
	eventConfirm  = "confirm"
	eventAsk      = "ask"
	eventMaterial = "material_edition"
	eventLeave    = "leave"

	guardReminders = "reminders_left" // at most two, never for clients, never early
	guardHash      = "was_in_force"   // the text confirmed was in force at some time
	effectAsk      = "open_question"
	effectErase    = "erase_after_retention"
)

// Reminders: at most two, 14 and 28 days after the invitation. Clients are
// never reminded.
const (
	maxReminders = 2
	remindAfter  = 14 * 24 * time.Hour
)

// AckTransitions is the life of an acknowledgement; docs draw it from here.
// Its material_edition crosses editions: the confirmation of the old text
// stays as it is, and the invitation is for the new one.
func AckTransitions() []Transition { return ackMachine() }

func ackMachine() machine {
	return machine{
		{string(NotInvited), eventInvite, string(Invited), BySystem, "", ""},
		{string(Invited), eventRead, string(HasRead), ByPerson, "", ""},
		{string(Invited), eventRemind, string(Invited), BySystem, guardReminders, ""},
		{string(HasRead), eventConfirm, string(Confirmed), ByPerson, guardHash, ""},
		{string(HasRead), eventAsk, string(HasRead), ByPerson, "", effectAsk},
		{string(Confirmed), eventMaterial, string(Invited), BySystem, "", ""},
		{string(Confirmed), eventLeave, string(Lapsed), BySystem, "", effectErase},
		{string(Invited), eventLeave, string(Lapsed), BySystem, "", effectErase},
		{string(HasRead), eventLeave, string(Lapsed), BySystem, "", effectErase},
	}
}

// Acknowledgement is what is kept about one person and one edition. How long
// somebody read, or how well, is not kept (A4).
type Acknowledgement struct {
	PersonID    string
	EditionID   string
	State       AckState
	Hash        string // of the text confirmed
	InvitedAt   time.Time
	ReadAt      time.Time
	ConfirmedAt time.Time
	Reminders   int
	RemindedAt  time.Time
	LapsedAt    time.Time
	// Before is when the person confirmed an earlier edition, if that still
	// counts: nothing material has changed since, so nobody is asked again.
	// It is looked up by Of and not kept.
	Before time.Time
}

// AcknowledgementsConfig is what the acknowledgements need from around.
type AcknowledgementsConfig struct {
	DB    *db.DB
	Audit Auditor
	// Audiences says which audiences a person belongs to: nobody who is a
	// client is ever reminded.
	Audiences func(ctx context.Context, q db.Queryer, personID string) ([]Audience, error)
	// Asked hands a "dit snap ik niet" to whoever answers questions, in the
	// same transaction. Nil when nobody does.
	Asked func(ctx context.Context, tx *sql.Tx, personID, editionID, question string) error
	Now   func() time.Time
}

// Acknowledgements keeps who read and understood which edition. Nothing in
// the product waits for an acknowledgement (A1).
type Acknowledgements struct {
	db        *db.DB
	audit     Auditor
	audiences func(ctx context.Context, q db.Queryer, personID string) ([]Audience, error)
	asked     func(ctx context.Context, tx *sql.Tx, personID, editionID, question string) error
	now       func() time.Time
}

// NewAcknowledgements makes the service.
func NewAcknowledgements(cfg AcknowledgementsConfig) *Acknowledgements {
	a := &Acknowledgements{db: cfg.DB, audit: cfg.Audit, audiences: cfg.Audiences, asked: cfg.Asked, now: cfg.Now}
	if a.now == nil {
		a.now = time.Now
	}
	if a.asked == nil {
		a.asked = func(context.Context, *sql.Tx, string, string, string) error { return nil }
	}
	return a
}

func (a *Acknowledgements) moment() time.Time { return a.now().UTC().Truncate(time.Microsecond) }

// step runs one event for a person and an edition in a transaction. An event
// that is not possible now is a Conflict.
func (a *Acknowledgements) step(ctx context.Context, person, edition, event string, work func(context.Context, *sql.Tx, *Acknowledgement) error) error {
	err := a.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ack, err := getAck(ctx, tx, person, edition)
		if err != nil {
			return err
		}
		return a.apply(ctx, tx, &ack, event, work)
	})
	if err != nil {
		return fmt.Errorf("%s acknowledgement of edition %s: %w", event, edition, err)
	}
	return nil
}

func (a *Acknowledgements) apply(ctx context.Context, tx *sql.Tx, ack *Acknowledgement, event string, work func(context.Context, *sql.Tx, *Acknowledgement) error) error {
	t, ok := ackMachine().step(string(ack.State), event)
	if !ok {
		return fault.NewConflict("edition.ack.fault.state")
	}
	if err := work(ctx, tx, ack); err != nil {
		return err
	}
	was := ack.State
	ack.State = AckState(t.To)
	if err := putAck(ctx, tx, *ack, was); err != nil {
		return err
	}
	actor := ack.PersonID
	if t.Who == BySystem {
		actor = BySystem
	}
	return a.audit.Record(ctx, tx, actor, "acknowledgement."+event, "edition/"+ack.EditionID)
}

// Invite asks a person to read the edition in force: on joining, and when a
// material edition was published. Somebody who was asked already is left
// alone, and without an edition in force nobody is asked.
func (a *Acknowledgements) Invite(ctx context.Context, person string) error {
	err := a.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ed, ok, err := findEdition(ctx, tx, `state = 'in_force'`)
		if err != nil || !ok {
			return err
		}
		return a.invite(ctx, tx, person, ed)
	})
	if err != nil {
		return fmt.Errorf("invite to read: %w", err)
	}
	return nil
}

func (a *Acknowledgements) invite(ctx context.Context, tx *sql.Tx, person string, ed Edition) error {
	ack, err := getAck(ctx, tx, person, ed.ID)
	if err != nil || ack.State != NotInvited {
		return err
	}
	last, counts, err := earlier(ctx, tx, person)
	if err != nil || counts {
		return err // confirmed before, and nothing that matters has changed since
	}
	event, from := eventInvite, NotInvited
	if last.State == Confirmed {
		event, from = eventMaterial, Confirmed
	}
	if _, ok := ackMachine().step(string(from), event); !ok {
		return fault.NewConflict("edition.ack.fault.state")
	}
	ack.State, ack.InvitedAt = Invited, a.moment()
	if err := putAck(ctx, tx, ack, NotInvited); err != nil {
		return err
	}
	return a.audit.Record(ctx, tx, BySystem, "acknowledgement."+event, "edition/"+ed.ID)
}

// earlier returns the person's newest acknowledgement, of any edition, and
// whether it counts for the edition in force: it is a confirmation, and
// nothing material has changed since.
func earlier(ctx context.Context, q db.Queryer, person string) (last Acknowledgement, counts bool, err error) {
	last, known, err := latestAck(ctx, q, person)
	if err != nil || !known || last.State != Confirmed {
		return last, false, err
	}
	material, err := materialSince(ctx, q, last.EditionID)
	return last, err == nil && !material, err
}

// Read notes that a person read the edition. Reading again changes nothing.
func (a *Acknowledgements) Read(ctx context.Context, person, edition string) error {
	ack, err := getAck(ctx, a.db.Reader(), person, edition)
	if err != nil {
		return err
	}
	if ack.State == HasRead || ack.State == Confirmed {
		return nil
	}
	return a.step(ctx, person, edition, eventRead, a.read)
}

func (a *Acknowledgements) read(_ context.Context, _ *sql.Tx, ack *Acknowledgement) error {
	ack.ReadAt = a.moment()
	return nil
}

// Confirm notes that a person understood a text, named by the hash that the
// page showed. It must have been in force at some time (A3). Who confirms
// without Read has read it now; confirming again changes nothing.
func (a *Acknowledgements) Confirm(ctx context.Context, person, edition, hash string) error {
	err := a.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		ack, err := getAck(ctx, tx, person, edition)
		if err != nil || ack.State == Confirmed {
			return err
		}
		if ack.State == Invited {
			if err := a.apply(ctx, tx, &ack, eventRead, a.read); err != nil {
				return err
			}
		}
		return a.apply(ctx, tx, &ack, eventConfirm, func(ctx context.Context, tx *sql.Tx, ack *Acknowledgement) error {
			ok, err := wasInForce(ctx, tx, edition, hash)
			if err != nil {
				return err
			}
			if !ok {
				return fault.NewConflict("edition.ack.fault.hash")
			}
			ack.Hash, ack.ConfirmedAt = hash, a.moment()
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("confirm edition %s: %w", edition, err)
	}
	return nil
}

// Ask hands on a question about the text: "dit snap ik niet". The person
// stays where they are, and may confirm later or never.
func (a *Acknowledgements) Ask(ctx context.Context, person, edition, question string) error {
	if err := a.Read(ctx, person, edition); err != nil {
		return err
	}
	return a.step(ctx, person, edition, eventAsk, func(ctx context.Context, tx *sql.Tx, ack *Acknowledgement) error {
		return a.asked(ctx, tx, ack.PersonID, ack.EditionID, question)
	})
}

// Due is somebody who may be reminded now.
type Due struct{ PersonID, EditionID string }

// Due lists who may be reminded now, at most limit. Clients are not among
// them.
func (a *Acknowledgements) Due(ctx context.Context, limit int) ([]Due, error) {
	ed, ok, err := findEdition(ctx, a.db.Reader(), `state = 'in_force'`)
	if err != nil || !ok {
		return nil, err
	}
	waiting, err := listWaiting(ctx, a.db.Reader(), ed.ID, a.moment().Add(-remindAfter))
	if err != nil {
		return nil, err
	}
	var out []Due
	for _, ack := range waiting {
		if len(out) == limit {
			break
		}
		if err := a.mayRemind(ctx, a.db.Reader(), ack); fault.KindOf(err) == fault.Conflict {
			continue
		} else if err != nil {
			return nil, err
		}
		out = append(out, Due{ack.PersonID, ack.EditionID})
	}
	return out, nil
}

// Remind notes a reminder and returns nil when it may be sent: send only
// then. A third one, one too early, or one to a client is a Conflict.
func (a *Acknowledgements) Remind(ctx context.Context, person, edition string) error {
	return a.step(ctx, person, edition, eventRemind, func(ctx context.Context, tx *sql.Tx, ack *Acknowledgement) error {
		if err := a.mayRemind(ctx, tx, *ack); err != nil {
			return err
		}
		ack.Reminders++
		ack.RemindedAt = a.moment()
		return nil
	})
}

func (a *Acknowledgements) mayRemind(ctx context.Context, q db.Queryer, ack Acknowledgement) error {
	wait := time.Duration(ack.Reminders+1) * remindAfter
	if ack.Reminders >= maxReminders || a.moment().Before(ack.InvitedAt.Add(wait)) {
		return fault.NewConflict("edition.ack.fault.reminded")
	}
	audiences, err := a.audiences(ctx, q, ack.PersonID)
	if err != nil {
		return err
	}
	if slices.Contains(audiences, Client) || len(audiences) == 0 {
		return fault.NewConflict("edition.ack.fault.reminded")
	}
	return nil
}

// Leave lets everything lapse that is kept about a person who left; Erase
// removes it after the retention. It runs in the caller's transaction.
func (a *Acknowledgements) Leave(ctx context.Context, tx *sql.Tx, person string) error {
	all, err := listAcks(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, ack := range all {
		if ack.State == Lapsed {
			continue
		}
		err := a.apply(ctx, tx, &ack, eventLeave, func(_ context.Context, _ *sql.Tx, ack *Acknowledgement) error {
			ack.LapsedAt = a.moment()
			return nil
		})
		if err != nil {
			return fmt.Errorf("let acknowledgements lapse: %w", err)
		}
	}
	return nil
}

// Erase removes what lapsed before a moment and returns how many rows.
func (a *Acknowledgements) Erase(ctx context.Context, before time.Time) (n int64, err error) {
	err = a.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err = eraseLapsed(ctx, tx, before)
		return err
	})
	return n, err
}

// Forget removes everything about a person, in the caller's transaction: for
// the right to be forgotten.
func (a *Acknowledgements) Forget(ctx context.Context, tx *sql.Tx, person string) error {
	return forgetAcks(ctx, tx, person)
}

// Of returns a person's acknowledgement of an edition; NotInvited when there
// is none, with Before when an earlier one still counts.
func (a *Acknowledgements) Of(ctx context.Context, person, edition string) (Acknowledgement, error) {
	ack, err := getAck(ctx, a.db.Reader(), person, edition)
	if err != nil || ack.State != NotInvited {
		return ack, err
	}
	last, counts, err := earlier(ctx, a.db.Reader(), person)
	if err == nil && counts {
		ack.Before = last.ConfirmedAt
	}
	return ack, err
}

// ListOf returns everything kept about a person, for them to see.
func (a *Acknowledgements) ListOf(ctx context.Context, person string) ([]Acknowledgement, error) {
	return listAcks(ctx, a.db.Reader(), person)
}

// Counts is how a group of at least five stands. Shown is false when saying
// it would say something about one person.
type Counts struct {
	Total     int // people invited, 0 when fewer than five
	Confirmed int
	Shown     bool // Confirmed may be shown
}

// MinGroup is the smallest group, and the smallest part of one, that is
// counted.
const MinGroup = 5

// Counts returns how many people confirmed an edition, over everybody or over
// the people given. Nobody sees one person's state (A2): a group under five is
// not counted, nor a part of one to four.
func (a *Acknowledgements) Counts(ctx context.Context, edition string, people []string) (Counts, error) {
	total, confirmed, err := countAcks(ctx, a.db.Reader(), edition, people)
	if err != nil || total < MinGroup {
		return Counts{}, err
	}
	few := func(n int) bool { return n > 0 && n < MinGroup }
	if few(confirmed) || few(total-confirmed) {
		return Counts{Total: total}, nil
	}
	return Counts{Total: total, Confirmed: confirmed, Shown: true}, nil
}

func getAck(ctx context.Context, q db.Queryer, person, edition string) (Acknowledgement, error) {
	ack, err := db.Get(ctx, q, scanAck, `select `+ackColumns+` from acknowledgement where person_id = $1 and edition_id = $2`, person, edition)
	if errors.Is(err, db.ErrNotFound) {
		return Acknowledgement{PersonID: person, EditionID: edition, State: NotInvited}, nil
	}
	return ack, err
}
