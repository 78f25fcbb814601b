package people

import (
	"slices"
	"strings"
	"time"

	"ambassadeur/internal/fault"
)

// Audience is one of the three groups that the handbook speaks to.
type Audience string

// The audiences. A person has one or more.
const (
	Client    Audience = "client"
	Staff     Audience = "staff"
	Volunteer Audience = "volunteer"
)

// The offices that the product itself knows. Which function gives which
// office is data of the handbook, see Config.OfficeOf.
const (
	Communications = "communications"
	Director       = "director"
	Administrator  = "administrator"
	PrivacyOfficer = "privacy_officer"
)

// RelationKind says what one person is to another.
type RelationKind string

// The relations. A person has at most one of each kind.
const (
	Manager              RelationKind = "manager"
	SupportWorker        RelationKind = "support_worker"
	VolunteerCoordinator RelationKind = "volunteer_coordinator"
)

// Relation points from a person to who manages, supports or coordinates them.
// Deputy, when not empty, stands in and may do the same.
type Relation struct {
	Kind   RelationKind
	To     string // person id
	Deputy string // person id or ""
}

// Display is how a person wants the screen; the first paint follows it.
type Display struct {
	Lang  string // "nl" or "en"
	Size  string // "", "groot", "groter"
	Calm  bool
	Theme string // "", "light", "dark"
}

// Person is somebody who can sign in. Email is as it was typed, or empty: a
// person needs neither an address nor a phone.
type Person struct {
	ID        string
	Name      string
	Email     string
	Display   Display
	Audiences []Audience
	Functions []string // ids of the handbook, opaque here
	Relations []Relation
	Demo      bool      // made for a demonstration; never beside real people
	Disabled  time.Time // zero when the person may sign in
	Created   time.Time

	offices []string
}

// In reports whether the person belongs to the audience.
func (p Person) In(a Audience) bool { return slices.Contains(p.Audiences, a) }

// Offices are the offices that the person's functions give, each once.
func (p Person) Offices() []string { return p.offices }

// Is reports whether one of the person's functions gives the office.
func (p Person) Is(office string) bool { return slices.Contains(p.offices, office) }

// Officer reports whether the person holds any office, so that an act needs a
// strong session.
func (p Person) Officer() bool { return len(p.offices) > 0 }

// Relation returns the relation of the kind; ok is false when there is none.
func (p Person) Relation(kind RelationKind) (r Relation, ok bool) {
	for _, r := range p.Relations {
		if r.Kind == kind {
			return r, true
		}
	}
	return Relation{}, false
}

// Summary is a person as others may see them in a list: without audiences,
// because the absence of "staff" would already say that somebody is a client.
type Summary struct {
	ID        string
	Name      string
	Functions []string
	Disabled  bool
	Demo      bool
}

// FoldEmail is the form in which addresses are compared: trimmed, lower case.
func FoldEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// limits of what is stored, in bytes.
const (
	maxName  = 200
	maxEmail = 254
)

// checkEmail accepts what a mail server could deliver to, without trying to
// be cleverer than the server. It wants one "@" with something on both sides,
// and no spaces or line ends.
func checkEmail(s string) error {
	s = strings.TrimSpace(s)
	at := strings.LastIndexByte(s, '@')
	switch {
	case s == "":
		return fault.NewInvalid("people.email-missing").On("email")
	case len(s) > maxEmail, at < 1, at == len(s)-1,
		strings.Count(s, "@") != 1,
		strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune("<>,;:\"()[]\\", r) }):
		return fault.NewInvalid("people.email-wrong").On("email")
	}
	return nil
}

func (p Person) check() error {
	name := strings.TrimSpace(p.Name)
	if name == "" || len(name) > maxName {
		return fault.NewInvalid("people.name-wrong").On("name")
	}
	if p.Email != "" {
		if err := checkEmail(p.Email); err != nil {
			return err
		}
	}
	if len(p.Audiences) == 0 {
		return fault.NewInvalid("people.audience-missing").On("audience")
	}
	for _, a := range p.Audiences {
		if !slices.Contains([]Audience{Client, Staff, Volunteer}, a) {
			return fault.NewInvalid("people.audience-wrong").On("audience")
		}
	}
	seen := map[RelationKind]bool{}
	for _, r := range p.Relations {
		known := slices.Contains([]RelationKind{Manager, SupportWorker, VolunteerCoordinator}, r.Kind)
		if !known || seen[r.Kind] || r.To == "" || r.To == p.ID || r.Deputy == p.ID && p.ID != "" || r.Deputy == r.To {
			return fault.NewInvalid("people.relation-wrong").On("relation")
		}
		seen[r.Kind] = true
	}
	return p.Display.check()
}

func (d Display) check() error {
	if !slices.Contains([]string{"nl", "en"}, d.Lang) ||
		!slices.Contains([]string{"", "groot", "groter"}, d.Size) ||
		!slices.Contains([]string{"", "light", "dark"}, d.Theme) {
		return fault.NewInvalid("people.display-wrong")
	}
	return nil
}
