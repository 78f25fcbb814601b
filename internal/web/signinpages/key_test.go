package signinpages_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"ambassadeur/internal/people"
	"ambassadeur/internal/people/passkey/passkeytest"
)

// signIn signs a browser in with a link made for the person.
func (s *site) signIn(p people.Person) *browser {
	s.t.Helper()
	b := s.browser()
	link, err := s.SignInLink(context.Background(), p.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	b.get(strings.TrimPrefix(link, s.URL))
	b.post("/aanmelden/link")
	return b
}

func TestAnOfficerMakesAKeyAndUsesIt(t *testing.T) {
	s := newSite(t, nil)
	p := s.person("loes", people.Staff, "communicatie")
	rp := virtualwebauthn.RelyingParty{Name: "Ambassadeur", ID: "localhost", Origin: s.URL}
	auth := virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(p.ID)})
	cred := passkeytest.NewCredential()

	b := s.signIn(p)
	if b.at() != "/mijn/sleutels" {
		t.Fatalf("an officer signed in by link ended on %s", b.at())
	}
	wants(t, b.get("/mijn/sleutels"), "Voor jouw functie is een sleutel nodig", "Maak de sleutel", `value="Firefox, Windows"`, "passkey.js")
	wants(t, b.get("/mijn"), "Gebruik ook je toegangssleutel")
	// An act of the office is refused until then, in words.
	wants(t, b.post("/begeleiding/kaarten/maken", "person", s.person("riet", people.Client).ID), "heb je een toegangssleutel nodig")
	if b.last.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", b.last.StatusCode)
	}

	options := b.post("/mijn/sleutels/begin")
	create, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		t.Fatal(err)
	}
	answer := virtualwebauthn.CreateAttestationResponse(rp, auth, cred, *create)
	wants(t, b.post("/mijn/sleutels/nieuw", "answer", answer, "name", strings.Repeat("x", 61)), "ten hoogste 60 tekens")
	if b.last.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", b.last.StatusCode)
	}
	wants(t, b.post("/mijn/sleutels/nieuw", "answer", answer, "name", "Mijn telefoon"), "Mijn telefoon", "Nog niet gebruikt", "Haal deze sleutel weg")

	phone := s.browser()
	wants(t, phone.get("/aanmelden/sleutel?naar=/mijn/sleutels"), "Gebruik mijn toegangssleutel", "<noscript>")
	get, err := virtualwebauthn.ParseAssertionOptions(phone.post("/aanmelden/sleutel/begin"))
	if err != nil {
		t.Fatal(err)
	}
	cred.Counter++
	wants(t, phone.post("/aanmelden/sleutel", "answer", virtualwebauthn.CreateAssertionResponse(rp, auth, cred, *get)), "Laatst gebruikt op")
	if phone.at() != "/mijn/sleutels" || !phone.signedIn() {
		t.Errorf("ended on %s", phone.at())
	}
	wants(t, phone.post("/aanmelden/sleutel", "answer", "{}"), "Het lukte niet met deze toegangssleutel")
}

func TestACardFromPaperToDevice(t *testing.T) {
	s := newSite(t, nil)
	worker := s.person("naomi", people.Staff)
	riet, err := s.Create(context.Background(), "system", people.Person{Name: "Riet Vaessen", Audiences: []people.Audience{people.Client},
		Relations: []people.Relation{{Kind: people.SupportWorker, To: worker.ID}}})
	if err != nil {
		t.Fatal(err)
	}
	naomi := s.signIn(worker)
	wants(t, naomi.get("/mijn"), "Kaarten om aan te melden")
	wants(t, naomi.get("/begeleiding/kaarten"), "Riet Vaessen", "Maak een kaart")
	paper := naomi.post("/begeleiding/kaarten/maken", "person", riet.ID)
	wants(t, paper, "Kaart van Riet Vaessen", "<svg", "Bewaar de kaart goed")
	cards, err := s.CardRows(context.Background(), people.Maker{Person: worker}, "")
	if err != nil || len(cards) != 1 || cards[0].Card == nil {
		t.Fatalf("%+v %v", cards, err)
	}
	_, address, err := s.CardToPrint(context.Background(), people.Maker{Person: worker}, cards[0].Card.ID)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(address, s.URL)

	tablet := s.browser()
	wants(t, tablet.get(path), "Meld dit apparaat aan")
	if tablet.at() != "/aanmelden/kaart" {
		t.Errorf("the token stays in the address: %s", tablet.at())
	}
	waiting := tablet.post("/aanmelden/kaart")
	wants(t, waiting, "Nog even wachten", "Laat dit plaatje aan je begeleider zien.")
	if tablet.signedIn() {
		t.Fatal("signed in without a confirmation")
	}
	picture := regexp.MustCompile(`<strong>(\S+)</strong>`).FindStringSubmatch(main(waiting))[1]
	page := naomi.get("/begeleiding/kaarten")
	wants(t, page, "Op het apparaat staat: "+picture+".", "Laat dit apparaat toe")
	device := regexp.MustCompile(`name="device" value="([^"]+)"`).FindStringSubmatch(page)[1]

	stranger := s.signIn(s.person("stranger", people.Staff))
	wants(t, stranger.get("/begeleiding/kaarten"), "Deze pagina is niet voor jou bedoeld")
	stranger.post("/begeleiding/kaarten/apparaat", "device", device, "do", "confirm")
	if stranger.last.StatusCode != http.StatusForbidden {
		t.Errorf("a stranger confirms: %d", stranger.last.StatusCode)
	}
	naomi.post("/begeleiding/kaarten/apparaat", "device", device, "do", "confirm")
	wants(t, tablet.get("/aanmelden/kaart/wachten"), "Je mag verder")
	tablet.post("/aanmelden/kaart/wachten")
	if !tablet.signedIn() {
		t.Fatalf("not signed in, on %s", tablet.at())
	}
	naomi.post("/begeleiding/kaarten/intrekken", "card", cards[0].Card.ID)
	if tablet.signedIn() {
		t.Error("signed in with a revoked card")
	}
	wants(t, s.browser().get(path), "Deze kaart werkt niet meer", "Vraag je begeleider om een nieuwe kaart.")
}

func TestTheOrganisationPageNeedsAnOrganisation(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser()
	b.get("/aanmelden/organisatie")
	if b.at() != "/aanmelden" {
		t.Errorf("ended on %s", b.at())
	}
	wants(t, b.get("/aanmelden/organisatie/begin"), "werkaccount kan hier niet")
	wants(t, b.get("/aanmelden/organisatie/terug?state=x&code=y"), "werkaccount kan hier niet")
}

func TestASessionCookieIsRenewedSilently(t *testing.T) {
	s := newSite(t, nil)
	b := s.signIn(s.person("daan", people.Client))
	b.get("/mijn")
	if len(b.last.Cookies()) != 0 {
		t.Errorf("a cookie on every page: %v", b.last.Cookies())
	}
	s.pass(48 * time.Hour)
	b.get("/mijn")
	got := b.last.Cookies()
	if len(got) != 1 || got[0].Name != "ambassadeur" || got[0].MaxAge < 89*24*3600 {
		t.Errorf("not renewed: %v", got)
	}
}
