package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"

	"ambassadeur/internal/fault"
)

// SMTP hands each mail to a server over a connection of its own.
type SMTP struct {
	from    *netmail.Address
	host    string
	options []gomail.Option
}

// NewSMTP checks the settings; it does not connect.
func NewSMTP(cfg Config) (*SMTP, error) { return newSMTP(cfg, nil) }

// newSMTP takes the certificates to trust; nil means those of the machine.
func newSMTP(cfg Config, trust *tls.Config) (*SMTP, error) {
	from, err := parseFrom(cfg.From)
	if err != nil {
		return nil, err
	}
	timeout := cfg.Timeout
	if timeout <= 0 {
		timeout = 20 * time.Second
	}
	opts := []gomail.Option{
		gomail.WithPort(cfg.Port),
		gomail.WithTimeout(timeout),
	}
	if cfg.LoopbackOnly {
		if cfg.Port == implicitTLS {
			return nil, errors.New("mail: port 465 is not for a server on this machine; use STARTTLS")
		}
		opts = append(opts, gomail.WithDialContextFunc(loopbackDialer))
	}
	tlsOption, err := tlsOption(cfg)
	if err != nil {
		return nil, err
	}
	opts = append(opts, tlsOption)
	if trust != nil {
		opts = append(opts, gomail.WithTLSConfig(trust))
	}
	if cfg.User != "" {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(cfg.User), gomail.WithPassword(cfg.Password))
	}
	if _, err := gomail.NewClient(cfg.Host, opts...); err != nil {
		return nil, fmt.Errorf("mail: settings: %w", err)
	}
	return &SMTP{from: from, host: cfg.Host, options: opts}, nil
}

const implicitTLS = 465

func tlsOption(cfg Config) (gomail.Option, error) {
	switch {
	case cfg.Port == implicitTLS:
		return gomail.WithSSL(), nil
	case cfg.TLS == "", cfg.TLS == "mandatory":
		return gomail.WithTLSPolicy(gomail.TLSMandatory), nil
	case cfg.TLS == "opportunistic":
		return gomail.WithTLSPolicy(gomail.TLSOpportunistic), nil
	case cfg.TLS == "none":
		return gomail.WithTLSPolicy(gomail.NoTLS), nil
	default:
		return nil, fmt.Errorf(`mail: tls %q must be "mandatory", "opportunistic" or "none"`, cfg.TLS)
	}
}

var errNotLoopback = errors.New("mail: this installation sends to its own machine only")

// loopbackDialer connects, and looks at the address that it really reached: a
// name that resolves to another machine is refused as well.
func loopbackDialer(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if remote, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !remote.IP.IsLoopback() {
		_ = conn.Close()
		return nil, errNotLoopback
	}
	return conn, nil
}

// Send connects, hands the message over and waits for the server's answer.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := build(s.from, m)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail: settings: %w", err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return unreachable(err)
	}
	err = client.Send(msg)
	_ = client.Close() // the server has answered already; a failing goodbye changes nothing
	if err == nil || msg.IsDelivered() {
		return nil
	}
	return sendFault(err)
}

// Check connects and signs in without sending anything; for doctor.
func (s *SMTP) Check(ctx context.Context) error {
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail: settings: %w", err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return unreachable(err)
	}
	_ = client.Close()
	return nil
}

func unreachable(err error) error { return fault.NewUnavailable("mail.unreachable").Because(err) }

// sendFault keeps the step and the server's code of a failure and drops the
// rest: a server repeats the address in its answer, and it would be logged.
func sendFault(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return unreachable(errors.New("mail: sending failed"))
	}
	cause := fmt.Errorf("mail: %s (code %d)", failed.Reason, failed.ErrorCode())
	switch {
	case failed.Reason == gomail.ErrSMTPDataClose && failed.ErrorCode() == 0:
		return fault.NewUnavailable("mail.unsure").Because(errors.Join(ErrUnsure, cause))
	case failed.ErrorCode() >= 500:
		return fault.NewInvalid("mail.refused").Because(cause)
	default:
		return fault.NewUnavailable("mail.unreachable").Because(cause)
	}
}
