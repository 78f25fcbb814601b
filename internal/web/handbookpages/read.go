package handbookpages

import (
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
		if state.confirmed, err = p.Readings.ConfirmedAt(r.Context(), who.PersonID, book.Index.Hash()); err != nil {
			return err
		}
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
	if !book.Edition.InForce || r.PostForm.Get(hashField) != book.Index.Hash() {
		return fault.NewConflict("book.other-edition").WithHint("book.other-edition-hint")
	}
	if err := p.Readings.Confirm(r.Context(), who.PersonID, book.Index.Hash()); err != nil {
		return err
	}
	return kit.Back(w, r, readPath)
}
