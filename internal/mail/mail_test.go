package mail

import (
	"context"
	"errors"
	"io"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mime/quotedprintable"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
)

var printers = []Printer{i18n.For(i18n.NL), i18n.For(i18n.EN)}

const site, link = "Ambassadeur", "https://a.example.org/aanmelden/abc?x=1&y=2"

func TestAddresses(t *testing.T) {
	for _, ok := range []string{"sanne@example.org", " jan.de.vries+x@mail.example.org ", "a@localhost"} {
		if got, err := ParseAddress(ok); err != nil || got != strings.TrimSpace(ok) {
			t.Errorf("%q: %q, %v", ok, got, err)
		}
	}
	for _, bad := range []string{
		"", "sanne", "@example.org", "sanne@", "a@b, c@d", "Sanne <sanne@example.org>", "<a@b.c>",
		"a@b.c\r\nBcc: x@y.z", "a@b.c\nx", "a b@c.d", `"a b"@c.d`, "a@b.c\x00", "a\u202e@b.c", "a@.b",
		strings.Repeat("a", 65) + "@b.c", strings.Repeat("a", 60) + "@" + strings.Repeat("b.", 120) + "c", "a@b.c\xff",
	} {
		if got, err := ParseAddress(bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: accepted as %q (%v)", bad, got, err)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"a@b.c", "a@b.c\r\nBcc: d@e.f", `"x"@y`, "é@é.é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseAddress(s)
		if err != nil {
			return
		}
		if strings.ContainsAny(got, "\r\n\x00 <>,;") || strings.Count(got, "@") == 0 || len(got) > maxAddress {
			t.Errorf("accepted %q", got)
		}
	})
}

func TestNothingCanAddAHeader(t *testing.T) {
	from := &netmail.Address{Address: "ambassadeur@example.org"}
	good := Message{To: "a@example.org", Subject: "Hallo", Text: "Tekst"}
	for name, change := range map[string]func(*Message){
		"recipient":     func(m *Message) { m.To = "a@example.org\r\nBcc: b@example.org" },
		"subject":       func(m *Message) { m.Subject = "x\r\nBcc: b@example.org" },
		"bare newline":  func(m *Message) { m.Subject = "x\ny" },
		"empty subject": func(m *Message) { m.Subject = "" },
		"long subject":  func(m *Message) { m.Subject = strings.Repeat("a", 201) },
		"id":            func(m *Message) { m.ID = "x>\r\nBcc: b@example.org" },
		"text":          func(m *Message) { m.Text = "x\x00y" },
	} {
		m := good
		change(&m)
		if _, err := build(from, m); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := build(from, good); err != nil {
		t.Error(err)
	}
}

func TestTheOutboxHoldsTheWholeMailForUsAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	box, err := NewOutbox(dir, "Ambassadeur <ambassadeur@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	m := Message{To: "sanne@example.org", Subject: "Er is een antwoord voor je – één", Text: "Hé,\n\n" + link + strings.Repeat("x", 90) + "\n", ID: "n-1"}
	for range 2 {
		if err := box.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 2 {
		t.Fatalf("files: %v", files)
	}
	info, _ := files[0].Info()
	if info.Mode().Perm() != 0o600 || !strings.HasSuffix(info.Name(), ".eml") {
		t.Errorf("%s %v", info.Name(), info.Mode())
	}
	f, _ := os.Open(filepath.Join(dir, files[0].Name()))
	defer f.Close()
	got, err := netmail.ReadMessage(f)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(quotedprintable.NewReader(got.Body))
	if body := strings.ReplaceAll(string(text), "\r\n", "\n"); body != m.Text {
		t.Errorf("text %q, want %q", body, m.Text)
	}
	for name, want := range map[string]string{
		"To": "<sanne@example.org>", "Message-Id": "<n-1@example.org>", "Auto-Submitted": "auto-generated",
		"From": `"Ambassadeur" <ambassadeur@example.org>`, "User-Agent": "", "X-Mailer": "",
		"Content-Type": "text/plain; charset=UTF-8",
	} {
		if got := got.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestAnOutboxThatCannotBeWrittenSaysSo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	box, err := NewOutbox(dir, "a@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	err = box.Send(context.Background(), Message{To: "a@example.org", Subject: "x", Text: "y"})
	if fault.KindOf(err) != fault.Unavailable || box.Check(context.Background()) == nil {
		t.Errorf("got %v", err)
	}
}

func TestEveryTemplateIsWholeInBothLanguages(t *testing.T) {
	for _, p := range printers {
		for _, name := range Templates() {
			m, err := Compose(p, name, site, "sanne@example.org", link)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(m.Subject+m.Text, "⟦") || strings.Count(m.Text, link) != 1 || !strings.Contains(m.Text, "\n\n"+link+"\n") {
				t.Errorf("%s: %+v", name, m)
			}
			if strings.Contains(m.Subject, "http") {
				t.Errorf("%s: a link in the subject", name)
			}
			if got, ok := Match(m, site, printers...); !ok || got != name {
				t.Errorf("%s: matches %q, %v", name, got, ok)
			}
		}
	}
}

func TestOnlyFixedTextsPass(t *testing.T) {
	var passed int
	g := NewGuard(senderFunc(func(Message) error { passed++; return nil }), site, printers...)
	good, err := Compose(printers[0], Answer, site, "sanne@example.org", link)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Send(context.Background(), good); err != nil || passed != 1 {
		t.Fatalf("%v, %d passed", err, passed)
	}
	for name, change := range map[string]func(*Message){
		"own text":       func(m *Message) { m.Text = "Beste Sanne, je foto is geplaatst." },
		"added line":     func(m *Message) { m.Text += "PS: over je vraag\n" },
		"word in front":  func(m *Message) { m.Text = "Sanne " + m.Text },
		"words for link": func(m *Message) { m.Text = strings.Replace(m.Text, link, link+" over je begeleider", 1) },
		"own subject":    func(m *Message) { m.Subject = "Antwoord over je foto" },
		"other subject":  func(m *Message) { m.Subject = printers[0].T("mail.digest.subject") },
		"two languages":  func(m *Message) { m.Subject = printers[1].T("mail.answer.subject") },
	} {
		m := good
		change(&m)
		if err := g.Send(context.Background(), m); err == nil {
			t.Errorf("%s: passed", name)
		}
	}
	for _, bad := range []string{"", "/aanmelden", "javascript:x", "https://a.example.org/a b", "https://u:p@a.example.org/", "https://a.example.org/\nx", "ftp://a.example.org"} {
		if _, err := Compose(printers[0], SignIn, site, "a@example.org", bad); err == nil {
			t.Errorf("link %q accepted", bad)
		}
	}
}

type senderFunc func(Message) error

func (f senderFunc) Send(_ context.Context, m Message) error { return f(m) }

func TestOpenChoosesByHost(t *testing.T) {
	s, err := Open(Config{From: "a@example.org", Host: "mail.example.org", Port: 587})
	if _, ok := s.(*SMTP); !ok || err != nil {
		t.Errorf("%T, %v", s, err)
	}
	s, err = Open(Config{From: "a@example.org", Outbox: t.TempDir()})
	if _, ok := s.(*Outbox); !ok || err != nil {
		t.Errorf("%T, %v", s, err)
	}
	for name, cfg := range map[string]Config{
		"no sender": {Host: "h", Port: 25}, "tls": {From: "a@b.c", Host: "h", Port: 25, TLS: "maybe"},
		"neither": {From: "a@b.c"}, "465": {From: "a@b.c", Host: "h", Port: 465, LoopbackOnly: true},
	} {
		if _, err := Open(cfg); err == nil || errors.Is(err, ErrUnsure) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
