package app

import (
	"context"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// productName is how the product calls itself where the organisation has not
// given it a name.
const productName = "Ambassadeur"

// site says what all pages share, from the handbook that readers see now. With
// no handbook yet the pages still work.
func (a *App) site(ctx context.Context, lang i18n.Lang) kit.Site {
	s := kit.Site{Name: productName, Organisation: productName, Demo: a.Config.Demo, BaseURL: a.Config.BaseURL}
	book, err := a.Book(ctx)
	if err != nil {
		return s
	}
	s.Organisation = book.Content().Book.Organisation.Name
	c := book.Projection().Contacts
	s.Contact = kit.Contact{Department: c.Department.In(lang), Phone: c.Phone, Email: c.Email}
	if c.Hours != nil {
		s.Contact.Hours = c.Hours.In(lang)
	}
	return s
}
