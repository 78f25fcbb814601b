package signinpages_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/people"
)

func TestSigningInByMailOnOneDevice(t *testing.T) {
	s := newSite(t, nil)
	s.person("daan", people.Client)
	b := s.browser()
	page := b.get("/mijn")
	if b.at() != "/aanmelden" {
		t.Fatalf("a visitor saw %s", b.at())
	}
	wants(t, page, "Wat is je e-mailadres?", "Met een toegangssleutel", "Met een kaart")
	wants(t, b.post("/aanmelden", "email", "daan@example.org"), "Kijk in je mail")
	link := s.work()

	wants(t, b.get(link), "Meld mij hier aan", "Dit is niet mijn eigen apparaat", "Ik wil op mijn andere apparaat verder", "Firefox, Windows")
	if b.at() != "/aanmelden/link" || b.signedIn() {
		t.Fatalf("opening the link ended on %s, or signed in by itself", b.at())
	}
	b.get(link)
	b.post("/aanmelden/link")
	if b.at() != "/mijn" {
		t.Errorf("ended on %s, not on the page that was asked for", b.at())
	}
	if !b.signedIn() {
		t.Error("not signed in")
	}
	wants(t, s.browser().get(link), "Deze link werkt niet meer", "Stuur mij een nieuwe link")
}

func TestAMailScannerChangesNothing(t *testing.T) {
	s := newSite(t, nil)
	s.person("daan", people.Client)
	b := s.browser()
	b.post("/aanmelden", "email", "daan@example.org")
	link := s.work()
	for range 3 {
		s.browser().get(link)
		s.browser().do(http.MethodHead, link, nil)
	}
	b.get(link)
	b.post("/aanmelden/link")
	if !b.signedIn() {
		t.Error("the link was used up by looking")
	}
}

func TestSigningInTheDeviceThatAsked(t *testing.T) {
	s := newSite(t, nil)
	s.person("daan", people.Client)
	tablet, phone := s.browser(), s.browser()
	tablet.post("/aanmelden", "email", "daan@example.org")
	link := s.work()
	wants(t, tablet.get("/aanmelden/wachten/plaatje"), "Welk plaatje zie je?", `value="sun"`)
	wants(t, tablet.post("/aanmelden/wachten/plaatje", "picture", "sun"), "We wachten nog op de link")
	wants(t, tablet.post("/aanmelden/wachten/plaatje"), "Kies het plaatje dat je")
	if tablet.last.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no picture: status %d", tablet.last.StatusCode)
	}
	phone.get(link)
	page := phone.post("/aanmelden/link/elders")
	wants(t, page, "Onthoud dit plaatje")
	if phone.signedIn() {
		t.Error("the phone is signed in too")
	}
	word := regexp.MustCompile(`<strong>(\S+)</strong>`).FindStringSubmatch(main(page))[1]
	picture := ""
	for _, name := range people.Pictures() {
		if i18n.For(i18n.NL).T("signin.picture-"+name) == word {
			picture = name
		}
	}
	before := tablet.cookie("ambassadeur")
	tablet.post("/aanmelden/wachten/plaatje", "picture", picture)
	if !tablet.signedIn() || tablet.cookie("ambassadeur") == before {
		t.Errorf("the tablet is not signed in; it is on %s", tablet.at())
	}
}

func TestAnswersDoNotTellWhoHasAnAccount(t *testing.T) {
	s := newSite(t, nil)
	s.person("daan", people.Client)
	try := func(email string) []string {
		b := s.browser()
		var out []string
		see := func(page string) { out = append(out, b.last.Status+" "+b.at()+" "+page) }
		see(b.post("/aanmelden", "email", email))
		s.work()
		see(b.get("/aanmelden/wachten"))
		see(b.post("/aanmelden/wachten/plaatje", "picture", "moon"))
		see(b.post("/aanmelden/opnieuw"))
		for range 6 {
			see(b.post("/aanmelden", "email", email))
		}
		return out
	}
	known, unknown := try("daan@example.org"), try("nobody@example.org")
	for i := range known {
		if known[i] != unknown[i] {
			t.Errorf("step %d differs:\n%s\n---\n%s", i, main(known[i]), main(unknown[i]))
		}
	}
	wants(t, known[len(known)-1], "409", "Je hebt niets fout gedaan")
}

func TestALinkThatRanOutIsReplacedWithOneButton(t *testing.T) {
	s := newSite(t, nil)
	s.person("daan", people.Client)
	b := s.browser()
	b.post("/aanmelden", "email", "daan@example.org")
	link := s.work()
	s.pass(31 * time.Minute)
	wants(t, b.get(link), "Dat geeft niets", "Stuur mij een nieuwe link")
	wants(t, b.post("/aanmelden/opnieuw"), "Kijk in je mail")
	fresh := s.work()
	if fresh == link {
		t.Fatal("the same link again")
	}
	b.get(fresh)
	b.post("/aanmelden/link")
	if !b.signedIn() {
		t.Error("not signed in")
	}
}

func TestAMistypedAddressComesBack(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser()
	page := b.post("/aanmelden", "email", "daan apenstaart")
	if b.last.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", b.last.StatusCode)
	}
	wants(t, page, `value="daan apenstaart"`, `aria-invalid="true"`, `href="#email"`)
}

func TestABorrowedDeviceKeepsNothing(t *testing.T) {
	s := newSite(t, nil)
	s.person("daan", people.Client)
	b := s.browser()
	b.post("/aanmelden", "email", "daan@example.org")
	b.get(s.work())
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.post("/aanmelden/link", "borrowed", "1")
	for _, c := range b.last.Cookies() {
		if c.Name == "ambassadeur" && (c.MaxAge != 0 || !c.Expires.IsZero() || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode) {
			t.Errorf("cookie stays on the device: %+v", c)
		}
	}
	b.CheckRedirect = nil
	wants(t, b.get("/mijn"), "Klaar, meld mij af")
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.post("/afmelden")
	if got := b.last.Header.Get("Clear-Site-Data"); !strings.Contains(got, `"cache"`) || !strings.Contains(got, `"storage"`) {
		t.Errorf("Clear-Site-Data: %q", got)
	}
	b.CheckRedirect = nil
	if b.cookie("ambassadeur") != "" || b.signedIn() {
		t.Error("still something there")
	}
}

func TestAPlantedCookieIsWorthNothingAfterwards(t *testing.T) {
	s := newSite(t, nil)
	attacker := s.person("mallory", people.Staff)
	s.person("daan", people.Client)
	link, err := s.SignInLink(context.Background(), attacker.ID)
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.get(strings.TrimPrefix(link, s.URL))
	b.post("/aanmelden/link")
	planted := b.cookie("ambassadeur")
	b.post("/aanmelden", "email", "daan@example.org")
	b.get(s.work())
	b.post("/aanmelden/link")
	if now := b.cookie("ambassadeur"); now == planted || now == "" {
		t.Fatal("the cookie did not change at sign-in")
	}
	if _, _, err := s.Authenticate(context.Background(), planted); err == nil {
		t.Error("the planted cookie still works")
	}
}

func TestOtherSitesCannotPostOurForms(t *testing.T) {
	s := newSite(t, nil)
	req, err := http.NewRequest(http.MethodPost, s.URL+"/afmelden", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
}

func TestDevicesAndSignOut(t *testing.T) {
	s := newSite(t, nil)
	p := s.person("daan", people.Client)
	signIn := func() *browser {
		b := s.browser()
		link, err := s.SignInLink(context.Background(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		b.get(strings.TrimPrefix(link, s.URL))
		b.post("/aanmelden/link")
		return b
	}
	a, other := signIn(), signIn()
	page := a.get("/mijn/apparaten")
	wants(t, page, "Firefox, Windows", "Dit apparaat", "Laatst gebruikt: zojuist.")
	list, err := s.Sessions(context.Background(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, _, _ = s.Authenticate(context.Background(), other.cookie("ambassadeur"))
	me, _, err := s.Authenticate(context.Background(), a.cookie("ambassadeur"))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list {
		if x.ID != me.ID {
			a.post("/mijn/apparaten/afmelden", "device", x.ID)
		}
	}
	if other.signedIn() || !a.signedIn() {
		t.Error("the wrong device was signed out")
	}
	third := signIn()
	wants(t, a.post("/mijn/overal-afmelden"), "Je bent afgemeld")
	if a.signedIn() || third.signedIn() {
		t.Error("still signed in somewhere")
	}
}

// Nothing that opens an account reaches the log, whatever goes wrong.
func TestNoTokenInTheLog(t *testing.T) {
	s := newSite(t, nil)
	s.person("daan", people.Client)
	b := s.browser()
	b.post("/aanmelden", "email", "daan@example.org")
	link := s.work()
	if err := s.DB.Close(); err != nil { // everything fails from here on
		t.Fatal(err)
	}
	b.get(link)
	b.post("/aanmelden/link")
	b.get("/aanmelden/kaart/some-secret-token")
	got := s.log.String()
	if !strings.Contains(got, "request failed") {
		t.Fatal("nothing was logged")
	}
	token := strings.TrimPrefix(link, "/aanmelden/link/")
	for _, secret := range []string{token, "some-secret-token", "daan", "client"} {
		if strings.Contains(got, secret) {
			t.Errorf("the log holds %q: %s", secret, got)
		}
	}
}
