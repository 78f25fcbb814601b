package handbookpages

import (
	"context"
	"net/http"
	"time"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/web/kit"
)

// hashField holds the hash of the edition that the page showed: somebody says
// "I have read it" about that one and no other.
const hashField = "hash"

// readState is what the page for "I have read it" knows of the reader.
type readState struct {
	signedIn  bool
	confirmed time.Time // zero when the reader did not say it of this edition
	before    time.Time // said of an earlier edition that this one hardly changes; zero when not
}

// showRead offers to say "I have read it". It is never a condition for
// anything, and says so to everybody in the same words: whether the reader is
// a client does not show.
func (p *pages) showRead(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	who := kit.Who(r.Context())
	state := readState{signedIn: who.SignedIn()}
	if state.signedIn {
		ack, err := p.Readings.Of(r.Context(), who.PersonID, book.Edition.ID)
		if err != nil {
			return err
		}
		state.confirmed, state.before = ack.ConfirmedAt, ack.Before
	}
	return kit.Render(w, r, http.StatusOK, readPage(book, state))
}

// confirmRead records that the person read the edition that the page showed.
func (p *pages) confirmRead(w http.ResponseWriter, r *http.Request) error {
	who := kit.Who(r.Context())
	if !who.SignedIn() {
		return kit.Back(w, r, signInPath)
	}
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	book, err := p.read(r)
	if err != nil {
		return err
	}
	if !book.inForce() || r.PostForm.Get(hashField) != book.Index.Hash() {
		return fault.NewConflict("book.other-edition").WithHint("book.other-edition-hint")
	}
	if err := p.confirm(r.Context(), who.PersonID, book); err != nil {
		return err
	}
	return kit.Back(w, r, readPath)
}

// confirm records it. Somebody who was not asked may say it too; who said it
// of an earlier edition that this one hardly changes need not say it again: the
// page says so, and nothing is recorded.
func (p *pages) confirm(ctx context.Context, person string, book reading) error {
	if err := p.Readings.Invite(ctx, person); err != nil {
		return err
	}
	ack, err := p.Readings.Of(ctx, person, book.Edition.ID)
	if err != nil {
		return err
	}
	if !ack.Before.IsZero() {
		return nil
	}
	return p.Readings.Confirm(ctx, person, book.Edition.ID, book.Index.Hash())
}
