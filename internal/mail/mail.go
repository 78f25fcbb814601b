// Package mail sends mail: through an SMTP server, or into a folder with one
// file a mail. A mail is plain text and never carries content: what it says is
// one of a few fixed texts with a link (see Template), so that a mailbox that
// others read tells them nothing. Guard refuses everything else.
//
// It does not decide who gets mail, nor when: that is notify.
//
// Start reading at Message and Open.
package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"ambassadeur/internal/fault"
)

// Message is one mail to one address, in plain text.
type Message struct {
	To, Subject, Text string
	// ID makes the Message-ID, so that a mail that is sent again is the same
	// mail to a mailbox. Letters, digits and "-"; empty: a random one.
	ID string
}

// Sender delivers a message. The fault of an error says what to do next:
// Unavailable may succeed later, Invalid never will. ErrUnsure inside it
// means that the mail may have been delivered all the same.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// ErrUnsure: the connection broke after the whole mail was handed over and
// before the server confirmed. Sending again may deliver it twice.
var ErrUnsure = errors.New("mail: handed over but not confirmed")

// Config says how mail leaves this machine.
type Config struct {
	// From is the sender, "Name <address>" or an address alone.
	From string
	// Outbox is a folder that takes each mail as a file; used without Host.
	Outbox string
	// Host and Port name the SMTP server. Port 465 speaks TLS from the first byte.
	Host string
	Port int
	// User and Password sign in at the server; empty: no signing in.
	User, Password string
	// TLS is "mandatory" (the default), "opportunistic" or "none".
	TLS string
	// LoopbackOnly refuses every server that is not this machine itself.
	LoopbackOnly bool
	// Timeout bounds connecting and, once more, handing over; 0: 20 seconds.
	Timeout time.Duration
}

// Open makes the sender that cfg describes. It does not connect.
func Open(cfg Config) (Sender, error) {
	if cfg.Host == "" {
		return NewOutbox(cfg.Outbox, cfg.From)
	}
	return NewSMTP(cfg)
}

const maxAddress = 254 // RFC 5321, as corrected

// ParseAddress checks one address as a person types it and returns it without
// spaces around it. A display name, two addresses, or anything that could end
// a line is refused with an Invalid fault.
func ParseAddress(s string) (string, error) {
	s = strings.TrimSpace(s)
	bad := fault.NewInvalid("mail.address").WithHint("mail.address_hint")
	if s == "" || len(s) > maxAddress || !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable) {
		return "", bad
	}
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", bad
	}
	local, domain, _ := cutLast(s, "@")
	if len(local) > 64 || strings.HasPrefix(domain, ".") || strings.ContainsAny(s, `"()<>[],;: `) {
		return "", bad
	}
	return s, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func unprintable(r rune) bool { return unicode.IsControl(r) || !unicode.IsPrint(r) }

// build makes the mail itself and refuses what could add a header or a second
// recipient.
func build(from *netmail.Address, m Message) (*gomail.Msg, error) {
	to, err := ParseAddress(m.To)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(m.Subject) == "" || len(m.Subject) > 200 || strings.ContainsFunc(m.Subject, unprintable) {
		return nil, fault.NewInvalid("mail.subject")
	}
	if strings.ContainsRune(m.Text, 0) || !utf8.ValidString(m.Text) {
		return nil, fault.NewInvalid("mail.text")
	}
	id := m.ID
	if id == "" {
		id = rand.Text()
	}
	if strings.ContainsFunc(id, notID) {
		return nil, fault.NewInvalid("mail.text")
	}
	msg := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	if err := msg.To(to); err != nil {
		return nil, fault.NewInvalid("mail.address").Because(errors.New("mail: address refused"))
	}
	_, domain, _ := cutLast(from.Address, "@")
	msg.SetMessageIDWithValue(id + "@" + domain)
	msg.SetDate()
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday answers, RFC 3834
	msg.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(m.Text, "\r\n", "\n"))
	return msg, nil
}

func notID(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-'
}

func parseFrom(from string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail: the sender %q is not an address such as ambassadeur@example.org", from)
	}
	return a, nil
}
