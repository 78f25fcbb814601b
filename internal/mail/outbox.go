package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"path/filepath"
	"time"

	"ambassadeur/internal/fault"
)

// Outbox writes each mail into a folder instead of sending it: the way to
// begin without a mail server, and to look at what would leave. The files
// hold sign-in links, so only we can read them.
type Outbox struct {
	folder string
	from   *netmail.Address
	now    func() time.Time
}

// NewOutbox makes the folder when it is not there.
func NewOutbox(folder, from string) (*Outbox, error) {
	a, err := parseFrom(from)
	if err != nil {
		return nil, err
	}
	if folder == "" {
		return nil, errors.New("mail: neither a mail server nor an outbox folder is set")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("mail: make the outbox: %w", err)
	}
	return &Outbox{folder: folder, from: a, now: time.Now}, nil
}

// Send writes the mail as TIME-RANDOM.eml. The name appears only with the
// whole mail in it.
func (o *Outbox) Send(_ context.Context, m Message) error {
	msg, err := build(o.from, m)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(o.folder, ".mail-*") // rights 0600
	if err != nil {
		return o.fail(err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = msg.WriteTo(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return o.fail(err)
	}
	name := o.now().UTC().Format("20060102T150405.000000") + "-" + rand.Text()[:8] + ".eml"
	if err := os.Rename(f.Name(), filepath.Join(o.folder, name)); err != nil {
		return o.fail(err)
	}
	return nil
}

// Check writes and removes an empty file; for doctor.
func (o *Outbox) Check(context.Context) error {
	f, err := os.CreateTemp(o.folder, ".check-*")
	if err != nil {
		return o.fail(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func (o *Outbox) fail(err error) error {
	return fault.NewUnavailable("mail.outbox").Because(fmt.Errorf("mail: outbox: %w", err))
}
