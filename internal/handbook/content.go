package handbook

// The types in this file are the handbook as its editors write it: one YAML
// file per concern, Dutch and English side by side. They carry no behaviour
// and no word about one organisation. docs and the JSON schema derive from
// them; the loader (load.go) turns a folder into a Content or says, with file
// and line, what is wrong.
//
// The check tags are the rules a field must obey; check.go reads them for the
// loader and schema.go for editors. See the constants in tags.go.

// Text is one thing said in every language of the handbook. Both languages
// are required wherever a Text is required. It may hold inline Markdown:
// **bold** and links of the form [words](kind:id); see Link.
type Text struct {
	NL string `yaml:"nl" json:"nl"`
	EN string `yaml:"en" json:"en"`
}

// Audience is one of the three groups the policy speaks to.
type Audience string

// The three audiences (policy item S-003). There is no fourth.
const (
	Client    Audience = "client"
	Staff     Audience = "staff"
	Volunteer Audience = "volunteer"
)

// Strength says how firmly the policy puts a rule. The zero value marks an
// explanation: a piece that asks nothing of anybody.
type Strength string

// Strengths from firm to light. The Dutch words shown for them are
// "mag niet", "raden we af" and "tip".
const (
	NotAllowed  Strength = "not_allowed"
	Discouraged Strength = "discouraged"
	Tip         Strength = "tip"
)

// Link points from one piece to another: "chapter:tips", "idea:tips/twijfel",
// "card:volgen", "guide:linkedin-beginnen", "helper:vrienden",
// "checklist:facebook", "reference:gedragscode", "platform:facebook", or a
// page of the product: "page:follow", "page:who", "page:check", "page:story",
// "page:signal", "page:ask", "page:cards", "page:guides", "page:helpers",
// "page:references", "page:open-ends", "page:contact".
type Link string

// Action is a link with the words on its button, verb first.
type Action struct {
	Label Text `yaml:"label" json:"label" check:"plain"`
	To    Link `yaml:"to" json:"to"`
}

// Book is handbook.yaml: what the edition is about and for whom.
type Book struct {
	ID           string        `yaml:"id" json:"id" check:"id"`
	Title        Text          `yaml:"title" json:"title" check:"plain"`
	Subject      Text          `yaml:"subject" json:"subject"`
	Organisation Organisation  `yaml:"organisation" json:"organisation"`
	Edition      EditionInfo   `yaml:"edition" json:"edition"`
	Items        []string      `yaml:"items" json:"items" check:"items"`
	FrontDoors   []FrontDoor   `yaml:"front_doors" json:"front_doors"`
	TargetGroups []TargetGroup `yaml:"target_groups" json:"target_groups"`
	Goals        []Goal        `yaml:"goals" json:"goals"`
}

// Organisation names the owner of the handbook.
type Organisation struct {
	Name     string `yaml:"name" json:"name" check:"required"`
	FullName string `yaml:"full_name" json:"full_name" check:"required"`
	About    Text   `yaml:"about" json:"about"`
}

// EditionInfo is what the editors say about the edition they write. State,
// dates and hash are not theirs to write: those live in the edition register.
type EditionInfo struct {
	Number int  `yaml:"number" json:"number" check:"min=0,max=9999"`
	Note   Text `yaml:"note" json:"note"`
	// ReviewMonths is how many months after coming into force the edition is due for review.
	ReviewMonths int `yaml:"review_months" json:"review_months" check:"min=1,max=60"`
}

// FrontDoor is the entry page of one audience, which an intranet can link to:
// its own order, its own words.
type FrontDoor struct {
	Audience Audience `yaml:"audience" json:"audience"`
	Title    Text     `yaml:"title" json:"title" check:"plain"`
	Lead     Text     `yaml:"lead" json:"lead"`
	Entries  []Entry  `yaml:"entries" json:"entries" check:"min=1,max=12"`
	Items    []string `yaml:"items" json:"items" check:"items"`
}

// Entry is one choice on a front door.
type Entry struct {
	Title   Text   `yaml:"title" json:"title" check:"plain"`
	Text    Text   `yaml:"text" json:"text"`
	To      Link   `yaml:"to" json:"to"`
	Picture string `yaml:"picture" json:"picture" check:"picture"`
}

// TargetGroup is a group of readers an official post can be meant for.
type TargetGroup struct {
	ID    string   `yaml:"id" json:"id" check:"id"`
	Name  Text     `yaml:"name" json:"name" check:"plain"`
	Items []string `yaml:"items" json:"items" check:"items"`
}

// Goal is a reason for an official post (policy items S-012 to S-023).
type Goal struct {
	ID    string   `yaml:"id" json:"id" check:"id"`
	Name  Text     `yaml:"name" json:"name" check:"plain"`
	Items []string `yaml:"items" json:"items" check:"items"`
}

// Chapter is one file of chapters/: one page with stable anchors.
type Chapter struct {
	ID       string    `yaml:"id" json:"id" check:"id"` // slug in the address: /handboek/ID
	Number   int       `yaml:"number" json:"number" check:"min=1,max=99"`
	Title    Text      `yaml:"title" json:"title" check:"plain"`
	Summary  Text      `yaml:"summary" json:"summary"`
	Picture  string    `yaml:"picture" json:"picture" check:"picture"`
	Items    []string  `yaml:"items" json:"items" check:"items"`
	Sections []Section `yaml:"sections" json:"sections" check:"min=1,max=40"`
}

// Section groups ideas under a heading of the chapter.
type Section struct {
	ID    string   `yaml:"id" json:"id" check:"id"` // anchor in the page
	Title Text     `yaml:"title" json:"title" check:"plain"`
	Items []string `yaml:"items" json:"items" check:"items"`
	Ideas []Idea   `yaml:"ideas" json:"ideas"`
	// OwnPage gives the section a page of its own, /handboek/CHAPTER/SECTION,
	// so that a long chapter stays calm. The chapter's page then leads there.
	OwnPage bool `yaml:"own_page" json:"own_page,omitempty"`
	// Shows puts a table made from the projections below the ideas:
	// "officers" (who speaks for us), "channels" (follow us), "contact",
	// "guides", "cards". Empty for none.
	Shows string `yaml:"shows" json:"shows,omitempty" check:"oneof=|officers|channels|contact|guides|cards"`
}

// Idea is one thought on one card. With a Strength it is a rule, and then it
// must name at least one policy item.
type Idea struct {
	ID       string     `yaml:"id" json:"id" check:"id"` // anchor, unique in the chapter
	Title    Text       `yaml:"title" json:"title" check:"plain"`
	Text     Text       `yaml:"text" json:"text"`
	Why      Text       `yaml:"why" json:"why"` // behind "Waarom?"
	Example  *Text      `yaml:"example" json:"example,omitempty"`
	Picture  string     `yaml:"picture" json:"picture" check:"picture"` // name of a Lucide icon
	Audience []Audience `yaml:"audience" json:"audience" check:"min=1"`
	Strength Strength   `yaml:"strength" json:"strength,omitempty" check:"optional"`
	Items    []string   `yaml:"items" json:"items" check:"items"`
	Actions  []Action   `yaml:"actions" json:"actions,omitempty" check:"max=4"`
	// Copy is text that a reader may take over word for word, such as a disclaimer.
	Copy []Copyable `yaml:"copy" json:"copy,omitempty"`
}

// Copyable is text to take over. Verbatim text names its line in the source.
type Copyable struct {
	Label      Text `yaml:"label" json:"label" check:"plain"`
	Text       Text `yaml:"text" json:"text" check:"copy"`
	SourceLine int  `yaml:"source_line" json:"source_line,omitempty" check:"min=0,max=9999"`
}

// CardKind says whether a card invites or warns.
type CardKind string

// The two kinds of card.
const (
	Do   CardKind = "do"
	Dont CardKind = "dont"
)

// Card is a do or a don't: one sentence, one picture, one example.
type Card struct {
	ID       string     `yaml:"id" json:"id" check:"id"`
	Kind     CardKind   `yaml:"kind" json:"kind"`
	Sentence Text       `yaml:"sentence" json:"sentence"` // exactly one sentence a language
	Example  Text       `yaml:"example" json:"example"`
	Why      Text       `yaml:"why" json:"why"`
	Picture  string     `yaml:"picture" json:"picture" check:"picture"`
	Audience []Audience `yaml:"audience" json:"audience" check:"min=1"`
	Strength Strength   `yaml:"strength" json:"strength"`
	Items    []string   `yaml:"items" json:"items" check:"items,min=1"`
	Rule     Link       `yaml:"rule" json:"rule"` // the idea that it sums up
}

// Cards is cards.yaml. While Status is "proposal" every page that shows a
// card says so (policy item S-112: the list is missing in the source).
type Cards struct {
	Status string   `yaml:"status" json:"status" check:"oneof=proposal|adopted"` // "proposal" or "adopted"
	Items  []string `yaml:"items" json:"items" check:"items"`
	Cards  []Card   `yaml:"cards" json:"cards"`
}

// Guide is one file of guides/: at most ten steps, one action each.
type Guide struct {
	ID          string     `yaml:"id" json:"id" check:"id"`
	Platform    string     `yaml:"platform" json:"platform" check:"required"`
	For         string     `yaml:"for" json:"for" check:"oneof=start|use"` // "start": no account yet; "use": how does it work
	Title       Text       `yaml:"title" json:"title" check:"plain"`
	Intro       Text       `yaml:"intro" json:"intro"`
	Owner       Text       `yaml:"owner" json:"owner" check:"plain"`
	LastChecked string     `yaml:"last_checked" json:"last_checked" check:"date"` // YYYY-MM-DD
	Audience    []Audience `yaml:"audience" json:"audience" check:"min=1"`
	Items       []string   `yaml:"items" json:"items" check:"items"`
	Steps       []Step     `yaml:"steps" json:"steps" check:"min=1,max=10"`
}

// Step is one action in a guide.
type Step struct {
	Text    Text   `yaml:"text" json:"text"`
	Hint    *Text  `yaml:"hint" json:"hint,omitempty"`
	Picture string `yaml:"picture" json:"picture" check:"picture"`
}

// Checklist helps to choose an open or a closed profile on one platform.
type Checklist struct {
	ID          string     `yaml:"id" json:"id" check:"id"`
	Platform    string     `yaml:"platform" json:"platform" check:"required"`
	Title       Text       `yaml:"title" json:"title" check:"plain"`
	Intro       Text       `yaml:"intro" json:"intro"`
	Owner       Text       `yaml:"owner" json:"owner" check:"plain"`
	LastChecked string     `yaml:"last_checked" json:"last_checked" check:"date"`
	Audience    []Audience `yaml:"audience" json:"audience" check:"min=1"`
	Items       []string   `yaml:"items" json:"items" check:"items"`
	Points      []Step     `yaml:"points" json:"points" check:"min=1,max=12"`
}

// Helper is one file of helpers/: a decision helper, one question a page.
type Helper struct {
	ID        string     `yaml:"id" json:"id" check:"id"`
	Title     Text       `yaml:"title" json:"title" check:"plain"`
	Intro     Text       `yaml:"intro" json:"intro"`
	Picture   string     `yaml:"picture" json:"picture" check:"picture"`
	Audience  []Audience `yaml:"audience" json:"audience" check:"min=1"`
	Items     []string   `yaml:"items" json:"items" check:"items"`
	Start     string     `yaml:"start" json:"start" check:"required"` // id of the first question
	Questions []Question `yaml:"questions" json:"questions" check:"min=1,max=30"`
	Outcomes  []Outcome  `yaml:"outcomes" json:"outcomes" check:"min=1,max=30"`
}

// Question is one page of a helper. It has two to five answers.
type Question struct {
	ID      string   `yaml:"id" json:"id" check:"id"`
	Text    Text     `yaml:"text" json:"text"`
	Hint    *Text    `yaml:"hint" json:"hint,omitempty"`
	Items   []string `yaml:"items" json:"items,omitempty" check:"items"`
	Answers []Answer `yaml:"answers" json:"answers" check:"min=2,max=5"`
}

// Answer leads to a next question or to an outcome, never to both.
type Answer struct {
	ID      string `yaml:"id" json:"id" check:"id"`
	Text    Text   `yaml:"text" json:"text" check:"plain"`
	Next    string `yaml:"next" json:"next,omitempty"`
	Outcome string `yaml:"outcome" json:"outcome,omitempty"`
}

// Outcome is where a helper ends. It always cites the handbook.
type Outcome struct {
	ID       string   `yaml:"id" json:"id" check:"id"`
	Title    Text     `yaml:"title" json:"title" check:"plain"`
	Text     Text     `yaml:"text" json:"text"`
	Strength Strength `yaml:"strength" json:"strength,omitempty" check:"optional"`
	Cites    []Link   `yaml:"cites" json:"cites" check:"min=1"` // at least one idea:…
	Actions  []Action `yaml:"actions" json:"actions,omitempty" check:"max=4"`
	Items    []string `yaml:"items" json:"items" check:"items"`
}

// Platform is a social network as data. A platform without a connector in
// the program exists all the same.
type Platform struct {
	ID   string `yaml:"id" json:"id" check:"id"`
	Name Text   `yaml:"name" json:"name" check:"plain"`
	// MutualFriendship: contact means that both say yes (policy item S-115).
	MutualFriendship bool `yaml:"mutual_friendship" json:"mutual_friendship"`
	// PublicByDefault: what you post can be read by everybody unless you change it (S-116).
	PublicByDefault bool     `yaml:"public_by_default" json:"public_by_default"`
	Note            Text     `yaml:"note" json:"note"`
	Picture         string   `yaml:"picture" json:"picture" check:"picture"`
	Items           []string `yaml:"items" json:"items,omitempty" check:"items"`
}

// Reference is a document that the handbook names but does not hold.
type Reference struct {
	ID       string     `yaml:"id" json:"id" check:"id"`
	Title    Text       `yaml:"title" json:"title" check:"plain"`
	Text     Text       `yaml:"text" json:"text"`
	Status   string     `yaml:"status" json:"status" check:"oneof=available|in_the_making"` // "available" or "in_the_making"
	URL      string     `yaml:"url" json:"url,omitempty" check:"url"`
	Copy     *Text      `yaml:"copy" json:"copy,omitempty" check:"blocks"` // readable copy, Markdown blocks allowed
	Owner    Text       `yaml:"owner" json:"owner" check:"plain"`
	Date     string     `yaml:"date" json:"date" check:"date"` // when the status was last looked at, YYYY-MM-DD
	Audience []Audience `yaml:"audience" json:"audience" check:"min=1"`
	Items    []string   `yaml:"items" json:"items" check:"items"`
}

// OpenEnd is something the policy leaves open. It stays visible until closed.
type OpenEnd struct {
	ID    string   `yaml:"id" json:"id" check:"id"`
	Title Text     `yaml:"title" json:"title" check:"plain"`
	Text  Text     `yaml:"text" json:"text"`
	Owner Text     `yaml:"owner" json:"owner" check:"plain"`
	Since string   `yaml:"since" json:"since" check:"date"` // YYYY-MM-DD
	Items []string `yaml:"items" json:"items" check:"items"`
}

// Content is everything inside the edition's hash.
type Content struct {
	Book       Book        `json:"book"`
	Chapters   []Chapter   `json:"chapters"`
	Cards      Cards       `json:"cards"`
	Guides     []Guide     `json:"guides"`
	Checklists []Checklist `json:"checklists"`
	Helpers    []Helper    `json:"helpers"`
	Platforms  []Platform  `json:"platforms"`
	References []Reference `json:"references"`
	OpenEnds   []OpenEnd   `json:"open_ends"`
	// PolicyItems is items.yaml: the numbered statements of the source that
	// pieces may name. Ids and lines only; the source's words are not here.
	PolicyItems []PolicyItem `json:"policy_items"`
}

// PolicyItem is one numbered statement of the source document.
type PolicyItem struct {
	ID     string `yaml:"id" json:"id"`                     // "S-033", sub-items "S-033a"
	Lines  string `yaml:"lines" json:"lines" check:"line"`  // "87-91"
	PartOf string `yaml:"part_of" json:"part_of,omitempty"` // set on sub-items
}
