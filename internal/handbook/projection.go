package handbook

// The types in this file are the projections: tables that stand beside the
// text of the handbook, are dated, and change without a new edition (policy
// items S-040, S-063). They live in the folder projection/ and are outside
// the edition's hash.

// Source says where a verbatim value stands in the policy document.
type Source struct {
	Line     string   `yaml:"line" json:"line" check:"line"`                      // "85" or "87-91"
	SubItems []string `yaml:"sub_items" json:"sub_items,omitempty" check:"items"` // "S-033a" …
}

// Contacts is projection/contacts.yaml: the block in every footer.
type Contacts struct {
	AsOf       string     `yaml:"as_of" json:"as_of" check:"date"` // YYYY-MM-DD
	Department Text       `yaml:"department" json:"department" check:"plain"`
	Phone      string     `yaml:"phone" json:"phone" check:"required"`
	Email      string     `yaml:"email" json:"email" check:"required"`
	Hours      *Text      `yaml:"hours" json:"hours,omitempty" check:"plain"` // missing in the source
	Sources    []Source   `yaml:"sources" json:"sources"`
	Items      []string   `yaml:"items" json:"items" check:"items"`
	Helplines  []Helpline `yaml:"helplines" json:"helplines"`
}

// Helpline is a number outside the organisation for when there is danger.
type Helpline struct {
	ID          string `yaml:"id" json:"id" check:"id"`
	Name        Text   `yaml:"name" json:"name" check:"plain"`
	Text        Text   `yaml:"text" json:"text"`
	Phone       string `yaml:"phone" json:"phone" check:"required"`
	LastChecked string `yaml:"last_checked" json:"last_checked" check:"date"`
}

// Location is an activity centre or another place of the organisation.
type Location struct {
	ID     string `yaml:"id" json:"id" check:"id"`
	Name   string `yaml:"name" json:"name" check:"required"`
	Kind   string `yaml:"kind" json:"kind" check:"oneof=activity_centre|office"` // "activity_centre" or "office"
	Region string `yaml:"region" json:"region" check:"required"`
}

// Locations is projection/locations.yaml.
type Locations struct {
	AsOf      string     `yaml:"as_of" json:"as_of" check:"date"`
	Regions   []Region   `yaml:"regions" json:"regions"`
	Locations []Location `yaml:"locations" json:"locations"`
}

// Region is a part of the area the organisation works in.
type Region struct {
	ID   string `yaml:"id" json:"id" check:"id"`
	Name Text   `yaml:"name" json:"name" check:"plain"`
}

// Channels is projection/channels.yaml: the official channels.
type Channels struct {
	AsOf     string    `yaml:"as_of" json:"as_of" check:"date"`
	Channels []Channel `yaml:"channels" json:"channels"`
}

// Channel is one official account or page on one platform.
type Channel struct {
	ID       string   `yaml:"id" json:"id" check:"id"`
	Platform string   `yaml:"platform" json:"platform" check:"required"`
	Kind     string   `yaml:"kind" json:"kind" check:"oneof=corporate|location_page"` // "corporate" or "location_page"
	Name     string   `yaml:"name" json:"name" check:"required"`                      // verbatim
	URL      string   `yaml:"url" json:"url,omitempty" check:"url"`
	Location string   `yaml:"location" json:"location,omitempty"`
	Source   *Source  `yaml:"source" json:"source,omitempty"`
	Items    []string `yaml:"items" json:"items" check:"items"`
}

// Officers is projection/functions.yaml: the table of officers.
type Officers struct {
	AsOf      string     `yaml:"as_of" json:"as_of" check:"date"`
	Columns   []Column   `yaml:"columns" json:"columns" check:"min=3,max=3"` // three headers
	Functions []Function `yaml:"functions" json:"functions" check:"min=1"`
	Footnotes []Footnote `yaml:"footnotes" json:"footnotes"`
}

// Column is a header of the table of officers.
type Column struct {
	ID     string  `yaml:"id" json:"id" check:"oneof=function|personal|corporate"` // "function", "personal", "corporate"
	Label  Text    `yaml:"label" json:"label" check:"plain"`
	Source *Source `yaml:"source" json:"source,omitempty"`
}

// Function is a row of the table of officers, or a role that the product
// itself needs and that the table does not show (Hidden).
type Function struct {
	ID    string `yaml:"id" json:"id" check:"id"`
	Label Text   `yaml:"label" json:"label" check:"plain"` // Dutch verbatim
	// Unit is what holds the function: "department", "function" or "location".
	Unit string `yaml:"unit" json:"unit" check:"oneof=department|function|location"`
	// Cardinality in words: "1", "n", "1 per region", "1 per location", "members".
	Cardinality string `yaml:"cardinality" json:"cardinality" check:"oneof=1|n|1 per region|1 per location|members"`
	// Office binds the function to a right in the product: "communications",
	// "director", "administrator", "privacy_officer", or empty for none.
	Office       string        `yaml:"office" json:"office,omitempty" check:"oneof=|communications|director|administrator|privacy_officer"`
	Hidden       bool          `yaml:"hidden" json:"hidden,omitempty"`
	Personal     []MandateCell `yaml:"personal" json:"personal,omitempty"`
	Corporate    []MandateCell `yaml:"corporate" json:"corporate,omitempty"`
	LocationPage []MandateCell `yaml:"location_page" json:"location_page,omitempty"`
	// AllCorporate: every corporate account, now and later; its cell text is AllLabel.
	AllCorporate bool     `yaml:"all_corporate" json:"all_corporate,omitempty"`
	AllLabel     *Text    `yaml:"all_label" json:"all_label,omitempty" check:"plain"`
	Source       *Source  `yaml:"source" json:"source,omitempty"`
	Items        []string `yaml:"items" json:"items,omitempty" check:"items"`
}

// MandateCell is one platform in a cell of the table.
type MandateCell struct {
	Platform string `yaml:"platform" json:"platform" check:"required"`
	Label    string `yaml:"label" json:"label" check:"required"`                            // verbatim: "Twitter"
	Status   string `yaml:"status" json:"status" check:"oneof=active|provisional|optional"` // "active", "provisional", "optional"
	Footnote string `yaml:"footnote" json:"footnote,omitempty"`                             // "*", "**"
}

// Footnote is printed below the table when a cell carries its mark.
type Footnote struct {
	Mark   string   `yaml:"mark" json:"mark" check:"required"`
	Text   Text     `yaml:"text" json:"text" check:"plain"`
	Status string   `yaml:"status" json:"status" check:"oneof=active|provisional|optional"`
	Source *Source  `yaml:"source" json:"source,omitempty"`
	Items  []string `yaml:"items" json:"items" check:"items"`
}

// Projection is everything beside the edition.
type Projection struct {
	Contacts  Contacts  `json:"contacts"`
	Locations Locations `json:"locations"`
	Channels  Channels  `json:"channels"`
	Officers  Officers  `json:"officers"`
}
