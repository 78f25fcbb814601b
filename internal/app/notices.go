package app

import (
	"context"
	"strings"
	"time"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/web/homepages"
	"ambassadeur/internal/web/kit"
)

func (a *App) openNotify(context.Context) error {
	a.Notify = notify.New(notify.Config{
		DB: a.DB, Queue: a.Queue, Sender: a.Mail, Address: a.addressOf,
		Site: productName, BaseURL: a.Config.BaseURL, Now: time.Now,
	})
	a.Notify.Register(a.Queue)
	a.registerAnnouncements()
	return nil
}

func (a *App) addressOf(ctx context.Context, person string) (notify.Recipient, error) {
	p, err := a.People.Get(ctx, person)
	if err != nil {
		return notify.Recipient{}, err
	}
	lang, _ := i18n.Parse(p.Display.Lang)
	if !p.Disabled.IsZero() {
		return notify.Recipient{Lang: lang}, nil
	}
	return notify.Recipient{Address: p.Email, Lang: lang}, nil
}

// shownNotices is how many notices the start page shows at a time.
const shownNotices = 3

// notices lists what there is to tell a person on the start page.
func (a *App) notices(ctx context.Context, who kit.Principal) ([]homepages.Notice, error) {
	if !who.SignedIn() {
		return nil, nil
	}
	list, err := a.Notify.List(ctx, who.PersonID, shownNotices)
	if err != nil {
		return nil, err
	}
	var out []homepages.Notice
	for _, n := range list {
		if n.Read {
			continue
		}
		out = append(out, homepages.Notice{
			ID: n.ID, Title: "notify.kind." + string(n.Kind), Text: "notify.text." + string(n.Kind),
			Label: "notify.button." + string(n.Kind), Href: noticeHref(n), Icon: noticeIcon(n.Kind),
		})
	}
	return out, nil
}

func (a *App) dismiss(ctx context.Context, person, notice string) error {
	return a.Notify.MarkRead(ctx, person, notice)
}

// noticeHref is where a notice leads: the page of its object.
func noticeHref(n notify.Notice) string {
	object, _, _ := strings.Cut(n.Object, "/")
	switch {
	case n.Kind == notify.Edition:
		return "/handboek/veranderd"
	case object == "edition":
		return "/handboek"
	case object == "reference":
		return "/werk/verwijzingen"
	case n.Kind == notify.Security:
		return "/mijn/apparaten"
	case n.Kind == notify.Settings:
		return "/handleidingen"
	default:
		return "/"
	}
}

func noticeIcon(k notify.Kind) string {
	switch k {
	case notify.Answer:
		return "message-circle"
	case notify.Edition, notify.Reminder:
		return "book-open"
	case notify.Security:
		return "shield"
	case notify.Settings:
		return "settings"
	default:
		return "bell"
	}
}
