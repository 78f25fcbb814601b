package handbook

import (
	"slices"
	"time"
)

// State is where an edition stands in its life. The codes are stored and
// never renamed or reused.
type State string

// The states of an edition.
const (
	Draft        State = "draft"
	Consultation State = "consultation"
	AdoptedState State = "adopted"
	InForce      State = "in_force"
	Superseded   State = "superseded"
	Revoked      State = "revoked"
)

// The events of an edition.
const (
	eventPropose  = "propose"
	eventComments = "comments"
	eventAdopt    = "adopt"
	eventPublish  = "publish"
	eventCorrect  = "correct_typo"
	eventNewer    = "newer_in_force"
	eventRevoke   = "revoke"
)

// The guards and effects of an edition, as the table names them.
const (
	guardBodies   = "bodies_named"    // it is clear who advises
	guardAdvice   = "advice_recorded" // everybody asked has advised about this very text
	guardValid    = "valid_from"      // not before the adoption, not in the future
	guardTypo     = "non_material"    // nothing but words differs
	guardReason   = "reason_given"
	effectDates   = "record_date"
	effectComment = "keep_comment"
	effectForce   = "supersede_and_announce"
	effectVersion = "new_version"
	effectNone    = "show_nothing"
)

// EditionTransitions is the life of an edition; docs draw it from here.
func EditionTransitions() []Transition { return editionMachine() }

func editionMachine() machine {
	return machine{
		{string(Draft), eventPropose, string(Consultation), ByCommunications, guardBodies, effectDates},
		{string(Consultation), eventComments, string(Draft), ByCommunications, "", effectComment},
		{string(Consultation), eventAdopt, string(AdoptedState), ByDirector, guardAdvice, effectDates},
		{string(AdoptedState), eventPublish, string(InForce), ByCommunications, guardValid, effectForce},
		{string(InForce), eventCorrect, string(InForce), ByCommunications, guardTypo, effectVersion},
		{string(InForce), eventNewer, string(Superseded), BySystem, "", effectDates},
		{string(InForce), eventRevoke, string(Revoked), ByDirector, guardReason, effectNone},
	}
}

// Body is a council or officer that advises about an edition.
type Body string

// The bodies that can be asked for advice.
const (
	WorksCouncil   Body = "works_council"
	ClientCouncil  Body = "client_council"
	PrivacyOfficer Body = "privacy_officer"
)

// Bodies lists all bodies.
func Bodies() []Body { return []Body{WorksCouncil, ClientCouncil, PrivacyOfficer} }

// Advice is what a body said about one text of an edition. An advice against
// it counts as recorded: the director decides, having read it.
type Advice struct {
	Body    Body
	Outcome string // "positive", "negative", "none": asked and not answered
	On      string // YYYY-MM-DD
	Note    string
	Hash    string // the text that it is about
}

// Edition is an edition in the register. Times are UTC; zero is not yet.
type Edition struct {
	ID           string
	Number       int
	State        State
	Version      int    // 1, and one more for each correction
	Hash         string // of that version
	Required     []Body // whose advice was asked
	Material     bool   // changes what people may or should do: asks for reading again
	Supersedes   string // id of the edition before it
	ReviewMonths int
	ImportedAt   time.Time
	ProposedAt   time.Time
	AdoptedAt    time.Time
	PublishedAt  time.Time
	ValidFrom    time.Time
	ValidUntil   time.Time
	RevokedAt    time.Time
}

// EditionMeta is what a page says about the edition it shows.
type EditionMeta struct {
	Edition
	// Projection counts the states of the tables beside the edition.
	Projection int64
}

// ReviewDue is when the edition should be looked at again; zero when it was
// never in force.
func (e Edition) ReviewDue() time.Time {
	if e.ValidFrom.IsZero() {
		return time.Time{}
	}
	return e.ValidFrom.AddDate(0, e.ReviewMonths, 0)
}

// InForceAt says whether the edition was in force at a moment.
func (e Edition) InForceAt(t time.Time) bool {
	return !e.ValidFrom.IsZero() && !t.Before(e.ValidFrom) && (e.ValidUntil.IsZero() || t.Before(e.ValidUntil))
}

// RequiredAdvice proposes whom to ask about a content: the works council when
// it speaks to staff, the client council when it speaks to clients.
func RequiredAdvice(c *Content) []Body {
	var out []Body
	for _, p := range piecesOf(c) {
		if p.Kind == KindPage {
			continue
		}
		if Has(p.Audience, Staff) && !slices.Contains(out, WorksCouncil) {
			out = append(out, WorksCouncil)
		}
		if Has(p.Audience, Client) && !slices.Contains(out, ClientCouncil) {
			out = append(out, ClientCouncil)
		}
	}
	slices.Sort(out)
	return out
}
