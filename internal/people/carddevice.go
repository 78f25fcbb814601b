package people

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"slices"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// The states of a device that opened a card. Terminal: active (its session
// goes on by itself), refused.
//
//	waiting ─confirmed by maker→ confirmed ─device comes back→ active
//	waiting ─refused by maker→ refused
//	any ─card revoked→ gone
const (
	deviceWaiting   = "waiting"
	deviceConfirmed = "confirmed"
	deviceRefused   = "refused"
)

// deviceLifetime is how long a device may wait: a support worker is not there
// every day.
const deviceLifetime = 7 * 24 * time.Hour

// DevicePicture is the picture that a waiting device shows, so that who
// confirms can see that it is the one in front of them.
func DevicePicture(deviceID string) string {
	sum := sha256.Sum256([]byte(deviceID))
	return Pictures()[int(sum[0])%len(Pictures())]
}

// Card looks at a card's token without changing anything; a NotFound fault
// says that it no longer works.
func (s *Service) Card(ctx context.Context, token string) error {
	_, err := s.cardOf(ctx, s.DB.Reader(), token)
	return err
}

func (s *Service) cardOf(ctx context.Context, q db.Queryer, token string) (Card, error) {
	c, err := db.Get(ctx, q, scanCard, `select c.id, c.person_id, p.name, c.created_at from signin_card c join person p on p.id = c.person_id
		where c.token_hash = $1 and c.revoked_at = 0 and p.disabled_at = 0`, hash("card", token))
	if errors.Is(err, db.ErrNotFound) {
		return Card{}, errCardOver()
	}
	return c, err
}

// UseCard lets this device wait to be confirmed and returns the value for its
// cookie. wait is the cookie that it holds already, if any: the same device
// asks twice, it waits once.
func (s *Service) UseCard(ctx context.Context, token, wait, network, device string) (string, error) {
	if err := s.spend(ctx, cardByNetwork, network); err != nil {
		return "", err
	}
	c, err := s.cardOf(ctx, s.DB.Reader(), token)
	if err != nil {
		return "", err
	}
	if err := s.spend(ctx, cardByPerson, c.PersonID); err != nil {
		return "", err
	}
	fresh, err := s.token()
	if err != nil {
		return "", err
	}
	got := fresh
	err = s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		got = fresh
		c, err := s.cardOf(ctx, tx, token)
		if err != nil {
			return err
		}
		now := s.Now()
		if wait != "" {
			if d, err := getDevice(ctx, tx, wait, now); err == nil && d.cardID == c.ID && d.state != deviceRefused {
				got = wait
				return nil
			}
		}
		n, err := db.Get(ctx, tx, db.Number, `select count(*) from card_device d where d.card_id = $1 and
			(d.state in ('waiting', 'confirmed') and d.expires_at > $2
			 or d.state = 'active' and d.session_id in (select id from session where card_id = $1 and expires_at > $2))`, c.ID, db.Micros(now))
		if err != nil {
			return err
		}
		if n >= maxCardDevices {
			return fault.NewConflict("people.card-full").WithHint("people.card-full-hint")
		}
		_, err = db.Exec(ctx, tx, `insert into card_device (id, card_id, state, wait_hash, device, created_at, expires_at) values ($1, $2, 'waiting', $3, $4, $5, $6)`,
			s.NewID(), c.ID, hash("device", fresh), device, db.Micros(now), db.Micros(now.Add(deviceLifetime)))
		return err
	})
	return got, err
}

// DeviceView is what a waiting device shows.
type DeviceView struct {
	Confirmed bool
	Refused   bool
	Picture   string
}

// Device says how it is with the device that holds the waiting cookie. A
// NotFound fault says that it waits no longer.
func (s *Service) Device(ctx context.Context, wait string) (DeviceView, error) {
	d, err := getDevice(ctx, s.DB.Reader(), wait, s.Now())
	return DeviceView{Confirmed: d.state == deviceConfirmed, Refused: d.state == deviceRefused, Picture: DevicePicture(d.id)}, err
}

// ClaimDevice signs in a device that was confirmed.
func (s *Service) ClaimDevice(ctx context.Context, wait string, borrowed bool, device, replaces string) (Opened, error) {
	var o Opened
	err := s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		d, err := getDevice(ctx, tx, wait, s.Now())
		if err != nil {
			return err
		}
		if d.state != deviceConfirmed {
			return fault.NewConflict("people.card-device-gone")
		}
		p, err := s.getPerson(ctx, tx, d.personID)
		if err != nil {
			return err
		}
		if o, err = s.openSession(ctx, tx, start{person: p, method: ByCard, borrowed: borrowed, device: device, cardID: d.cardID, replaces: replaces}); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `update card_device set state = 'active', session_id = $2 where id = $1 and state = 'confirmed'`, d.id, o.Session.ID)
		return err
	})
	return o, err
}

type cardDevice struct{ id, cardID, personID, state string }

// getDevice finds a device that waits, was confirmed or was refused. An active
// one has a session and waits no longer.
func getDevice(ctx context.Context, q db.Queryer, wait string, now time.Time) (cardDevice, error) {
	d, err := db.Get(ctx, q, func(r db.Row) (cardDevice, error) {
		var d cardDevice
		return d, r.Scan(&d.id, &d.cardID, &d.personID, &d.state)
	}, `select d.id, d.card_id, c.person_id, d.state from card_device d join signin_card c on c.id = d.card_id
		where d.wait_hash = $1 and d.expires_at > $2 and d.state <> 'active' and c.revoked_at = 0`, hash("device", wait), db.Micros(now))
	if errors.Is(err, db.ErrNotFound) {
		return cardDevice{}, fault.NewNotFound("people.card-device-gone").WithHint("people.card-over-hint")
	}
	return d, err
}

// WaitingDevice is a device that waits to be confirmed, or was confirmed or
// signed in, as a maker sees it.
type WaitingDevice struct {
	ID      string
	Name    string // of the person
	Device  string
	Picture string
	Since   time.Time
	Waiting bool // false: it works already
}

// CardDevices lists the devices of all cards that the maker may see, those
// that wait first, the newest first.
func (s *Service) CardDevices(ctx context.Context, m Maker) ([]WaitingDevice, error) {
	supported, err := s.SupportedBy(ctx, m.Person.ID)
	if err != nil {
		return nil, err
	}
	type row struct {
		d      WaitingDevice
		person string
	}
	rows, err := db.List(ctx, s.DB.Reader(), func(r db.Row) (row, error) {
		var x row
		var at int64
		var state string
		err := r.Scan(&x.d.ID, &x.person, &x.d.Name, &x.d.Device, &at, &state)
		x.d.Since, x.d.Waiting, x.d.Picture = db.Time(at), state == deviceWaiting, DevicePicture(x.d.ID)
		return x, err
	}, `select d.id, p.id, p.name, d.device, d.created_at, d.state from card_device d
		join signin_card c on c.id = d.card_id join person p on p.id = c.person_id
		where c.revoked_at = 0 and (d.state in ('waiting', 'confirmed') and d.expires_at > $1 or d.state = 'active')
		order by case when d.state = 'waiting' then 0 else 1 end, d.created_at desc, d.id`, db.Micros(s.Now()))
	if err != nil {
		return nil, err
	}
	var out []WaitingDevice
	for _, x := range rows {
		if m.Person.Is(Communications) || slices.Contains(supported, x.person) {
			out = append(out, x.d)
		}
	}
	return out, nil
}

// ConfirmDevice lets a waiting device in.
func (s *Service) ConfirmDevice(ctx context.Context, m Maker, deviceID string) error {
	return s.decide(ctx, m, deviceID, `update card_device set state = 'confirmed' where id = $1 and state = 'waiting'`, "card.device.confirm")
}

// RefuseDevice sends a waiting device away.
func (s *Service) RefuseDevice(ctx context.Context, m Maker, deviceID string) error {
	return s.decide(ctx, m, deviceID, `update card_device set state = 'refused' where id = $1 and state = 'waiting'`, "card.device.refuse")
}

// RemoveDevice signs out a device that a card signed in and makes room for
// another.
func (s *Service) RemoveDevice(ctx context.Context, m Maker, deviceID string) error {
	return s.decide(ctx, m, deviceID, `delete from card_device where id = $1`, "card.device.remove")
}

func (s *Service) decide(ctx context.Context, m Maker, deviceID, change, action string) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		type where struct{ card, session string }
		x, err := db.Get(ctx, tx, func(r db.Row) (where, error) {
			var x where
			return x, r.Scan(&x.card, &x.session)
		}, `select card_id, session_id from card_device where id = $1`, deviceID)
		if errors.Is(err, db.ErrNotFound) {
			return fault.NewNotFound("people.card-device-gone")
		}
		if err != nil {
			return err
		}
		if _, err := s.makersCard(ctx, tx, m, x.card); err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, change, deviceID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NewConflict("people.card-device-gone")
		}
		if action == "card.device.remove" && x.session != "" {
			if _, err := db.Exec(ctx, tx, `delete from session where id = $1`, x.session); err != nil {
				return err
			}
		}
		return s.Audit.Record(ctx, tx, m.actor(), action, "device/"+deviceID)
	})
}
