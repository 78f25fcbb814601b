package mail

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"ambassadeur/internal/fault"
)

// server is a real SMTP server on loopback that keeps what it received.
type server struct {
	port     int
	trust    *tls.Config
	mu       sync.Mutex
	received []received
	refuse   *smtp.SMTPError // at RCPT
	users    map[string]string
	silent   bool // hang after DATA
}

type received struct {
	from, to, user, text string
	tls                  bool
}

func serve(t *testing.T, s *server, withTLS bool) *server {
	t.Helper()
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, conn: c}, nil }))
	srv.Domain = "localhost"
	srv.AllowInsecureAuth = true
	srv.ErrorLog = discard{}
	if withTLS {
		srv.TLSConfig, s.trust = certificates(t)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return s
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

type session struct {
	s    *server
	conn *smtp.Conn
	got  received
}

func (x *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if x.s.users[user] != password || password == "" {
			return errors.New("no")
		}
		x.got.user = user
		return nil
	}), nil
}

func (x *session) Mail(from string, _ *smtp.MailOptions) error { x.got.from = from; return nil }
func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if x.s.refuse != nil {
		return x.s.refuse
	}
	x.got.to = to
	return nil
}

func (x *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	x.got.text = string(b)
	_, x.got.tls = x.conn.TLSConnectionState()
	x.s.mu.Lock()
	x.s.received = append(x.s.received, x.got)
	x.s.mu.Unlock()
	if x.s.silent {
		_ = x.conn.Conn().Close()
	}
	return nil
}
func (x *session) Reset()        {}
func (x *session) Logout() error { return nil }

func (s *server) all() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.received...)
}

func (s *server) config() Config {
	return Config{From: "Ambassadeur <ambassadeur@example.org>", Host: "127.0.0.1", Port: s.port, LoopbackOnly: true, Timeout: 3 * time.Second}
}

func certificates(t *testing.T) (serverSide, clientSide *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}},
		&tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

func message(t *testing.T) Message {
	t.Helper()
	m, err := Compose(printers[0], Answer, site, "sanne@example.org", link)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMailReachesARealServerOverTLSAfterSigningIn(t *testing.T) {
	s := serve(t, &server{users: map[string]string{"app": "password"}}, true)
	cfg := s.config()
	cfg.User, cfg.Password = "app", "password"
	sender, err := newSMTP(cfg, s.trust)
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Check(context.Background()); err != nil {
		t.Fatalf("check: %v", err)
	}
	if n := len(s.all()); n != 0 {
		t.Fatalf("checking sent %d mails", n)
	}
	if err := sender.Send(context.Background(), message(t)); err != nil {
		t.Fatal(err)
	}
	got := s.all()
	if len(got) != 1 {
		t.Fatalf("received %d", len(got))
	}
	g := got[0]
	if !g.tls || g.user != "app" || g.from != "ambassadeur@example.org" || g.to != "sanne@example.org" {
		t.Errorf("%+v", g)
	}
	if !strings.Contains(g.text, "Subject: Er is een antwoord voor je") || !strings.Contains(g.text, "Content-Type: text/plain") {
		t.Errorf("text:\n%s", g.text)
	}
}

func TestServersThatCannotBeTrustedGetNothing(t *testing.T) {
	plain, other := serve(t, &server{}, false), serve(t, &server{}, true)
	_, wrong := certificates(t)
	for name, c := range map[string]struct {
		s     *server
		trust *tls.Config
	}{"no TLS offered": {plain, nil}, "unknown certificate": {other, wrong}} {
		sender, err := newSMTP(c.s.config(), c.trust)
		if err != nil {
			t.Fatal(err)
		}
		if err := sender.Send(context.Background(), message(t)); fault.KindOf(err) != fault.Unavailable || errors.Is(err, ErrUnsure) {
			t.Errorf("%s: %v", name, err)
		}
		if len(c.s.all()) != 0 {
			t.Errorf("%s: delivered", name)
		}
	}
	cfg := plain.config()
	cfg.TLS = "none"
	sender, err := NewSMTP(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(context.Background(), message(t)); err != nil || len(plain.all()) != 1 {
		t.Errorf("without TLS on loopback: %v", err)
	}
}

func TestFailuresSayWhetherToTryAgain(t *testing.T) {
	for name, c := range map[string]struct {
		s      *server
		kind   fault.Kind
		key    string
		unsure bool
	}{
		"refused for good": {&server{refuse: &smtp.SMTPError{Code: 550, Message: "no such sanne@example.org"}}, fault.Invalid, "mail.refused", false},
		"not now":          {&server{refuse: &smtp.SMTPError{Code: 451, Message: "later sanne@example.org"}}, fault.Unavailable, "mail.unreachable", false},
		"broken at end":    {&server{silent: true}, fault.Unavailable, "mail.unsure", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.s, true)
			sender, err := newSMTP(s.config(), s.trust)
			if err != nil {
				t.Fatal(err)
			}
			err = sender.Send(context.Background(), message(t))
			f, ok := fault.As(err)
			if !ok || f.Kind != c.kind || f.Key != c.key || errors.Is(err, ErrUnsure) != c.unsure {
				t.Errorf("got %v", err)
			}
			if strings.Contains(err.Error(), "sanne") {
				t.Errorf("the error holds the address: %v", err)
			}
		})
	}
	gone, err := NewSMTP(Config{From: "a@example.org", Host: "127.0.0.1", Port: closedPort(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Send(context.Background(), message(t)); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestASilentServerDoesNotHoldUs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = bufio.NewReader(c).ReadByte() }()
		}
	}()
	sender, err := NewSMTP(Config{From: "a@example.org", Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := sender.Send(context.Background(), message(t)); fault.KindOf(err) != fault.Unavailable || time.Since(start) > 3*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}

func TestTheDemonstrationReachesThisMachineOnly(t *testing.T) {
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		ip, ok := a.(*net.IPNet)
		if !ok || ip.IP.IsLoopback() || ip.IP.To4() == nil {
			continue
		}
		l, err := net.Listen("tcp", net.JoinHostPort(ip.IP.String(), "0"))
		if err != nil {
			continue
		}
		defer l.Close()
		if _, err := loopbackDialer(context.Background(), "tcp", l.Addr().String()); !errors.Is(err, errNotLoopback) {
			t.Errorf("reached %s: %v", l.Addr(), err)
		}
		return
	}
	t.Log("this machine has no other address to try")
}

func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
