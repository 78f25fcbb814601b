package handbook

// The types in this file are the handbook as its editors write it: one YAML
// file per concern, Dutch and English side by side. They carry no behaviour
// and no word about one organisation. docs and the JSON schema derive from
// them; the loader (load.go) turns a folder into a Content or says, with file
// and line, what is wrong.

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
	Label Text `yaml:"label" json:"label"`
	To    Link `yaml:"to" json:"to"`
}

// Book is handbook.yaml: what the edition is about and for whom.
type Book struct {
	ID           string        `yaml:"id" json:"id"`
	Title        Text          `yaml:"title" json:"title"`
	Subject      Text          `yaml:"subject" json:"subject"`
	Organisation Organisation  `yaml:"organisation" json:"organisation"`
	Edition      EditionInfo   `yaml:"edition" json:"edition"`
	Items        []string      `yaml:"items" json:"items"`
	FrontDoors   []FrontDoor   `yaml:"front_doors" json:"front_doors"`
	TargetGroups []TargetGroup `yaml:"target_groups" json:"target_groups"`
	Goals        []Goal        `yaml:"goals" json:"goals"`
}

// Organisation names the owner of the handbook.
type Organisation struct {
	Name     string `yaml:"name" json:"name"`
	FullName string `yaml:"full_name" json:"full_name"`
	About    Text   `yaml:"about" json:"about"`
}

// EditionInfo is what the editors say about the edition they write. State,
// dates and hash are not theirs to write: those live in the edition register.
type EditionInfo struct {
	Number int  `yaml:"number" json:"number"`
	Note   Text `yaml:"note" json:"note"`
	// ReviewMonths is how many months after coming into force the edition is due for review.
	ReviewMonths int `yaml:"review_months" json:"review_months"`
}

// FrontDoor is the entry page of one audience, which an intranet can link to:
// its own order, its own words.
type FrontDoor struct {
	Audience Audience `yaml:"audience" json:"audience"`
	Title    Text     `yaml:"title" json:"title"`
	Lead     Text     `yaml:"lead" json:"lead"`
	Entries  []Entry  `yaml:"entries" json:"entries"`
	Items    []string `yaml:"items" json:"items"`
}

// Entry is one choice on a front door.
type Entry struct {
	Title   Text   `yaml:"title" json:"title"`
	Text    Text   `yaml:"text" json:"text"`
	To      Link   `yaml:"to" json:"to"`
	Picture string `yaml:"picture" json:"picture"`
}

// TargetGroup is a group of readers an official post can be meant for.
type TargetGroup struct {
	ID    string   `yaml:"id" json:"id"`
	Name  Text     `yaml:"name" json:"name"`
	Items []string `yaml:"items" json:"items"`
}

// Goal is a reason for an official post (policy items S-012 to S-023).
type Goal struct {
	ID    string   `yaml:"id" json:"id"`
	Name  Text     `yaml:"name" json:"name"`
	Items []string `yaml:"items" json:"items"`
}

// Chapter is one file of chapters/: one page with stable anchors.
type Chapter struct {
	ID       string    `yaml:"id" json:"id"` // slug in the address: /handboek/ID
	Number   int       `yaml:"number" json:"number"`
	Title    Text      `yaml:"title" json:"title"`
	Summary  Text      `yaml:"summary" json:"summary"`
	Picture  string    `yaml:"picture" json:"picture"`
	Items    []string  `yaml:"items" json:"items"`
	Sections []Section `yaml:"sections" json:"sections"`
}

// Section groups ideas under a heading of the chapter.
type Section struct {
	ID    string   `yaml:"id" json:"id"` // anchor in the page
	Title Text     `yaml:"title" json:"title"`
	Items []string `yaml:"items" json:"items"`
	Ideas []Idea   `yaml:"ideas" json:"ideas"`
	// Shows puts a table made from the projections below the ideas:
	// "officers" (who speaks for us), "channels" (follow us), "contact",
	// "guides", "cards". Empty for none.
	Shows string `yaml:"shows" json:"shows,omitempty"`
}

// Idea is one thought on one card. With a Strength it is a rule, and then it
// must name at least one policy item.
type Idea struct {
	ID       string     `yaml:"id" json:"id"` // anchor, unique in the chapter
	Title    Text       `yaml:"title" json:"title"`
	Text     Text       `yaml:"text" json:"text"`
	Why      Text       `yaml:"why" json:"why"` // behind "Waarom?"
	Example  *Text      `yaml:"example" json:"example,omitempty"`
	Picture  string     `yaml:"picture" json:"picture"` // name of a Lucide icon
	Audience []Audience `yaml:"audience" json:"audience"`
	Strength Strength   `yaml:"strength" json:"strength,omitempty"`
	Items    []string   `yaml:"items" json:"items"`
	Actions  []Action   `yaml:"actions" json:"actions,omitempty"`
	// Copy is text that a reader may take over word for word, such as a disclaimer.
	Copy []Copyable `yaml:"copy" json:"copy,omitempty"`
}

// Copyable is text to take over. Verbatim text names its line in the source.
type Copyable struct {
	Label      Text `yaml:"label" json:"label"`
	Text       Text `yaml:"text" json:"text"`
	SourceLine int  `yaml:"source_line" json:"source_line,omitempty"`
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
	ID       string     `yaml:"id" json:"id"`
	Kind     CardKind   `yaml:"kind" json:"kind"`
	Sentence Text       `yaml:"sentence" json:"sentence"` // exactly one sentence a language
	Example  Text       `yaml:"example" json:"example"`
	Why      Text       `yaml:"why" json:"why"`
	Picture  string     `yaml:"picture" json:"picture"`
	Audience []Audience `yaml:"audience" json:"audience"`
	Strength Strength   `yaml:"strength" json:"strength"`
	Items    []string   `yaml:"items" json:"items"`
	Rule     Link       `yaml:"rule" json:"rule"` // the idea that it sums up
}

// Cards is cards.yaml. While Status is "proposal" every page that shows a
// card says so (policy item S-112: the list is missing in the source).
type Cards struct {
	Status string   `yaml:"status" json:"status"` // "proposal" or "adopted"
	Items  []string `yaml:"items" json:"items"`
	Cards  []Card   `yaml:"cards" json:"cards"`
}

// Guide is one file of guides/: at most ten steps, one action each.
type Guide struct {
	ID          string     `yaml:"id" json:"id"`
	Platform    string     `yaml:"platform" json:"platform"`
	For         string     `yaml:"for" json:"for"` // "start": no account yet; "use": how does it work
	Title       Text       `yaml:"title" json:"title"`
	Intro       Text       `yaml:"intro" json:"intro"`
	Owner       Text       `yaml:"owner" json:"owner"`
	LastChecked string     `yaml:"last_checked" json:"last_checked"` // YYYY-MM-DD
	Audience    []Audience `yaml:"audience" json:"audience"`
	Items       []string   `yaml:"items" json:"items"`
	Steps       []Step     `yaml:"steps" json:"steps"`
}

// Step is one action in a guide.
type Step struct {
	Text    Text   `yaml:"text" json:"text"`
	Hint    *Text  `yaml:"hint" json:"hint,omitempty"`
	Picture string `yaml:"picture" json:"picture"`
}

// Checklist helps to choose an open or a closed profile on one platform.
type Checklist struct {
	ID          string     `yaml:"id" json:"id"`
	Platform    string     `yaml:"platform" json:"platform"`
	Title       Text       `yaml:"title" json:"title"`
	Intro       Text       `yaml:"intro" json:"intro"`
	Owner       Text       `yaml:"owner" json:"owner"`
	LastChecked string     `yaml:"last_checked" json:"last_checked"`
	Audience    []Audience `yaml:"audience" json:"audience"`
	Items       []string   `yaml:"items" json:"items"`
	Points      []Step     `yaml:"points" json:"points"`
}

// Helper is one file of helpers/: a decision helper, one question a page.
type Helper struct {
	ID        string     `yaml:"id" json:"id"`
	Title     Text       `yaml:"title" json:"title"`
	Intro     Text       `yaml:"intro" json:"intro"`
	Picture   string     `yaml:"picture" json:"picture"`
	Audience  []Audience `yaml:"audience" json:"audience"`
	Items     []string   `yaml:"items" json:"items"`
	Start     string     `yaml:"start" json:"start"` // id of the first question
	Questions []Question `yaml:"questions" json:"questions"`
	Outcomes  []Outcome  `yaml:"outcomes" json:"outcomes"`
}

// Question is one page of a helper. It has two to five answers.
type Question struct {
	ID      string   `yaml:"id" json:"id"`
	Text    Text     `yaml:"text" json:"text"`
	Hint    *Text    `yaml:"hint" json:"hint,omitempty"`
	Items   []string `yaml:"items" json:"items,omitempty"`
	Answers []Answer `yaml:"answers" json:"answers"`
}

// Answer leads to a next question or to an outcome, never to both.
type Answer struct {
	ID      string `yaml:"id" json:"id"`
	Text    Text   `yaml:"text" json:"text"`
	Next    string `yaml:"next" json:"next,omitempty"`
	Outcome string `yaml:"outcome" json:"outcome,omitempty"`
}

// Outcome is where a helper ends. It always cites the handbook.
type Outcome struct {
	ID       string   `yaml:"id" json:"id"`
	Title    Text     `yaml:"title" json:"title"`
	Text     Text     `yaml:"text" json:"text"`
	Strength Strength `yaml:"strength" json:"strength,omitempty"`
	Cites    []Link   `yaml:"cites" json:"cites"` // at least one idea:…
	Actions  []Action `yaml:"actions" json:"actions,omitempty"`
	Items    []string `yaml:"items" json:"items"`
}

// Platform is a social network as data. A platform without a connector in
// the program exists all the same.
type Platform struct {
	ID   string `yaml:"id" json:"id"`
	Name Text   `yaml:"name" json:"name"`
	// MutualFriendship: contact means that both say yes (policy item S-115).
	MutualFriendship bool `yaml:"mutual_friendship" json:"mutual_friendship"`
	// PublicByDefault: what you post can be read by everybody unless you change it (S-116).
	PublicByDefault bool     `yaml:"public_by_default" json:"public_by_default"`
	Note            Text     `yaml:"note" json:"note"`
	Picture         string   `yaml:"picture" json:"picture"`
	Items           []string `yaml:"items" json:"items,omitempty"`
}

// Reference is a document that the handbook names but does not hold.
type Reference struct {
	ID       string     `yaml:"id" json:"id"`
	Title    Text       `yaml:"title" json:"title"`
	Text     Text       `yaml:"text" json:"text"`
	Status   string     `yaml:"status" json:"status"` // "available" or "in_the_making"
	URL      string     `yaml:"url" json:"url,omitempty"`
	Copy     *Text      `yaml:"copy" json:"copy,omitempty"` // readable copy, Markdown blocks allowed
	Owner    Text       `yaml:"owner" json:"owner"`
	Date     string     `yaml:"date" json:"date"` // when the status was last looked at, YYYY-MM-DD
	Audience []Audience `yaml:"audience" json:"audience"`
	Items    []string   `yaml:"items" json:"items"`
}

// OpenEnd is something the policy leaves open. It stays visible until closed.
type OpenEnd struct {
	ID    string   `yaml:"id" json:"id"`
	Title Text     `yaml:"title" json:"title"`
	Text  Text     `yaml:"text" json:"text"`
	Owner Text     `yaml:"owner" json:"owner"`
	Since string   `yaml:"since" json:"since"` // YYYY-MM-DD
	Items []string `yaml:"items" json:"items"`
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
}
