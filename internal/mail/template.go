package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// Template is one of the fixed texts that a mail can have. Its words are in
// the catalog under NAME.subject and NAME.body; only the name of the site and
// a link are filled in.
type Template string

// The fixed texts. None names what a notice is about, who it is about, or to
// which audience the reader belongs.
const (
	SignIn         Template = "mail.sign_in"         // the link that was asked for
	Invite         Template = "mail.invite"          // somebody made an account for you
	ConfirmAddress Template = "mail.confirm_address" // is this your address?
	Security       Template = "mail.security"        // a device or key was added
	Notice         Template = "mail.notice"          // there is something for you
	Answer         Template = "mail.answer"          // there is an answer for you
	Digest         Template = "mail.digest"          // there are several things for you
)

// Templates lists all fixed texts.
func Templates() []Template {
	return []Template{SignIn, Invite, ConfirmAddress, Security, Notice, Answer, Digest}
}

// Printer gives the words of a key in one language; i18n.Printer is one.
type Printer interface {
	T(key string, kv ...any) string
}

// Compose makes the mail of a template. site is the name of the installation;
// link is a whole address (http or https).
func Compose(p Printer, t Template, site, to, link string) (Message, error) {
	if !isLink(link) {
		return Message{}, errors.New("mail: the link is not a whole address")
	}
	return compose(p, t, site, to, link), nil
}

func compose(p Printer, t Template, site, to, link string) Message {
	return Message{
		To:      to,
		Subject: p.T(string(t)+".subject", "Site", site),
		Text:    p.T(string(t)+".body", "Site", site, "Link", link),
	}
}

func isLink(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unprintable(r) }) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http")
}

// Match finds the template that m was composed from in one of the languages.
// ok is false when subject or text hold anything else than a fixed text.
func Match(m Message, site string, languages ...Printer) (t Template, ok bool) {
	const mark = "\x00"
	for _, p := range languages {
		for _, t := range Templates() {
			fixed := compose(p, t, site, m.To, mark)
			before, after, _ := strings.Cut(fixed.Text, mark)
			if m.Subject != fixed.Subject || len(m.Text) < len(before)+len(after) ||
				!strings.HasPrefix(m.Text, before) || !strings.HasSuffix(m.Text, after) {
				continue
			}
			if isLink(m.Text[len(before) : len(m.Text)-len(after)]) {
				return t, true
			}
		}
	}
	return "", false
}

// Guard is a sender that lets only the fixed texts through, whoever calls it.
type Guard struct {
	next      Sender
	site      string
	languages []Printer
}

// NewGuard wraps next. languages are all that a mail may be written in.
func NewGuard(next Sender, site string, languages ...Printer) *Guard {
	return &Guard{next: next, site: site, languages: languages}
}

// Send passes m on when its words are one of the fixed texts.
func (g *Guard) Send(ctx context.Context, m Message) error {
	if _, ok := Match(m, g.site, g.languages...); !ok {
		return fmt.Errorf("mail: refused: the text is none of the %d fixed ones", len(Templates()))
	}
	return g.next.Send(ctx, m)
}

// Check asks next whether it works, without sending anything.
func (g *Guard) Check(ctx context.Context) error {
	if c, ok := g.next.(interface{ Check(context.Context) error }); ok {
		return c.Check(ctx)
	}
	return nil
}
