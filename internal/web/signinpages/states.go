package signinpages

import (
	"time"

	"github.com/a-h/templ"

	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// States lists every state of the pages here, for the gallery.
func States() []kit.State {
	visitor := func(name string, c templ.Component) kit.State { return kit.State{Name: name, Component: c} }
	states := []kit.State{
		visitor("sign-in", signInPage(signInView{Passkeys: true, Organisation: "werkaccount"})),
		visitor("sign-in-mail-only", signInPage(signInView{})),
		visitor("sign-in-mistake", signInPage(signInView{Passkeys: true, Email: "naam apenstaart", Errors: kit.Errors{"email": "Dit e-mailadres klopt nog niet."}})),
		visitor("wait", waitPage()),
		visitor("link", linkPage(linkView{})),
		visitor("link-elsewhere", linkPage(linkView{Elsewhere: true, Device: "Safari, iPad"})),
		visitor("link-over", overPage(true)),
		visitor("link-over-unknown", overPage(false)),
		visitor("picture-shown", elsewherePage("flower-2")),
		visitor("pictures", picturesPage(picturesView{})),
		visitor("pictures-early", picturesPage(picturesView{Picture: "sun", Borrowed: true, Early: true})),
		visitor("pictures-mistake", picturesPage(picturesView{Errors: kit.Errors{"picture": "Kies het plaatje dat je op je andere apparaat ziet."}})),
		visitor("picture-wrong", wrongPicturePage()),
		visitor("signed-out", signedOutPage()),
		visitor("key", keyPage()),
		visitor("organisation", organisationPage("werkaccount")),
		visitor("card-help", cardHelpPage()),
		visitor("card", cardPage()),
		visitor("card-wait", cardWaitPage(people.DeviceView{Picture: "house"})),
		visitor("card-ready", cardWaitPage(people.DeviceView{Confirmed: true, Picture: "house"})),
		visitor("card-refused", cardWaitPage(people.DeviceView{Refused: true, Picture: "house"})),
	}
	return append(states, ownStates()...)
}

// ownStates are the pages of somebody who is signed in.
func ownStates() []kit.State {
	now := time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)
	ilse := kit.Principal{PersonID: "ilse", Name: "Ilse Coenen", Audiences: []string{"volunteer"}}
	loes := kit.Principal{PersonID: "loes", Name: "Loes Wijnen", Audiences: []string{"staff"}, Offices: []string{"communications"}}
	keys := []people.Passkey{{ID: "1", Name: "Mijn telefoon", Created: now.Add(-90 * 24 * time.Hour), Used: now}, {ID: "2", Name: "Firefox, Windows", Created: now}}
	devices := []deviceView{
		{ID: "1", Name: "Firefox, Windows", Since: now.Add(-72 * time.Hour), Seen: now, Method: people.ByLink, Here: true},
		{ID: "2", Since: now.Add(-48 * time.Hour), Seen: now.Add(-3 * time.Hour), Method: people.ByCard},
	}
	rows := []people.CardRow{
		{PersonID: "riet", Name: "Riet Vaessen", Card: &people.Card{ID: "k", PersonID: "riet", Name: "Riet Vaessen", Made: now}},
		{PersonID: "daan", Name: "Daan Heuts"},
	}
	waiting := []people.WaitingDevice{
		{ID: "1", Name: "Riet Vaessen", Device: "Safari, iPad", Picture: "house", Since: now, Waiting: true},
		{ID: "2", Name: "Riet Vaessen", Device: "Chrome, Android", Picture: "sun", Since: now.Add(-50 * time.Hour)},
	}
	return []kit.State{
		{Name: "already", Component: alreadyPage("Ilse Coenen"), Who: ilse},
		{Name: "own", Component: ownPage(ownView{Name: "Ilse Coenen", Passkeys: true, Notifications: "/mijn/berichten"}), Who: ilse},
		{Name: "own-borrowed", Component: ownPage(ownView{Name: "Ilse Coenen", Borrowed: true, Passkeys: true}), Who: ilse},
		{Name: "own-officer", Component: ownPage(ownView{Name: "Loes Wijnen", Office: true, Passkeys: true, Weak: true, Cards: true, Notifications: "/mijn/berichten"}), Who: loes},
		{Name: "devices", Component: devicesPage(devices, now), Who: ilse},
		{Name: "keys-none", Component: keysPage(keysView{May: true, Name: "Firefox, Windows"}), Who: ilse},
		{Name: "keys-officer", Component: keysPage(keysView{May: true, Office: true, Name: "Firefox, Windows"}), Who: loes},
		{Name: "keys", Component: keysPage(keysView{Keys: keys, May: true, Strong: true, Name: "Safari, iPhone"}), Who: ilse},
		{Name: "keys-not-now", Component: keysPage(keysView{Keys: keys, WhyNot: "people.passkey-not-now"}), Who: ilse},
		{Name: "keys-mistake", Component: keysPage(keysView{May: true, Errors: kit.Errors{"name": "Geef de sleutel een naam van ten hoogste 60 tekens."}}), Who: ilse},
		{Name: "cards", Component: cardsPage(cardsView{Rows: rows, Devices: waiting}, now), Who: ilse},
		{Name: "cards-office", Component: cardsPage(cardsView{Rows: rows, Search: "vaessen", Everybody: true, Weak: true}, now), Who: loes},
		{Name: "cards-none", Component: cardsPage(cardsView{}, now), Who: ilse},
		{Name: "card-print", Component: cardPrintPage("Riet Vaessen", "https://ambassadeur.example.org/aanmelden/kaart/dit-is-een-voorbeeld-en-opent-niets-0123456"), Who: ilse},
	}
}
